"""Nobody looks after a report: who is called, by direct message and in the thread, and how it ends."""

from collections.abc import Iterator

import pytest

from tests.fakes.slack.world import Message
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.world import World, world

NUMBER = "INC-2026-0001"


@pytest.fixture(params=["de", "en"])
def office(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language=request.param) as made:
        yield made


@pytest.fixture
def night(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        made.clock.move(hours=18, minutes=12)
        yield made


def direct(office: World, who: str) -> list[Message]:
    """What was written to somebody directly."""
    for channel in office.slack.world.channels.values():
        if channel.im and slack_id(who) in channel.members:
            return office.slack.messages(channel.id)
    return []


def called(office: World) -> list[str]:
    return [who for who in ("tom", "petra", "paul", "jana", "max") if direct(office, who)]


def press(office: World, who: str, label: str) -> None:
    """The button of the last direct message."""
    office.clock.move(seconds=1)
    (channel,) = [one for one in office.slack.world.channels.values() if one.im and slack_id(who) in one.members]
    message = office.slack.messages(channel.id)[-1]
    buttons = [one for block in message.blocks for one in block.get("elements", ()) if one["type"] == "button"]
    (action,) = [one["action_id"] for one in buttons if one["text"]["text"] == label]
    office.sender.click(action, user=slack_id(who), channel=channel.id, ts=message.ts)
    office.work(seconds=2)


def test_one_after_the_other_is_called_until_somebody_takes_over(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    office.say("max", "/vorfall" if german else "/incident", "melden Drucker druckt von selbst")
    office.work()
    assert called(office) == ["tom"]
    assert ("wartet auf jemanden" if german else "waits for somebody") in str(direct(office, "tom")[0].blocks)
    office.work(minutes=9)
    assert called(office) == ["tom"]
    office.work(minutes=2)
    assert called(office) == ["tom", "petra"]
    said = str(office.slack.messages(INTAKE)[-1].blocks)
    assert slack_id("petra") in said
    press(office, "petra", "Ich kümmere mich" if german else "I look after it")
    assert office.incident().acknowledged is not None
    office.work(hours=1)
    assert called(office) == ["tom", "petra"], "nobody is woken any more"
    assert office.kinds().count("incident.paged") == 2
    office.intact()


def test_who_cannot_hands_on_at_once(night: World) -> None:
    night.say("max", "/vorfall", "melden Drucker druckt von selbst")
    night.work()
    press(night, "tom", "Bin verhindert")
    assert called(night) == ["tom", "petra"], "not ten minutes later"
    night.work(minutes=12)
    assert called(night) == ["tom", "petra"], "that step is done"
    night.work(minutes=9)
    assert called(night) == ["tom", "petra", "paul"]
    night.work(hours=72)
    assert night.kinds().count("incident.paged") == 3
    assert night.kinds().count("incident.page_declined") == 1
    refused = night.say("jana", "/vorfall", f"verhindert {NUMBER}").text
    assert "darf" in refused or "nichts anzeigen" in refused or "wer benachrichtigt" in refused
    night.intact()


def test_a_confidential_report_tells_nothing_before_the_button(night: World) -> None:
    night.say("max", "/vorfall", "")
    night.fill("max", {"what": "Verdacht gegen Kollegen", "visibility": "restricted"})
    night.work()
    assert len(direct(night, "tom")) > 0
    assert "Verdacht" not in str([one.blocks for one in direct(night, "tom")])
    assert "Verdacht" not in str([one.blocks for one in night.slack.messages(INTAKE)])


def test_a_call_whose_answer_was_lost_is_not_made_twice(night: World) -> None:
    night.slack.fail("chat.postMessage", after_effect=True, times=1)
    night.say("max", "/vorfall", "melden Drucker druckt von selbst")
    night.work()
    night.work(minutes=3)
    assert len([one for one in direct(night, "tom") if "wartet auf jemanden" in str(one.blocks)]) == 1
    assert len([one for one in night.slack.messages(INTAKE) if not one.thread_ts]) == 1
    night.intact()
