"""Is this request from Slack? HMAC-SHA256 over the raw body, not older than five minutes, compared in constant time."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from slack_sdk.signature import Clock, SignatureVerifier

SIGNATURE: Final = "x-slack-signature"
TIMESTAMP: Final = "x-slack-request-timestamp"
_LONGEST_TIMESTAMP: Final = 12


class _Clock(Clock):
    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


class Verification:
    """Checks signatures with one signing secret. `now` gives seconds since 1970."""

    def __init__(self, signing_secret: str, now: Callable[[], float] = time.time) -> None:
        self._verifier = SignatureVerifier(signing_secret, _Clock(now))

    def holds(self, raw_body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether signature and time fit. Header names are lower case. Whatever cannot be read does not hold."""
        timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
            return False
        if not signature.isascii():
            return False
        try:
            return self._verifier.is_valid(raw_body, timestamp, signature)
        except UnicodeDecodeError:
            return False
