"""Signatures of incoming webhooks: GitHub, Slack, Standard Webhooks, and plain tokens. In constant time."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

TOLERANCE: Final = timedelta(minutes=5)
"""How far a signed time stamp may be from our clock, in either direction (Slack and Standard Webhooks)."""
_STANDARD_PREFIX: Final = "whsec_"


class SignatureFault(StrEnum):
    """Why a request is not accepted."""

    MISSING = "missing"
    MALFORMED = "malformed"
    TOO_OLD = "too_old"
    """Signed more than the tolerance ago, or ahead of us: a replay, or a clock that is wrong."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Checked:
    """Result of a check; no fault means the sender knows the secret and the body is as it was sent."""

    fault: SignatureFault | None = None

    @property
    def genuine(self) -> bool:
        """Whether the request may be processed."""
        return self.fault is None


GENUINE: Final = Checked()


def check_github(headers: Mapping[str, str], body: bytes, secret: str) -> Checked:
    """GitHub: `X-Hub-Signature-256: sha256=<hex>`. The SHA-1 header beside it is ignored."""
    given = _header(headers, "x-hub-signature-256")
    if not given:
        return Checked(SignatureFault.MISSING)
    if not given.startswith("sha256="):
        return Checked(SignatureFault.MALFORMED)
    return _compared("sha256=" + _mac(secret.encode(), body).hex(), given)


def check_slack(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Checked:
    """Slack v0: `X-Slack-Signature` over `v0:<timestamp>:<body>`."""
    given, stamp = _header(headers, "x-slack-signature"), _header(headers, "x-slack-request-timestamp")
    if not given or not stamp:
        return Checked(SignatureFault.MISSING)
    timely = _timely(stamp, now)
    if timely is not None:
        return Checked(timely)
    return _compared("v0=" + _mac(secret.encode(), b"v0:" + stamp.encode() + b":" + body).hex(), given)


def check_standard(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Checked:
    """Standard Webhooks, as GitLab's signing tokens use them: any one of several `v1,` signatures is enough.

    `secret` is `whsec_<base64>`; raises ValueError when it is not, since that is our configuration, not the sender.
    """
    key = _standard_key(secret)
    given = _header(headers, "webhook-signature")
    message_id, stamp = _header(headers, "webhook-id"), _header(headers, "webhook-timestamp")
    if not given or not message_id or not stamp:
        return Checked(SignatureFault.MISSING)
    timely = _timely(stamp, now)
    if timely is not None:
        return Checked(timely)
    wanted = base64.b64encode(_mac(key, f"{message_id}.{stamp}.".encode() + body)).decode()
    versions = [one.partition(",") for one in given.split(" ")]
    known = [value for version, _, value in versions if version == "v1"]
    if not known:
        return Checked(SignatureFault.MALFORMED)
    # All are compared, so that the time taken tells nothing about which one fits.
    fitting = [_equal(wanted, one) for one in known]
    return GENUINE if any(fitting) else Checked(SignatureFault.WRONG)


def check_gitlab_token(headers: Mapping[str, str], secret: str) -> Checked:
    """GitLab's older secret token, sent as it is. Beside a signature it counts for nothing."""
    if _header(headers, "webhook-signature"):
        return Checked(SignatureFault.WRONG)
    given = _header(headers, "x-gitlab-token")
    if not given or not secret:
        return Checked(SignatureFault.MISSING)
    return _compared(secret, given)


def check_bearer(headers: Mapping[str, str], secret: str) -> Checked:
    """A plain token in `Authorization: Bearer`, for senders that sign nothing."""
    kind, _, given = _header(headers, "authorization").partition(" ")
    if kind.casefold() != "bearer" or not given.strip() or not secret:
        return Checked(SignatureFault.MISSING)
    return _compared(secret, given.strip())


def _standard_key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_STANDARD_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("expected a signing token of the form whsec_<base64>") from error


def _header(headers: Mapping[str, str], name: str) -> str:
    for key, value in headers.items():
        if key.lower() == name:
            return value
    return ""


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _timely(stamp: str, now: datetime) -> SignatureFault | None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):  # noqa: PLR2004 - seconds until the year 33658
        return SignatureFault.MALFORMED
    apart = abs(now.timestamp() - int(stamp))
    return SignatureFault.TOO_OLD if apart > TOLERANCE.total_seconds() else None


def _compared(wanted: str, given: str) -> Checked:
    return GENUINE if _equal(wanted, given) else Checked(SignatureFault.WRONG)


def _equal(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))
