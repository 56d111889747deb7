"""Nobody looks after a report: who is called, by direct message and in the thread, and how it ends."""

from collections.abc import Iterator

import pytest

from config.policy.ids import Impact, Severity, Spread
from tests.fakes.slack.blocks import elements
from tests.journeys.mailbox import direct, press
from tests.journeys.policies import INTAKE, slack_id
from tests.journeys.world import World, world
from tests.properties.catalog import actor
from tests.waiting import until
from workflows.commands import Command
from workflows.incident.commands import Advance, Assess, Update
from workflows.incident.terms import Kind, PersonalData, State
from workflows.outcome import Accepted

NUMBER = "INC-2026-0001"


@pytest.fixture
def night(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="de") as made:
        made.clock.move(hours=18, minutes=12)
        yield made


def called(office: World) -> list[str]:
    return [who for who in ("tom", "petra", "paul", "jana", "max") if direct(office, who)]


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
    had = len(direct(night, "tom"))
    for _ in range(8):
        night.work(minutes=10)
    assert len(direct(night, "tom")) == had, "whoever cannot is not called again"
    assert night.kinds().count("incident.paged") == 3 + 2 + 2
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


def test_a_button_that_came_too_late_goes_and_its_message_says_who_looks_after_it(office: World) -> None:
    german = office.app.core.policy.policy.language == "de"
    look, cannot = ("Ich kümmere mich", "Bin verhindert") if german else ("I look after it", "I cannot now")
    taken = "Petra Maurer kümmert sich um" if german else "Petra Maurer looks after"
    office.say("max", "/vorfall" if german else "/incident", "melden Drucker druckt von selbst")
    office.work(minutes=11)
    (opener,) = [one for one in office.slack.messages(INTAKE) if not one.thread_ts]
    mark = direct(office, "tom")[-1].metadata
    press(office, "petra", look)
    until(lambda: taken in str(direct(office, "petra")[-1].blocks))
    assert look not in str(direct(office, "petra")[-1].blocks)
    press(office, "tom", look)
    until(lambda: taken in str(direct(office, "tom")[-1].blocks))
    late = direct(office, "tom")[-1]
    assert not any(label in str(late.blocks) for label in (look, cannot))
    assert "Drucker druckt von selbst" in str(late.blocks), "what was said stays"
    assert late.metadata == mark, "found again when it has to be taken back"
    (action,) = [one["action_id"] for _, one in elements(opener.blocks) if one["text"]["text"] == look]
    office.sender.click(action, user=slack_id("paul"), channel=INTAKE, ts=opener.ts)
    until(lambda: taken in str(opener.blocks))
    left = [one["text"]["text"] for _, one in elements(opener.blocks)]
    assert look not in left
    assert left, "what can still be done stays"
    assert office.kinds().count("incident.acknowledged") == 1
    office.intact()


def test_a_button_whose_presser_may_not_see_the_case_changes_nothing(night: World) -> None:
    night.say("max", "/vorfall", "melden Drucker druckt von selbst")
    night.work()
    night.say("tom", "/vorfall", f"übernehmen {NUMBER}")
    (opener,) = [one for one in night.slack.messages(INTAKE) if not one.thread_ts]
    before = list(opener.blocks)
    (action,) = [one["action_id"] for _, one in elements(before) if one["text"]["text"] == "Ich kümmere mich"]
    night.sender.click(action, user=slack_id("jana"), channel=INTAKE, ts=opener.ts)
    until(lambda: any(one.replies for one in night.slack.world.responses.values() if one.user == slack_id("jana")))
    night.work(seconds=2)
    assert opener.blocks == before


@pytest.mark.parametrize("taken", [False, True])
def test_what_was_taken_for_a_false_alarm_and_is_opened_again_calls_people_anew(night: World, *, taken: bool) -> None:
    night.say("max", "/vorfall", "melden Drucker druckt von selbst")
    night.work()
    night.work(minutes=15)
    if taken:
        press(night, "tom", "Ich kümmere mich")
    alarm = Assess(case=NUMBER, kind=Kind.FALSE_ALARM, reason="Testseite")
    give(night, "tom", Advance(case=NUMBER, to=State.DISMISSED, assess=alarm))
    night.work(hours=2)
    before = {who: len(direct(night, who)) for who in ("tom", "petra", "paul")}
    night.say("paul", "/vorfall", f"zurück {NUMBER} doch echt")
    again = night.incident()
    assert (again.kind, again.assessment, again.acknowledged) == (Kind.EVENT, None, None)

    def anew() -> list[str]:
        return [who for who, had in before.items() if len(direct(night, who)) > had]

    night.work(seconds=5)
    night.work(seconds=5)
    assert anew() == ["tom"]
    night.work(minutes=11)
    assert anew() == ["tom", "petra"]
    press(night, "petra", "Ich kümmere mich")
    assert night.incident().acknowledged is not None
    night.work(hours=1)
    assert anew() == ["tom", "petra"]
    night.intact()


# what was promised ------------------------------------------------------------------------------------------------


def leading(office: World) -> str:
    """An incident of tom's, S2: an update every four hours, contained within eight. Its channel."""
    office.say("max", "/vorfall", "melden Kundendaten im falschen Postfach")
    office.work()
    assess = Assess(
        case=NUMBER, kind=Kind.INCIDENT, reason="Daten abgeflossen", category="missent_data", affected="CRM",
        confidentiality=Impact.HIGH, integrity=Impact.NONE, availability=Impact.NONE, authenticity=Impact.NONE,
        spread=Spread.SINGLE, personal_data=PersonalData.NO,
    )  # fmt: skip
    give(office, "tom", Advance(case=NUMBER, to=State.CONTAIN, assess=assess))
    assert office.incident().severity is Severity.S2
    (channel,) = [one for one in office.slack.world.channels.values() if one.name.startswith("inc-")]
    return channel.id


def give(office: World, who: str, command: Command) -> None:
    office.clock.move(seconds=1)
    assert isinstance(office.app.core.service.handle(command, actor(who)), Accepted)
    office.work(seconds=5)
    office.work(seconds=5)


def reminders(office: World, channel: str) -> list[str]:
    said = [str(one.blocks) for one in office.slack.messages(channel)]
    return [one for one in said if "fällig" in one or "sollte" in one]


def test_an_update_is_asked_for_at_its_time_at_night_too_and_the_isb_hears_when_it_is_late(night: World) -> None:
    channel = leading(night)
    night.work(hours=3, minutes=50)
    assert reminders(night, channel) == []
    night.work(minutes=11)
    (first,) = reminders(night, channel)
    assert "Ein neuer Stand ist fällig" in first
    assert (slack_id("tom") in first, slack_id("petra") in first) == (True, False)
    night.work(minutes=31)
    _, late = reminders(night, channel)
    assert "Weiterhin offen." in late
    assert slack_id("petra") in late
    night.work(hours=2)
    assert len(reminders(night, channel)) == 2, "nobody is asked a third time"
    night.intact()


def test_an_update_in_time_reminds_nobody(night: World) -> None:
    channel = leading(night)
    night.work(hours=3)
    give(night, "tom", Update(case=NUMBER, text="Postfach gesperrt"))
    night.work(hours=3)
    assert reminders(night, channel) == []
    night.work(hours=1, minutes=1)
    assert len(reminders(night, channel)) == 1
    night.intact()


def test_a_promised_update_is_asked_for_when_it_was_promised_and_never_too_late(night: World) -> None:
    channel = leading(night)
    refused = night.say("tom", "/vorfall", f"stand {NUMBER} Postfach gesperrt, nächster Stand in 9 h")
    view = str(night.view("tom"))
    assert "bei dieser Schwere spätestens" in view, refused.text
    night.fill("tom", {"update": "Postfach gesperrt", "next_update": "1 h"})
    night.work(seconds=5)
    assert "Nächster Stand bis" in str(night.slack.messages(channel)[-1].blocks)
    night.work(minutes=59)
    assert reminders(night, channel) == []
    night.work(minutes=2)
    assert len(reminders(night, channel)) == 1
    told = night.say("tom", "/vorfall", f"stand {NUMBER} Kunde informiert, nächster in 90 min").json()["text"]
    assert "Nächster Stand bis" in told
    night.intact()


def test_a_report_that_somebody_took_on_and_forgot_is_asked_for(night: World) -> None:
    night.say("max", "/vorfall", "melden Drucker druckt von selbst")
    night.work()
    night.say("petra", "/vorfall", f"übernehmen {NUMBER}")
    due = night.incident().contain_due
    assert due is not None
    night.work(seconds=(due - night.clock.now).total_seconds() - 60)
    assert reminders(night, INTAKE) == []
    night.work(minutes=2)
    (first,) = reminders(night, INTAKE)
    assert "noch nicht bewertet" in first
    assert slack_id("petra") in first
    assert "Bewerten" in first
    night.work(minutes=31)
    assert len(reminders(night, INTAKE)) == 2
    night.intact()


def test_containment_that_takes_too_long_is_told_and_what_is_contained_is_not(night: World) -> None:
    channel = leading(night)
    for _ in range(3):
        night.work(hours=2, minutes=30)
        give(night, "tom", Update(case=NUMBER, text="Wir suchen noch"))
    night.work(minutes=40)
    assert ["sollte eingedämmt sein" in one for one in reminders(night, channel)] == [True]
    night.intact()
