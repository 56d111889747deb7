"""What follows a commit: which jobs, for whom they are ordered, and that they carry ids and nothing else."""

from functools import reduce
from uuid import UUID

from config.policy.ids import Severity, Visibility
from tests.workflows.incident.desk import START, Desk, assessed, blank, given_for, reached, reported
from workflows.incident.apply import apply
from workflows.incident.commands import Advance, Assess, Close, MarkUrgent, Note, Update
from workflows.incident.effects import effects
from workflows.incident.terms import Kind, State
from workflows.workflow import Effect

CHANNEL = {"slack.channel.create", "slack.channel.topic", "slack.channel.invite", "slack.summary", "slack.digest"}


def since(desk: Desk, seen: int, version: int = 2) -> tuple[Effect, ...]:
    """The effects of all entries after the first `seen`."""
    before = reduce(apply, desk.entries[:seen], blank())
    return effects(before, desk.case, tuple(desk.entries[seen:]), version)


def kinds(found: tuple[Effect, ...]) -> set[str]:
    return {effect.kind for effect in found}


def test_a_report_is_a_thread_and_no_channel_and_begins_to_call() -> None:
    assert kinds(since(reported(), 0)) == {"slack.thread", "slack.homes", "timer.page"}


def test_a_case_entered_afterwards_pages_nobody() -> None:
    assert kinds(since(reported(backfill=True, reported=START), 0)) == {"slack.homes"}


def test_the_channel_comes_with_the_assessment_as_incident_and_only_once() -> None:
    desk = reported()
    seen = len(desk.entries)
    assert kinds(since(assessed(desk), seen)) >= CHANNEL
    seen = len(desk.entries)
    desk.do("jana", Assess(affected="All mailboxes"))
    assert "slack.channel.create" not in kinds(since(desk, seen))


def test_another_assessment_opens_none() -> None:
    desk = reported()
    seen = len(desk.entries)
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="A drill"))
    assert not kinds(since(desk, seen)) & CHANNEL


def test_or_earlier_when_it_is_urgent() -> None:
    desk = reported()
    seen = len(desk.entries)
    desk.do("max", MarkUrgent())
    assert "slack.channel.create" in kinds(since(desk, seen))
    assert "slack.channel.create" in kinds(since(reported(urgent=True), 0))


def test_a_move_changes_topic_and_summary_and_closing_archives() -> None:
    desk = reached(State.REVIEW)
    seen = len(desk.entries)
    desk.refused("tom", Close())
    assert kinds(since(desk, seen)) <= {"slack.summary"}
    seen = len(desk.entries)
    desk.do("jana", Update(text="Nearly there"))
    assert kinds(since(desk, seen)) == {"slack.post", "slack.summary"}
    seen = len(reached(State.REVIEW).entries)
    closed = reached(State.CLOSED)
    assert {"slack.archive", "slack.channel.topic", "slack.post"} <= kinds(since(closed, seen))


def test_a_named_cause_looks_for_earlier_ones() -> None:
    desk = reached(State.ERADICATE)
    seen = len(desk.entries)
    desk.do("jana", Advance(to=State.RECOVER, answers=given_for(State.RECOVER, desk)))
    assert "timer.recurrence" in kinds(since(desk, seen))


def test_jobs_carry_ids_only_and_never_repeat() -> None:
    desk = reported(visibility=Visibility.RESTRICTED)
    assessed(desk, severity=Severity.S3, severity_reason="The board")
    desk.do("jana", Note(text="Call from Jana K."))
    desk.do("jana", Advance(to=State.CONTAIN))
    found = since(desk, 0)
    assert [effect.payload for effect in found if effect.kind == "slack.homes"] == [{}]
    for effect in found:
        if effect.kind == "slack.homes":
            continue  # It is about whoever looks, not about a case.
        assert effect.payload["case"] == str(desk.case.id)
        assert all(isinstance(value, int) or UUID(str(value)) for value in effect.payload.values())
        assert set(effect.payload) <= {"case", "seq", "also", "version", "what", "due"}
        assert str(desk.case.id) in effect.dedup
    assert len({effect.dedup for effect in found}) == len(found)


def test_steps_of_the_channel_do_not_wait_for_each_other() -> None:
    found = [effect for effect in since(assessed(), 1) if effect.kind in CHANNEL]
    assert len({effect.key for effect in found}) == len(CHANNEL)
