import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.signatures import Checked, SignatureFault, check_github, check_slack, check_standard
from tests import corpora

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = "it is a secret"
STANDARD = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def _github(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def _slack(body: bytes, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


def _standard(body: bytes, at: datetime = NOW, secret: str = STANDARD) -> dict[str, str]:
    stamp, key = str(int(at.timestamp())), base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(mac).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}


def test_the_published_examples_are_genuine() -> None:
    examples = json.loads(corpora.folder("signatures.json").read_bytes())
    github, slack, standard = examples["github"], examples["slack"], examples["standard_webhooks"]

    assert check_github({github["header"]: github["value"]}, github["body"].encode(), github["secret"]).genuine
    headers = {slack["header"]: slack["value"], "X-Slack-Request-Timestamp": slack["timestamp"]}
    at = datetime.fromtimestamp(int(slack["timestamp"]), UTC)
    assert check_slack(headers, slack["body"].encode(), slack["signing_secret"], at).genuine
    headers = {key: standard[key] for key in ("webhook-id", "webhook-timestamp")}
    headers[standard["header"]] = standard["value"]
    at = datetime.fromtimestamp(int(standard["webhook-timestamp"]), UTC)
    assert check_standard(headers, standard["body"].encode(), standard["secret"], at).genuine


def test_github_genuine_forged_and_unsigned() -> None:
    body = b'{"zen": "x"}'
    headers = _github(body)

    assert check_github(headers, body, SECRET).genuine
    assert check_github({k.lower(): v for k, v in headers.items()}, body, SECRET).genuine
    assert check_github(headers, body + b" ", SECRET).fault is SignatureFault.WRONG
    assert check_github(headers, body, "another").fault is SignatureFault.WRONG
    assert check_github({}, body, SECRET).fault is SignatureFault.MISSING
    assert check_github({"X-Hub-Signature-256": "sha1=00"}, body, SECRET).fault is SignatureFault.MALFORMED
    sha1 = {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()}
    assert check_github(sha1, body, SECRET).fault is SignatureFault.MISSING


@pytest.mark.parametrize("apart", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_slack_genuine_forged_unsigned_and_out_of_time(apart: timedelta) -> None:
    body = b"command=%2Fincident"
    headers = _slack(body)

    assert check_slack(headers, body, SECRET, NOW).genuine
    assert check_slack(headers, body, SECRET, NOW + apart).fault is SignatureFault.TOO_OLD
    assert check_slack(headers, body + b"x", SECRET, NOW).fault is SignatureFault.WRONG
    assert check_slack(_slack(body, secret="other"), body, SECRET, NOW).fault is SignatureFault.WRONG
    assert check_slack({}, body, SECRET, NOW).fault is SignatureFault.MISSING
    torn = {**headers, "X-Slack-Request-Timestamp": "yesterday"}
    assert check_slack(torn, body, SECRET, NOW).fault is SignatureFault.MALFORMED
    moved = {**headers, "X-Slack-Request-Timestamp": str(int(NOW.timestamp()) + 1)}
    assert check_slack(moved, body, SECRET, NOW).fault is SignatureFault.WRONG


def test_standard_webhooks_take_any_one_of_several_signatures() -> None:
    body = b'{"object_kind":"merge_request"}'
    headers = _standard(body)
    several = {**headers, "webhook-signature": f"v1a,xyz v1,AAAA {headers['webhook-signature']}"}

    assert check_standard(headers, body, STANDARD, NOW).genuine
    assert check_standard(several, body, STANDARD, NOW).genuine
    assert check_standard(headers, body + b" ", STANDARD, NOW).fault is SignatureFault.WRONG
    assert check_standard(headers, body, STANDARD, NOW + timedelta(hours=1)).fault is SignatureFault.TOO_OLD
    assert check_standard({}, body, STANDARD, NOW).fault is SignatureFault.MISSING
    only_other = {**headers, "webhook-signature": "v1a,xyz"}
    assert check_standard(only_other, body, STANDARD, NOW).fault is SignatureFault.MALFORMED
    with pytest.raises(ValueError, match="whsec_"):
        check_standard(headers, body, "no base64!", NOW)


@given(st.text(), st.binary())
def test_no_header_value_and_no_body_raises(value: str, body: bytes) -> None:
    headers = dict.fromkeys(("x-hub-signature-256", "x-slack-signature", "webhook-id", "webhook-signature"), value) | {
        "x-slack-request-timestamp": value,
        "webhook-timestamp": value,
    }

    checks: list[Checked] = [
        check_github(headers, body, SECRET),
        check_slack(headers, body, SECRET, NOW),
        check_standard(headers, body, STANDARD, NOW),
    ]
    assert not any(one.genuine for one in checks)
