"""What follows a commit: thread, channel, topic, summary, digest; once, whatever fails in between."""

import json
from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient

from bot.jobs.port import Job, JobTools
from bot.slack.calls import Calls
from tests.bot.slack.conftest import DIGEST, INTAKE, Office
from tests.fakes.slack import BOT_TOKEN
from tests.fakes.slack.world import BOT_USER, Message
from workflows.incident.state import IncidentCase

TOOLS = JobTools


def case(office: Office, number: str = "INC-2026-0001") -> IncidentCase:
    found = office.on.chat.queries.case(number, office.on.speaker("petra").actor)
    assert isinstance(found, IncidentCase)
    return found


def again(office: Office, kind: str, subject: IncidentCase, mark: str = "once", **more: int) -> None:
    """The same job once more, as after a crash between the call and the record of its end."""
    payload: dict[str, str | int] = {"case": str(subject.id), **more}
    handler = office.handlers.routes[kind].outbox
    assert handler is not None
    handler(Job(1, kind, "", f"{kind}:{subject.id}:{mark}", payload, 2), JobTools(office.on.clock(), lambda: False))


def texts(messages: list[Message]) -> str:
    return "\n".join(json.dumps(one.blocks, ensure_ascii=False) + one.text for one in messages)


def test_a_report_is_a_thread_in_the_intake_channel_and_calls_whoever_is_on_duty(office: Office) -> None:
    office.on.say("max", "melden Laptop aus dem Zug gestohlen")
    office.deliver()
    (message,) = office.slack.messages(INTAKE)
    assert "Laptop aus dem Zug gestohlen" in texts([message])
    assert "<@U0JANA>" in texts([message])
    assert office.dead == []


def test_a_step_is_told_in_the_thread_with_its_receipt(office: Office) -> None:
    office.on.say("max", "melden Laptop weg")
    office.on.say("jana", "übernehmen 1")
    office.deliver()
    report, step = office.slack.messages(INTAKE)
    assert step.thread_ts == report.ts
    assert "Jana K. kümmert sich um INC-2026-0001" in texts([step])
    assert "Beleg #1·" in texts([step])


def test_an_assessment_and_who_leads_by_it_are_one_post(office: Office) -> None:
    office.on.say("max", "melden Laptop weg")
    speaker = office.on.speaker("jana")
    office.on.chat.submit("incident.assess", "INC-2026-0001", {"kind": "incident", "reason": "Weg"}, speaker)
    office.deliver()
    office.deliver(seconds=30)
    posts = [texts([one]) for one in office.slack.channel_named("inc-2026-0001").messages]
    (told,) = (one for one in posts if "Beleg" in one)
    assert "ist bewertet: Sicherheitsvorfall. Vorfallsleitung: Jana K." in told
    assert "K.." not in told
    assert "Belege #1·" in told


def test_an_urgent_case_gets_its_channel_with_topic_people_and_one_pinned_summary(office: Office) -> None:
    office.on.say("max", "melden Laptop weg")
    office.on.say("max", "dringend 1")
    office.deliver()
    office.deliver(seconds=30)
    channel = office.slack.channel_named("inc-2026-0001")
    assert not channel.is_private
    assert channel.topic == "Schwere offen · Erkennen · noch ohne Leitung"
    assert {"U0JANA", "U0PETRA", "U0MAX"} <= set(channel.members)
    assert len(channel.pins) == 1
    assert "INC-2026-0001" in texts(office.slack.messages(DIGEST))
    office.on.say("jana", "rolle 1 leitung ich")
    office.deliver(seconds=30)
    channel = office.slack.channel_named("inc-2026-0001")
    assert channel.topic == "Schwere offen · Erkennen · Jana K."
    assert len(channel.pins) == 1
    pinned = channel.message(channel.pins[0])
    assert pinned.edited
    assert "Jana K." in texts([pinned])
    assert len(office.slack.messages(DIGEST)) == 1
    assert office.dead == []
    status = office.sender.command("/vorfall", "status", user="U0JANA", channel=channel.id).json()
    assert "INC-2026-0001" in status["text"], "in its own channel no number is needed"


def test_a_sealed_case_leaves_no_trace_where_others_read(office: Office) -> None:
    form = office.on.say("petra", "")
    office.on.fill("petra", form, what="Verdacht gegen Max", visibility="sealed", named="Petra M., Lena S.")
    office.on.say("petra", "dringend INC-S-2026-0001")
    office.deliver()
    office.deliver(seconds=30)
    assert office.slack.messages(INTAKE) == []
    assert office.slack.messages(DIGEST) == []
    channel = office.slack.channel_named("inc-s-2026-0001")
    assert channel.is_private
    assert set(channel.members) == {BOT_USER, "U0PETRA", "U0LENA"}
    direct = [one for one in office.slack.world.channels.values() if one.im]
    told = texts([message for one in direct for message in one.messages])
    assert "Neue vertrauliche Meldung INC-S-2026-0001. Sie gehören zum benannten Kreis; bitte bald ansehen." in told
    assert [one.members for one in direct] == [["U0LENA", BOT_USER]], "who recorded it is told nothing new"
    assert "Verdacht" not in told


def test_a_message_that_got_through_before_the_crash_is_found_again(office: Office) -> None:
    office.on.say("max", "melden Laptop weg")
    office.deliver()
    subject = case(office)
    with office.on.store.transaction() as uow:
        uow.links.remove("slack.thread", str(subject.id))
    again(office, "slack.thread", subject)
    assert len(office.slack.messages(INTAKE)) == 1
    with office.on.store.reading() as reads:
        assert reads.links.get("slack.thread", str(subject.id))


@pytest.mark.parametrize("in_thread", [False, True])
def test_it_is_found_behind_all_that_was_said_since(office: Office, *, in_thread: bool) -> None:
    calls = Calls(WebClient(BOT_TOKEN, base_url=f"{office.slack.url}/api/"))
    parent = office.slack.say(INTAKE, "U0JANA", "Was ist los?")["ts"] if in_thread else None

    def post(attempt: int) -> tuple[str, str]:
        job = Job(1, "slack.post", "", "step:1", {}, attempt, datetime.now(UTC))
        return calls.post(job, INTAKE, {"text": "Ein Schritt"}, parent)

    def talk() -> None:
        for number in range(250):
            office.slack.say(INTAKE, "U0JANA", f"und noch etwas {number}", parent)

    talk()
    first = post(1)
    talk()
    assert post(2) == first
    assert sum(one.by_bot for one in office.slack.messages(INTAKE)) == 1


def test_a_direct_message_is_not_sent_twice_either(office: Office) -> None:
    form = office.on.say("petra", "")
    office.on.fill("petra", form, what="Verdacht", visibility="sealed", named="Petra M., Lena S., Max H.")
    office.deliver()
    subject = case(office, "INC-S-2026-0001")
    with office.on.store.transaction() as uow:
        uow.links.remove("slack.told", str(subject.id))
    again(office, "slack.thread", subject)
    direct = [one for one in office.slack.world.channels.values() if one.im]
    assert sorted(len(one.messages) for one in direct) == [1, 1]


@pytest.mark.parametrize("account", ["user_disabled", "user_not_found", "fatal_error"])
def test_who_cannot_be_written_to_keeps_nobody_else_from_hearing_it(office: Office, account: str) -> None:
    form = office.on.say("petra", "")
    office.on.fill("petra", form, what="Verdacht", visibility="sealed", named="Petra M., Lena S., Max H.")
    office.slack.fail("conversations.open", error=account)
    office.deliver()
    (first,) = [one for one in office.slack.world.channels.values() if one.im]
    assert office.dead == [] if account == "fatal_error" else [("slack.thread", account)]
    again(office, "slack.thread", case(office, "INC-S-2026-0001"))
    told = [one for one in office.slack.world.channels.values() if one.im]
    assert {one.members[0] for one in told} == {"U0LENA", "U0MAX"}
    assert [len(one.messages) for one in told] == [1, 1]
    assert told[0] is first


def test_a_taken_name_is_adopted_only_when_our_bot_made_it_for_this_case(office: Office) -> None:
    office.slack.add_channel("C0OTHER00", "inc-2026-0001")
    office.on.say("max", "melden Laptop weg")
    office.on.say("max", "dringend 1")
    office.deliver()
    assert office.slack.channel_named("inc-2026-0001-2").creator == BOT_USER
    subject = case(office)
    with office.on.store.transaction() as uow:
        made = uow.links.get("slack.channel", str(subject.id))
        uow.links.remove("slack.channel", str(subject.id))
        uow.links.remove("slack.channel_case", made or "")
    office.slack.channel_named("inc-2026-0001-2").created = int(office.on.clock().timestamp()) + 60
    again(office, "slack.channel.create", subject)
    with office.on.store.reading() as reads:
        assert reads.links.get("slack.channel", str(subject.id)) == made


def test_a_limit_is_waited_for_and_then_everything_is_there(office: Office) -> None:
    office.slack.fail("chat.postMessage", times=2, status=429, retry_after=7)
    office.on.say("max", "melden Laptop weg")
    office.deliver()
    assert office.slack.messages(INTAKE) == []
    office.deliver(seconds=8)
    office.deliver(seconds=8)
    assert len(office.slack.messages(INTAKE)) == 1
    assert office.dead == []


def test_a_step_that_can_never_succeed_is_given_up_and_undoes_nothing(office: Office) -> None:
    office.slack.fail("conversations.create", times=50, status=200, error="restricted_action")
    office.on.say("max", "melden Laptop weg")
    office.on.say("max", "dringend 1")
    office.deliver()
    assert ("slack.channel.create", "restricted_action") in office.dead
    assert case(office).urgent
    assert len(office.slack.messages(INTAKE)) >= 1


def test_the_channel_of_a_case_that_is_over_is_archived(office: Office) -> None:
    office.on.say("max", "melden Bildschirm flackert")
    office.on.say("max", "dringend 1")
    form = office.on.say("jana", "schließen 1")
    office.on.fill("jana", form, kind="false_alarm", reason="Wackelkontakt")
    office.deliver()
    office.deliver(minutes=2)
    assert not office.slack.channel_named("inc-2026-0001").is_archived
    office.deliver(hours=2)
    assert office.slack.channel_named("inc-2026-0001").is_archived


def test_who_decides_on_an_override_is_called_and_gets_the_buttons(office: Office) -> None:
    office.sender.command("/vorfall", "melden Laptop weg", user="U0MAX")
    office.sender.command("/vorfall", "dringend 1", user="U0JANA")
    office.sender.command("/vorfall", "rolle INC-2026-0001 leitung ich", user="U0JANA")
    office.sender.command("/vorfall", "ausnahme 1 eindämmen Angreifer ist aktiv", user="U0JANA")
    office.deliver()
    office.deliver(seconds=30)
    channel = office.slack.channel_named("inc-2026-0001")
    asked = next(one for one in channel.messages if "Angreifer ist aktiv" in one.text)
    shown = json.dumps(asked.blocks, ensure_ascii=False)
    assert "Bitte entscheiden: <@U0PETRA>" in shown
    assert "<@U0JANA>" not in shown, "nobody decides on what they asked for"
    assert "Beleg" in json.dumps(asked.blocks[-1], ensure_ascii=False), "the receipt stays last"
    grants = [one["value"] for block in asked.blocks for one in block.get("elements", ()) if "value" in one]
    assert grants == ["INC-2026-0001 grant", "INC-2026-0001 deny"]
