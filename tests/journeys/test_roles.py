"""Taking a role with one press, from the pinned summary and from the status."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.policy.ids import CaseRole
from tests.fakes.slack.world import Message
from tests.journeys.policies import slack_id
from tests.journeys.world import World, world
from tests.waiting import until

LEAD, SCRIBE = {"de": "Ich leite", "en": "I lead"}, {"de": "Ich führe Protokoll", "en": "I write the log"}
COMMAND = {"de": "/vorfall", "en": "/incident"}


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def office(language: str, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language=language) as made:
        made.say("jana", "/incident", "report Anhang geöffnet")
        made.say("jana", "/incident", "urgent 1")
        made.work(seconds=5)
        made.work(seconds=5)
        yield made


def summary(office: World) -> tuple[str, Message]:
    channel = office.slack.channel_named("inc-2026-0001")
    return channel.id, channel.message(channel.pins[0])


def buttons(blocks: list[dict[str, Any]]) -> dict[str, str]:
    found = [one for block in blocks for one in block.get("elements", ()) if one["type"] == "button"]
    return {one["text"]["text"]: one["action_id"] for one in found}


def press(office: World, who: str, label: str, blocks: list[dict[str, Any]], channel: str) -> str:
    """Press a button of what somebody still sees; what they are told."""
    office.clock.move(seconds=1)
    before = set(office.slack.world.responses)
    office.sender.click(buttons(blocks)[label], user=slack_id(who), channel=channel, blocks=blocks)
    (key,) = set(office.slack.world.responses) - before
    until(lambda: office.slack.world.responses[key].replies)
    return str(office.slack.world.responses[key].replies)


def test_the_first_press_takes_the_role_and_the_second_is_told_who_has_it(office: World, language: str) -> None:
    channel, pinned = summary(office)
    stale = list(pinned.blocks)
    office.proves(press(office, "tom", LEAD[language], stale, channel), "role.assigned")
    case = office.incident()
    assert case.name_of(case.lead) == "Tom Berger"
    told = press(office, "petra", LEAD[language], stale, channel)
    assert "Tom Berger" in told
    assert "role.assigned" not in {one.kind for one in office.receipts_in(told)}
    case = office.incident()
    assert case.name_of(case.lead) == "Tom Berger", "nobody loses a role by a press that came late"
    press(office, "petra", SCRIBE[language], stale, channel)
    assert "Petra Maurer" in press(office, "tom", SCRIBE[language], stale, channel)
    case = office.incident()
    assert [case.name_of(one) for one in case.holders(CaseRole.SCRIBE)] == ["Petra Maurer"]
    office.work(seconds=5)
    assert not {LEAD[language], SCRIBE[language]} & set(buttons(summary(office)[1].blocks)), "the summary follows"
    office.say("petra", COMMAND[language], "role 1 lead me" if language == "en" else "rolle 1 leitung ich")
    case = office.incident()
    assert case.name_of(case.lead) == "Petra Maurer", "who types it means it"
    office.intact()


def test_the_status_offers_it_to_whoever_may_take_it(office: World, language: str) -> None:
    offered = buttons(office.say("tom", COMMAND[language], "status 1").json()["blocks"])
    assert {LEAD[language], SCRIBE[language]} <= set(offered)
    offered = buttons(office.say("jana", COMMAND[language], "status 1").json()["blocks"])
    assert not {LEAD[language], SCRIBE[language]} & set(offered)
    word = "role 1 scribe me if free" if language == "en" else "rolle 1 protokoll ich falls frei"
    office.say("tom", COMMAND[language], word)
    again = office.say("petra", COMMAND[language], word)
    assert "Tom Berger" in again.text


def test_who_gets_a_task_is_mentioned_and_invited(office: World, language: str) -> None:
    channel = office.slack.channel_named("inc-2026-0001")
    assert slack_id("ralf") not in channel.members
    for text, who in (("Anzeige erstatten", "ralf"), ("Protokolle sichern", "tom")):
        office.say("tom", COMMAND[language], "task 1")
        office.fill("tom", {"task": text, "owner": slack_id(who)})
    office.work(seconds=5)
    office.work(seconds=5)
    assert slack_id("ralf") in channel.members
    said = [str(one.blocks) for one in channel.messages if one.ts not in channel.pins]
    (mine,) = [one for one in said if "Aufgabe 1:" in one or "Task 1:" in one]
    assert f"<@{slack_id('ralf')}>" in mine
    (own,) = [one for one in said if "Aufgabe 2:" in one or "Task 2:" in one]
    assert f"<@{slack_id('tom')}>" not in own, "nobody is called to what they took themselves"
