"""What comes in: verified before anything is read, answered in time, never with an error of ours."""

import json
import random
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.slack.app import LARGEST_BODY
from bot.slack.verification import Verification
from tests import corpora
from tests.bot.slack.conftest import Office
from tests.fakes.slack.sender import signature
from tests.fakes.slack.server import SIGNING_SECRET


def signed(body: bytes, at: float, secret: str = SIGNING_SECRET, kind: str = "application/json") -> dict[str, str]:
    stamp = str(int(at))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(secret, stamp, body),
    }


def rows(office: Office) -> int:
    with office.on.store.reading() as reads:
        return sum(reads.inbox.counts().values())


def test_the_published_signature_holds_and_a_changed_body_does_not() -> None:
    example = json.loads(corpora.folder("signatures.json").read_text())["slack"]
    verification = Verification(example["signing_secret"], now=lambda: float(example["timestamp"]) + 299)
    headers = {"x-slack-request-timestamp": example["timestamp"], "x-slack-signature": example["value"]}
    body = example["body"].encode()
    assert verification.holds(body, headers)
    assert not verification.holds(body + b" ", headers)
    late = Verification(example["signing_secret"], now=lambda: float(example["timestamp"]) + 301)
    assert not late.holds(body, headers)


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=ü"},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
def test_what_is_not_signed_is_refused_and_stored_nowhere(office: Office, change: dict[str, str]) -> None:
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "app_mention"}}).encode()
    headers = signed(body, time.time())
    assert office.edge.handle(body, {**headers, **change})[0] == 401
    assert rows(office) == 0
    assert office.edge.handle(body, headers)[0] == 200
    assert rows(office) == 1


def test_old_wrongly_signed_too_large_and_unreadable_bodies(office: Office) -> None:
    body = b'{"type": "event_callback", "event": {"type": "x"}}'
    now = time.time()
    assert office.edge.handle(body, signed(body, now - 301))[0] == 401
    assert office.edge.handle(body, signed(body, now, secret="other"))[0] == 401
    large = b"x" * (LARGEST_BODY + 1)
    assert office.edge.handle(large, signed(large, now))[0] == 413
    for broken in (b"[1]", b"{", b"null", b'"text"', b"\xff\xfe", b'{"a":' * 5000):
        status = office.edge.handle(broken, signed(broken, now) if broken != b"\xff\xfe" else {})[0]
        assert status in {400, 401}
    payload = b"payload=%7B"
    assert office.edge.handle(payload, signed(payload, now, kind="application/x-www-form-urlencoded"))[0] == 400
    unsigned = urlencode({"ssl_check": "1", "token": "x"}).encode()
    assert office.edge.handle(unsigned, {"content-type": "application/x-www-form-urlencoded"})[0] == 401
    assert rows(office) == 0


def test_the_address_is_verified_by_its_challenge(office: Office) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    status, _, answer = office.edge.handle(body, signed(body, time.time()))
    assert (status, json.loads(answer)) == (200, {"challenge": "abc"})


def _real_bodies() -> list[tuple[str, bytes, str]]:
    folder: Path = corpora.folder("slack")
    found = []
    for entry in json.loads((folder / "index.json").read_text()):
        text = (folder / entry["file"]).read_text()
        content: dict[str, Any] = json.loads(text)
        if entry["sent_as"].startswith("form payload"):
            body, kind = urlencode({"payload": text}).encode(), "application/x-www-form-urlencoded"
        elif entry["sent_as"].startswith("form"):
            body, kind = urlencode(content).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = text.encode(), "application/json"
        found.append((entry["file"], body, kind))
    return found


def test_every_real_body_twice_and_shuffled_gets_no_error_and_is_stored_once(office: Office) -> None:
    bodies = _real_bodies() * 2
    random.Random(7).shuffle(bodies)
    stored = set()
    for file, body, kind in bodies:
        before = rows(office)
        status = office.edge.handle(body, signed(body, time.time(), kind=kind))[0]
        assert status == 200, file
        if rows(office) > before:
            assert file not in stored
            stored.add(file)
    assert stored


def test_one_thing_told_under_two_event_ids_is_stored_once(office: Office) -> None:
    event = {"type": "reaction_added", "user": "U0JANA", "reaction": "pushpin", "event_ts": "2.0",
             "item": {"type": "message", "channel": INTAKE_OF_TEST, "ts": "1.0"}}  # fmt: skip
    assert office.sender.event(event, event_id="Ev1").status == 200
    assert office.sender.event(event, event_id="Ev1", retry=1).status == 200
    assert office.sender.event(event, event_id="Ev2").status == 200
    assert rows(office) == 1
    assert office.sender.event({**event, "user": "U0TOM", "event_ts": "3.0"}).status == 200
    assert rows(office) == 2


INTAKE_OF_TEST = "C0INTAKE0"


def test_somebody_of_another_workspace_is_not_one_of_us(office: Office) -> None:
    office.on.say("max", "melden Laptop weg")
    payload = {
        "type": "block_actions", "team": {"id": "T0OTHER"}, "trigger_id": "1.2.3", "response_url": "",
        "user": {"id": "U0JANA", "team_id": "T0OTHER"}, "channel": {"id": "C1"},
        "actions": [{"type": "button", "action_id": "incident.ack:0", "value": "INC-2026-0001"}],
    }  # fmt: skip
    assert office.sender.interaction(payload).status == 200
    assert "Noch kümmert sich niemand" in office.on.say("jana", "status 1").text
