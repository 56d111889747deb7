"""Moves: the table and nothing beside it, back with a reason, walk, and what a refusal leaves behind."""

from datetime import timedelta
from itertools import product

import pytest

from config.policy.ids import Criterion, Impact, Severity
from tests.workflows.incident.desk import (
    ASSESSED,
    PHASES,
    Desk,
    assessed,
    dismissed,
    given_for,
    near_miss,
    reached,
    reported,
    subjects,
)
from workflows.commands import Command
from workflows.deadlines import contain_due, review_due, update_due
from workflows.incident import events as ev
from workflows.incident.asking import next_state, remaining
from workflows.incident.codes import Code
from workflows.incident.commands import (
    Advance,
    Answer,
    Assess,
    Close,
    Given,
    GoBack,
    Note,
    Reopen,
    Walk,
)
from workflows.incident.moves import MOVES
from workflows.incident.terms import Kind, State

S = State
FORWARD = {(move.source, move.target) for move in MOVES if not move.back}
BACK = {(move.source, move.target) for move in MOVES if move.back}


def standing_in(state: State) -> Desk:
    return dismissed() if state is S.DISMISSED else reached(state)


def test_the_table_is_the_one_that_was_agreed() -> None:
    assert {
        (S.IDENTIFY, S.CONTAIN), (S.CONTAIN, S.ERADICATE), (S.ERADICATE, S.RECOVER), (S.RECOVER, S.REVIEW),
        (S.REVIEW, S.CLOSED), (S.IDENTIFY, S.DISMISSED), (S.IDENTIFY, S.REVIEW),
    } == FORWARD  # fmt: skip
    assert {
        (S.CONTAIN, S.IDENTIFY), (S.ERADICATE, S.CONTAIN), (S.ERADICATE, S.IDENTIFY), (S.RECOVER, S.ERADICATE),
        (S.RECOVER, S.CONTAIN), (S.REVIEW, S.RECOVER), (S.REVIEW, S.IDENTIFY), (S.CLOSED, S.REVIEW),
        (S.DISMISSED, S.IDENTIFY),
    } == BACK  # fmt: skip


@pytest.mark.parametrize(("source", "target"), sorted(product(State, repeat=2)))
def test_advance_goes_forward_along_the_table_only(source: State, target: State) -> None:
    desk = reported() if source is S.IDENTIFY else standing_in(source)
    before = desk.case
    reasons = desk.refused("petra", Advance(to=target))
    assert desk.case.state is before.state
    if not source.is_open:
        assert [reason.code for reason in reasons] == [Code.CASE_CLOSED]
    elif (source, target) in BACK:
        assert [reason.code for reason in reasons] == [Code.NEEDS_REASON]
    elif (source, target) not in FORWARD:
        assert [reason.code for reason in reasons] == [Code.NO_SUCH_MOVE]


@pytest.mark.parametrize(("source", "target"), sorted(product(State, repeat=2)))
def test_going_back_follows_the_table_and_needs_a_reason(source: State, target: State) -> None:
    desk = standing_in(source)
    possible = (source, target) in BACK and source.is_open and (source, target) != (S.REVIEW, S.IDENTIFY)
    code = Code.NEEDS_REASON if possible else Code.NO_SUCH_MOVE if source.is_open else Code.CASE_CLOSED
    assert [reason.code for reason in desk.refused("jana", GoBack(to=target, reason=""))] == [code]
    command = GoBack(to=target, reason="Scope was larger")
    if possible:
        assert desk.do("jana", command).state is target
    else:
        desk.refused("jana", command)


def test_a_near_miss_goes_to_review_and_back_to_identify_only() -> None:
    desk = near_miss()
    assert desk.case.state is S.REVIEW
    assert [reason.code for reason in desk.refused("jana", GoBack(to=S.RECOVER, reason="No"))] == [Code.NO_SUCH_MOVE]
    assert desk.do("jana", GoBack(to=S.IDENTIFY, reason="It was one")).state is S.IDENTIFY
    desk.do("jana", Assess(**ASSESSED))
    assert desk.do("jana", Advance(to=S.CONTAIN)).state is S.CONTAIN


def test_an_incident_never_skips_a_phase() -> None:
    desk = assessed()
    assert subjects(desk.refused("jana", Advance(to=S.REVIEW))) == [Criterion.ASSESSMENT.value]
    assert subjects(desk.refused("jana", Advance(to=S.DISMISSED)))[0] == Criterion.ASSESSMENT.value
    for target in (S.ERADICATE, S.RECOVER, S.CLOSED):
        assert [reason.code for reason in desk.refused("jana", Advance(to=target))] == [Code.NO_SUCH_MOVE]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.INCIDENT, Kind.EVENT)])
def test_beyond_identify_the_kind_stays(kind: Kind) -> None:
    desk = reached(S.CONTAIN)
    assert [reason.code for reason in desk.refused("jana", Assess(kind=kind, reason="After all"))] == [Code.WRONG_PHASE]
    assert desk.case.kind is Kind.INCIDENT
    desk.do("jana", GoBack(to=S.IDENTIFY, reason="After all"))
    desk.do("jana", Assess(kind=kind, reason="After all"))
    assert desk.case.kind is kind


def test_a_refused_move_keeps_what_was_filled_in() -> None:
    desk = reached(S.CONTAIN)
    given = (
        Given(criterion=Criterion.CONTAINMENT_ACTION, text="Account locked", detail="No sign-ins"),
        Given(criterion=Criterion.CREDENTIALS, choice="sometimes"),
        Given(criterion=Criterion.LESSONS, text="Report earlier"),
    )
    reasons = desk.refused("jana", Advance(to=S.ERADICATE, answers=given))
    assert [(reason.code, reason.subject) for reason in reasons] == [
        (Code.INVALID, Criterion.CREDENTIALS),
        (Code.MISSING, Criterion.EVIDENCE),
    ]
    assert desk.case.actions[0].result == "No sign-ins"
    assert desk.case.answers[Criterion.LESSONS].text == "Report earlier"
    rest = (
        Given(criterion=Criterion.CREDENTIALS, choice="revoked"),
        Given(criterion=Criterion.EVIDENCE, choice="none", text="Nothing was logged"),
    )
    assert desk.do("jana", Advance(to=S.ERADICATE, answers=rest)).state is S.ERADICATE


def test_an_assessment_can_come_along_with_its_move() -> None:
    desk = reported()
    partly = Assess(**{**ASSESSED, "category": "nonsense"})
    reasons = desk.refused("jana", Advance(to=S.CONTAIN, assess=partly))
    assert [(reason.code, reason.subject) for reason in reasons] == [(Code.INVALID, Criterion.CATEGORY)]
    assert desk.case.affected == "Mailbox"
    assert desk.do("jana", Advance(to=S.CONTAIN, assess=Assess(category="phishing"))).state is S.CONTAIN


def walking(desk: Desk, *leave_out: Criterion) -> tuple[Given, ...]:
    every = (given for target in (*PHASES, S.CLOSED) for given in given_for(target, desk))
    return tuple(given for given in every if given.criterion not in leave_out)


def test_walk_records_each_move_apart_with_its_criteria() -> None:
    desk = assessed()
    desk.do("tom", Walk(answers=walking(desk)))
    assert desk.case.state is S.CLOSED
    moves = [item.event for item in desk.entries if isinstance(item.event, ev.Moved)]
    assert [move.to_state for move in moves] == [*PHASES, S.CLOSED]
    assert all(move.met for move in moves)


def test_walk_is_all_or_nothing_and_names_what_is_missing_in_every_phase() -> None:
    desk = assessed()
    left_out = (Criterion.EVIDENCE, Criterion.ROOT_CAUSE, Criterion.LESSONS)
    reasons = desk.refused("jana", Walk(answers=walking(desk, *left_out)))
    assert set(subjects(reasons)) == {*(criterion.value for criterion in left_out), Criterion.CLOSED_BY_OTHER.value}
    assert desk.case.state is S.IDENTIFY
    given = tuple(given for given in walking(desk) if given.criterion in left_out)
    assert desk.do("tom", Walk(answers=given)).state is S.CLOSED


def test_a_lead_can_walk_up_to_the_review() -> None:
    desk = assessed()
    assert desk.do("jana", Walk(to=S.REVIEW, answers=walking(desk))).state is S.REVIEW
    assert desk.do("tom", Close()).state is S.CLOSED


@pytest.mark.parametrize(("severity", "walks"), [(one, one in (Severity.S3, Severity.S4)) for one in Severity])
def test_only_s3_and_s4_can_be_walked(severity: Severity, walks: bool) -> None:
    desk = assessed(severity=severity, severity_reason="As said")
    command = Walk(answers=walking(desk))
    if walks:
        assert desk.do("tom", command).state is S.CLOSED
    else:
        assert [reason.code for reason in desk.refused("tom", command)] == [Code.NOT_WALKABLE]


def test_walk_does_not_go_where_nothing_lies_ahead() -> None:
    desk = reached(S.RECOVER)
    assert [reason.code for reason in desk.refused("jana", Walk(to=S.CONTAIN))] == [Code.NO_SUCH_MOVE]


def test_an_unassessed_report_cannot_be_walked() -> None:
    desk = reported()
    reasons = desk.refused("tom", Walk(answers=walking(desk)))
    assert {Criterion.ASSESSMENT.value, Criterion.SEVERITY.value} <= set(subjects(reasons))


OPEN_ONLY: list[tuple[str, Command]] = [
    ("jana", Note(text="Afterthought")),
    ("jana", Assess(affected="Something else")),
    ("jana", Answer(answers=(Given(criterion=Criterion.LESSONS, text="More"),))),
    ("tom", Close(answers=given_for(S.CLOSED, Desk()))),
]


@pytest.mark.parametrize(("name", "command"), OPEN_ONLY, ids=lambda value: type(value).__name__)
def test_a_closed_case_takes_no_more_until_it_is_reopened(name: str, command: Command) -> None:
    desk = reached(S.CLOSED)
    assert [reason.code for reason in desk.refused(name, command)] == [Code.CASE_CLOSED]
    desk.do("petra", Reopen(reason="A customer wrote"))
    desk.do(name, command)


def test_times_and_phases_can_be_computed() -> None:
    desk = reached(S.CLOSED)
    case = desk.case
    assert (case.contained, case.recovered, case.closed) == tuple(
        case.entered_at(state) for state in (S.ERADICATE, S.REVIEW, S.CLOSED)
    )
    assert [case.time_in(state, desk.now) for state in PHASES] == [timedelta(hours=1)] * len(PHASES)
    desk.later(hours=1).do("petra", Reopen(reason="A customer wrote"))
    assert desk.case.closed is None
    desk.later(hours=1).do("jana", GoBack(to=S.RECOVER, reason="It came back"))
    assert desk.case.recovered is None
    assert desk.case.time_in(S.REVIEW, desk.now) == timedelta(hours=2)


def test_going_back_from_recovery_asks_anew_whether_it_is_over() -> None:
    desk = reached(S.REVIEW)
    desk.do("jana", GoBack(to=S.RECOVER, reason="It came back"))
    assert subjects(desk.refused("jana", Advance(to=S.REVIEW))) == [
        "restore_source.checked", "systems.verified", "monitoring.over", "recovery.declared", "service_owner.agrees",
    ]  # fmt: skip
    desk.do("jana", Advance(to=S.REVIEW, answers=given_for(S.REVIEW, desk)))


def test_going_back_and_opening_again_promise_anew() -> None:
    desk = reached(S.CLOSED)
    severity = desk.case.severity
    desk.later(days=40).do("petra", Reopen(reason="A customer wrote"))
    assert desk.case.review_due == review_due(desk.policy, severity, desk.now)
    desk.later(hours=1).do("jana", GoBack(to=S.RECOVER, reason="It came back"))
    assert desk.case.update_due == update_due(desk.policy, severity, desk.now)
    desk.later(hours=1).do("jana", GoBack(to=S.CONTAIN, reason="It spreads"))
    assert desk.case.update_due == update_due(desk.policy, severity, desk.now)
    assert desk.case.contain_due == contain_due(desk.policy, severity, desk.now)


def test_what_is_opened_again_is_reviewed_again() -> None:
    desk = reached(S.CLOSED)
    desk.later(days=1).do("petra", Reopen(reason="A customer wrote"))
    asked = subjects(desk.refused("tom", Close()))
    assert asked == ["review.held", "process_cause", "lessons", "corrective_action"], "none needed was said too early"
    desk.do("tom", Close(answers=given_for(S.CLOSED, desk)))


def test_a_review_that_found_it_is_not_over_is_held_again() -> None:
    desk = reached(S.REVIEW)
    desk.do("jana", Answer(answers=given_for(S.CLOSED, desk)))
    desk.do("jana", GoBack(to=S.RECOVER, reason="It came back"))
    desk.do("jana", Advance(to=S.REVIEW, answers=given_for(S.REVIEW, desk)))
    assert "review.held" in subjects(desk.refused("tom", Close()))
    assert "lessons" not in subjects(desk.refused("tom", Close()))


def test_what_comes_next() -> None:
    assert next_state(reported().case) is S.CONTAIN
    assert next_state(near_miss().case) is S.CLOSED
    assert next_state(dismissed().case) is None
    desk = reported()
    desk.do("jana", Assess(kind=Kind.FALSE_ALARM))
    assert next_state(desk.case) is S.DISMISSED
    assert remaining(reached(S.RECOVER).case) == (S.REVIEW, S.CLOSED)


def test_severity_follows_impact_and_spread_until_somebody_overrides_it_with_a_reason() -> None:
    desk = assessed()
    assert desk.case.severity == "S4"
    assert desk.do("jana", Assess(availability=Impact.UNKNOWN)).severity is Severity.S3
    reasons = desk.refused("jana", Assess(severity=Severity.S1))
    assert [(reason.code, reason.subject) for reason in reasons] == [(Code.NEEDS_REASON, "severity")]
    desk.do("jana", Assess(severity=Severity.S1, severity_reason="The board"))
    desk.do("jana", Assess(availability=Impact.NONE))
    assert (desk.case.severity, desk.case.severity_reason) == (Severity.S1, "The board")
