"""Mentioning the bot: answered for one pair of eyes, and nothing is recorded by it alone."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.world import World, world
from tests.waiting import until

NUMBER = "INC-2026-0001"


@pytest.fixture
def office(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url) as made:
        made.say("jana", "/vorfall", "melden Anhang geöffnet")
        made.work(seconds=5)
        yield made


def mention(office: World, who: str, text: str = "", thread: str | None = None) -> dict[str, Any]:
    """What the person is told; nobody else gets to see it."""
    office.work(seconds=1)
    channel = office.slack.world.channels[INTAKE]
    posted, told = len(office.slack.messages(INTAKE)), len(channel.ephemerals)
    assert office.sender.mention(INTAKE, slack_id(who), text, thread).status == 200
    office.work(seconds=1)
    assert len(office.slack.messages(INTAKE)) == posted + 1, "only what the person said themselves"
    (answer,) = channel.ephemerals[told:]
    assert answer["user"] == slack_id(who)
    return answer


def buttons(answer: dict[str, Any]) -> list[str]:
    return [one["action_id"] for block in answer["blocks"] for one in block.get("elements", ()) if "action_id" in one]


def test_what_only_reads_is_answered_as_far_as_they_may_see_it(office: World) -> None:
    assert NUMBER in mention(office, "tom", "status 1")["text"]
    assert "nichts anzeigen" in mention(office, "max", "status 1")["text"]
    assert NUMBER in mention(office, "tom", "liste")["text"]
    assert NUMBER not in mention(office, "max", "liste")["text"]
    thread = office.slack.messages(INTAKE)[0].ts
    assert NUMBER in mention(office, "tom", "status", thread)["text"], "in its thread no number is needed"
    assert "/vorfall" in mention(office, "max")["text"]


def test_what_would_record_something_is_a_button(office: World) -> None:
    before = office.kinds()
    answer = mention(office, "tom", "übernehmen 1")
    assert office.kinds() == before, "others may have been meant"
    office.sender.click("incident.ack:0", user=slack_id("tom"), channel=INTAKE, blocks=answer["blocks"])
    until(lambda: office.incident().acknowledged)
    answer = mention(office, "max", "Der Drucker im zweiten Stock druckt von selbst & <laut>")
    office.sender.click("incident.report:0", user=slack_id("max"), channel=INTAKE, blocks=answer["blocks"])
    until(lambda: office.kinds().count("incident.reported") == 2)
    assert office.incident("INC-2026-0002").what == "Der Drucker im zweiten Stock druckt von selbst & <laut>"
    assert buttons(mention(office, "max", "sehr " * 500))[0] == "incident.report:0", (
        "without the text, which does not fit"
    )
    office.intact()


def test_who_is_not_in_the_channel_is_told_directly_and_bots_are_not_answered(office: World) -> None:
    office.slack.world.channels[INTAKE].members.remove(slack_id("tom"))
    office.sender.mention(INTAKE, slack_id("tom"), "status 1")
    office.work(seconds=1)
    direct = office.slack.messages(f"D{slack_id('tom')[1:]}")
    assert NUMBER in direct[-1].text
    said = len(office.slack.world.sent)
    event = {
        "type": "app_mention",
        "bot_id": "B1",
        "user": slack_id("tom"),
        "channel": INTAKE,
        "ts": "1.2",
        "text": "x",
    }
    office.sender.event(event)
    office.work(seconds=1)
    assert len(office.slack.world.sent) == said


def test_what_is_written_to_the_bot_directly_is_answered_there(office: World) -> None:
    direct = office.slack.world.direct(slack_id("max"))
    office.sender.message(direct.id, slack_id("max"), "Laptop aus dem Zug gestohlen")
    office.work(seconds=1)
    asked, answer = office.slack.messages(direct.id)
    assert answer.by_bot
    assert office.kinds().count("incident.reported") == 1, "nothing is recorded by it alone"
    office.sender.click("incident.report:0", user=slack_id("max"), channel=direct.id)
    until(lambda: office.kinds().count("incident.reported") == 2)
    assert office.incident("INC-2026-0002").what == "Laptop aus dem Zug gestohlen"
    office.sender.event({"type": "message", "channel_type": "im", "bot_id": "B1", "channel": direct.id,
                         "user": slack_id("max"), "text": "x", "ts": asked.ts, "event_ts": asked.ts})  # fmt: skip
    office.work(seconds=1)
    assert len([one for one in office.slack.messages(direct.id) if one.by_bot]) == 1, "it does not talk to itself"
