"""Cases entered after the fact: every move has the time at which it really was, in the order of the phases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.incident.desk import ASSESSED, PHASES, START, Desk, given_for, policy_of, subjects
from workflows.decisions import Approved
from workflows.incident.backfilling import OFTEN_UNKNOWN, SUBJECTS
from workflows.incident.codes import Code
from workflows.incident.commands import (
    Acknowledge,
    Advance,
    Assess,
    GoBack,
    MarkUrgent,
    MovedAt,
    Report,
    RequestOverride,
    Walk,
)
from workflows.incident.terms import State

AHEAD = (*PHASES, State.CLOSED)
REPORTED = START - timedelta(days=9)


def entered(**more: object) -> Desk:
    """Reported nine days ago, assessed today; tom leads, so that jana can close."""
    desk = Desk()
    desk.do("max", Report(what="Lost phone", backfill=True, reported=REPORTED, **more))  # type: ignore[arg-type]
    desk.do("jana", Assess(**{**ASSESSED, "lead": desk.person("tom")}))
    return desk


def walked(desk: Desk, moved: Sequence[MovedAt]) -> Walk:
    answers = tuple(one for state in AHEAD for one in given_for(state, desk))
    return Walk(answers=answers, moved=tuple(moved))


def hours(*after: int) -> tuple[MovedAt, ...]:
    """The moves ahead, so many hours after the report."""
    return tuple(MovedAt(to=to, at=REPORTED + timedelta(hours=one)) for to, one in zip(AHEAD, after, strict=True))


def test_a_walk_stamps_every_move_with_its_real_time() -> None:
    desk = entered(occurred=REPORTED - timedelta(days=1))
    case = desk.do("jana", walked(desk, hours(1, 2, 3, 5, 30)))
    assert [(one.at - REPORTED) / timedelta(hours=1) for one in case.entered] == [0, 1, 2, 3, 5, 30]
    assert (case.contained, case.recovered, case.closed) == tuple(REPORTED + timedelta(hours=one) for one in (2, 5, 30))
    assert case.contain_due is None
    assert case.actions[0].at == case.contained, "what contained it was done by then"
    assert desk.entries[-1].at == desk.now, "when it was recorded stands beside"


def test_times_that_nobody_noted_follow_the_step_before_and_the_others_are_asked_for() -> None:
    desk = entered()
    known = [one for one in hours(1, 2, 3, 5, 30) if one.to not in OFTEN_UNKNOWN]
    refused = desk.copy().refused("jana", walked(desk, known[1:]))
    assert [(one.code, one.subject) for one in refused] == [(Code.NEEDS_TEXT, SUBJECTS[known[0].to])]
    case = desk.do("jana", walked(desk, known))
    assert [(one.at - REPORTED) / timedelta(hours=1) for one in case.entered] == [0, 0, 2, 2, 5, 30]


@pytest.mark.parametrize(
    ("after", "code", "wrong"),
    [
        ((1, 2, 3, 2, 30), Code.TOO_EARLY, "entered_review"),
        ((-1, 2, 3, 5, 30), Code.TOO_EARLY, "entered_contain"),
        ((1, 2, 3, 5, 24 * 9 + 1), Code.IN_FUTURE, "entered_closed"),
    ],
)
def test_no_step_lies_before_the_one_before_it_or_ahead(after: tuple[int, ...], code: Code, wrong: str) -> None:
    desk = entered()
    refused = desk.refused("jana", walked(desk, hours(*after)))
    assert [(one.code, one.subject) for one in refused] == [(code, wrong)]
    assert desk.do("jana", walked(desk, hours(1, 2, 3, 5, 30))).state is State.CLOSED


def test_it_occurred_was_detected_then_reported() -> None:
    early, late = REPORTED - timedelta(hours=2), REPORTED - timedelta(hours=1)
    desk = Desk()
    told = {"what": "Lost phone", "backfill": True}
    wrong = Report(**told, reported=REPORTED, occurred=late, detected=early)  # type: ignore[arg-type]
    assert subjects(desk.refused("max", wrong)) == ["detected"]
    assert subjects(desk.refused("max", Report(**told))) == ["reported"]  # type: ignore[arg-type]
    desk.do("max", Report(**told, reported=REPORTED, occurred=early, detected=late))  # type: ignore[arg-type]
    assert (desk.case.occurred, desk.case.detected) == (early, late)


def test_phase_by_phase_and_back_it_keeps_its_own_time() -> None:
    desk = entered()
    first = hours(1, 2, 3, 5, 30)
    desk.do("jana", Advance(to=State.CONTAIN, moved=first[:1]))
    desk.do("jana", GoBack(to=State.IDENTIFY, reason="Wrong device"))
    assert desk.case.entered[-1].at == first[0].at
    assert subjects(desk.refused("jana", Advance(to=State.CONTAIN, moved=hours(0, 2, 3, 5, 30)[:1]))) == [
        "entered_contain"
    ]
    desk.do("jana", Advance(to=State.CONTAIN))
    assert desk.case.entered[-1].at == first[0].at


def test_a_case_as_it_happens_takes_no_times_of_its_own() -> None:
    desk = Desk()
    desk.do("max", Report(what="Lost phone"))
    desk.do("jana", Assess(**ASSESSED))
    command = Advance(to=State.CONTAIN, moved=(MovedAt(to=State.CONTAIN, at=START),))
    assert subjects(desk.refused("jana", command)) == ["entered_contain"]
    assert desk.do("jana", Advance(to=State.CONTAIN)).state is State.CONTAIN


def test_nobody_is_told_now() -> None:
    desk = entered()
    assert not desk.case.wants_channel
    for command in (Acknowledge(), MarkUrgent()):
        assert [one.code for one in desk.refused("jana", command)] == [Code.AFTERWARDS]
    override = desk.refused("tom", RequestOverride(to=State.CONTAIN, reason="No time"))
    assert [one.code for one in override] == [Code.NOT_OVERRIDABLE]


TIMES = st.lists(st.none() | st.integers(-3, 24 * 10), min_size=len(AHEAD), max_size=len(AHEAD))


@given(TIMES)
def test_whatever_is_claimed_the_times_on_record_never_run_backwards(after: list[int | None]) -> None:
    desk = entered()
    moved = [
        MovedAt(to=to, at=REPORTED + timedelta(hours=one))
        for to, one in zip(AHEAD, after, strict=True)
        if one is not None
    ]
    decision = desk.tell("jana", walked(desk, moved))
    times: list[datetime] = [one.at for one in desk.case.entered]
    assert times == sorted(times)
    assert times[-1] <= desk.now
    in_order = [one.at for one in moved] == sorted(one.at for one in moved)
    known = {one.to for one in moved} >= set(AHEAD) - OFTEN_UNKNOWN
    within = all(REPORTED <= one.at <= desk.now for one in moved)
    assert isinstance(decision, Approved) == (in_order and known and within)
    if isinstance(decision, Approved):
        claimed = {one.to: one.at for one in moved}
        assert all(claimed.get(one.state, one.at) == one.at for one in desk.case.entered[1:])


def test_a_drill_calls_only_when_somebody_wants_it() -> None:
    quiet = Desk()
    quiet.do("max", Report(what="Ransomware", drill=True))
    asked = Desk()
    asked.do("max", Report(what="Ransomware", drill=True, page=True))
    always = Desk(policy_of("drills: {page: true}"))
    always.do("max", Report(what="Ransomware", drill=True))
    real = Desk()
    real.do("max", Report(what="Ransomware"))
    assert [one.case.quiet for one in (quiet, asked, always, real)] == [True, False, False, False]
