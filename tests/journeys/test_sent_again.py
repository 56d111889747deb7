"""A form that Slack sends once more, later and to another process, gets the answer of the first; nothing else."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from config.policy.ids import Severity
from tests.journeys.policies import DIGEST, slack_id
from tests.journeys.replica import Line, another
from tests.journeys.world import RECEIPT, World, world
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Goal, State

FORM = "application/x-www-form-urlencoded"
FIRST = {"confidentiality": "low", "personal_data": "unknown", "category": "phishing"}
NEWER = {"confidentiality": "high", "personal_data": "yes", "category": "malware"}
PARTLY = {"kind": "incident", "reason": "Schadcode im Anhang", "category": "phishing"}


BOTH = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)], indirect=True
)


@pytest.fixture
def office(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        made.say("jana", "/vorfall", "melden Anhang geöffnet")
        yield made


@pytest.fixture
def line(office: World) -> Line:
    office.sender.transport = found = Line(office.door)
    return found


def case(office: World) -> IncidentCase:
    return office.incident()


def shown(answer: Mapping[str, Any]) -> list[Any]:
    """The blocks of the window that answers a form."""
    found: list[Any] = answer["view"]["blocks"]
    return found


def told(blocks: list[Any]) -> str:
    return json.dumps(blocks, ensure_ascii=False)


def pressed_again(body: bytes, trigger: str) -> bytes:
    """The same window, sent again by hand since no answer came."""
    payload = json.loads(dict(parse_qsl(body.decode()))["payload"])
    return urlencode({"payload": json.dumps({**payload, "trigger_id": trigger})}).encode()


def test_what_was_decided_since_does_not_overtake_what_was_decided_before(
    office: World, line: Line, database_url: str
) -> None:
    office.say("tom", "/vorfall", "bewerten 1")
    first = office.fill("tom", FIRST)
    sent, entries = line.body, len(office.entries())
    office.say("petra", "/vorfall", "bewerten 1")
    office.fill("petra", NEWER)
    assert RECEIPT.search(told(shown(first)))
    by_hand = pressed_again(sent, office.slack.issue(user=slack_id("tom"))["trigger_id"])
    later = len(office.entries())
    with another(office, database_url) as elsewhere:
        for body in (sent, by_hand):
            for door in (office.door, elsewhere):
                office.sender.transport = door
                again = office.sender.send(body, FORM)
                assert again.status == 200
                assert receipts(shown(again.json())) == receipts(shown(first))
                assert "Inzwischen" not in told(shown(again.json()))
    assert (later > entries, len(office.entries())) == (True, later), "nothing was done once more"
    assert case(office).impact[Goal.CONFIDENTIALITY] == "high"
    office.sender.transport = office.door
    fresh = json.loads(dict(parse_qsl(sent.decode()))["payload"])
    fresh["view"]["state"]["values"]["affected"]["answer"]["value"] = "Mailserver"
    taken = office.sender.send(urlencode({"payload": json.dumps(fresh)}).encode(), FORM)
    assert "Inzwischen" in told(shown(taken.json())), "another answer is another request, and that comes too late"
    office.intact()


def receipts(blocks: list[Any]) -> list[str]:
    return RECEIPT.findall(told(blocks))


@BOTH
def test_a_refusal_that_kept_answers_is_told_again_as_a_refusal(office: World, line: Line, database_url: str) -> None:
    office.say("tom", "/vorfall", "eindämmen 1")
    first = office.fill("tom", PARTLY)
    sent, entries = line.body, len(office.entries())
    with another(office, database_url) as elsewhere:
        office.sender.transport = elsewhere
        again = office.sender.send(sent, FORM).json()
    head = "Noch nicht in Eindämmen"
    assert head in told(shown(first))
    assert head in told(shown(again))
    assert [one.get("block_id") for one in shown(again)] == [one.get("block_id") for one in shown(first)]
    assert (case(office).state, len(office.entries())) == (State.IDENTIFY, entries)


@BOTH
def test_a_severity_sent_before_is_answered_and_not_set_again(office: World, line: Line, database_url: str) -> None:
    office.say("tom", "/vorfall", "schwere 1")
    first = office.fill("tom", {"severity": "S2", "severity_reason": "Drei Leute"})
    sent = line.body
    office.say("petra", "/vorfall", "schwere 1 S1 Kundendaten betroffen")
    with another(office, database_url) as elsewhere:
        office.sender.transport = elsewhere
        again = office.sender.send(sent, FORM).json()
    assert receipts(shown(again)) == receipts(shown(first)) != []
    assert case(office).severity is Severity.S1


@BOTH
def test_a_shortcut_that_comes_again_is_carried_out_once(office: World, line: Line, database_url: str) -> None:
    said, _ = office.sender.message(DIGEST, slack_id("max"), "Um neun")
    office.sender.message_action("add_to_timeline", user=slack_id("tom"), channel=DIGEST, ts=said["ts"])
    first = office.fill("tom", {"case": "INC-2026-0001"})
    sent, entries = line.body, len(office.entries())
    assert RECEIPT.search(told(shown(first)))
    office.say("petra", "/vorfall", "schwere 1 S1 Kundendaten betroffen")
    with another(office, database_url) as elsewhere:
        for door in (office.door, elsewhere):
            office.sender.transport = door
            again = office.sender.send(sent, FORM).json()
            assert receipts(shown(again)) == receipts(shown(first))
    assert [one.text for one in case(office).notes] == ["Um neun"]
    assert len(office.entries()) == entries + 1, "the severity, nothing else"
