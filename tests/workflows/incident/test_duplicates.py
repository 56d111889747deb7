"""Duplicates: which case one may name, and what the case that goes on knows of them."""

from typing import Any
from uuid import UUID

import pytest

from config.policy.ids import Visibility
from tests.workflows.incident.desk import START, Desk, assessed, reported, subjects
from workflows.incident.codes import Code
from workflows.incident.commands import Advance, Assess, FinishTask, OpenTask, Reopen
from workflows.incident.effects import MERGE, effects
from workflows.incident.merging_commands import JoinDuplicate
from workflows.incident.state import IncidentCase
from workflows.incident.terms import Kind, State
from workflows.incident.workflow import WORKFLOW

MAIN = "INC-2026-0001"
SAME = Assess(kind=Kind.DUPLICATE, reason="Same mail", duplicate_of=MAIN)


def main(**more: Any) -> IncidentCase:
    return reported().case.model_copy(update={"id": UUID(int=1), "number": MAIN, **more})


def duplicate() -> Desk:
    """Dismissed as a duplicate of the main case, with a task left open."""
    desk = reported()
    desk.related[MAIN] = main()
    desk.do("jana", OpenTask(text="Ask the sender"))
    desk.do("jana", SAME)
    desk.do("jana", Advance(to=State.DISMISSED))
    return desk


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"kind": Kind.DUPLICATE}, Code.IS_DUPLICATE),
        ({"drill": True}, Code.ONLY_DRILL),
        ({"state": State.CLOSED}, Code.ORIGINAL_OVER),
        ({"state": State.DISMISSED, "kind": Kind.FALSE_ALARM}, Code.ORIGINAL_OVER),
    ],
)
def test_the_original_is_no_duplicate_itself_no_drill_and_not_over(other: dict[str, Any], code: Code) -> None:
    desk = reported()
    desk.related[MAIN] = main(**other)
    assert [(one.code, one.found) for one in desk.refused("jana", SAME)] == [(code, MAIN)]
    assert desk.case.duplicate_id is None
    desk.related[MAIN] = main()
    assert desk.do("jana", SAME).duplicate_id == UUID(int=1)


def test_an_original_that_ends_before_its_duplicate_does_not_bury_it() -> None:
    desk = reported()
    desk.related[MAIN] = main()
    desk.do("jana", SAME)
    assert WORKFLOW.needs(desk.case, Advance(to=State.DISMISSED)) == (MAIN,)
    desk.related[MAIN] = main(state=State.CLOSED)
    (reason,) = desk.refused("jana", Advance(to=State.DISMISSED))
    assert (reason.code, reason.subject, reason.found) == (Code.ORIGINAL_OVER, "duplicate.of", MAIN)
    desk.related[MAIN] = main(state=State.CLOSED, visibility=Visibility.SEALED)
    hidden = desk.copy()
    assert hidden.do("jana", Advance(to=State.DISMISSED)).merged_into, "who may not see it learns nothing of its state"


def test_one_that_is_entered_afterwards_may_name_a_case_that_is_over() -> None:
    desk = reported(backfill=True, reported=START)
    desk.related[MAIN] = main(state=State.CLOSED)
    assert desk.do("jana", SAME).duplicate_id == UUID(int=1)


def test_its_tasks_are_still_done_and_nothing_else() -> None:
    desk = duplicate()
    assert [one.code for one in desk.refused("jana", OpenTask(text="More"))] == [Code.CASE_CLOSED]
    assert desk.do("jana", FinishTask(no=1)).tasks[0].done_at is not None
    other = reported()
    other.do("jana", OpenTask(text="Ask the sender"))
    other.do("jana", Assess(kind=Kind.FALSE_ALARM, reason="Loud test"))
    other.do("jana", Advance(to=State.DISMISSED))
    assert [one.code for one in other.refused("jana", FinishTask(no=1))] == [Code.CASE_CLOSED]


def test_the_case_that_goes_on_is_told_at_the_end_and_when_it_is_opened_again() -> None:
    desk = duplicate()
    closed = desk.case
    before = closed.model_copy(update={"state": State.IDENTIFY})
    (told,) = [one for one in effects(before, closed, tuple(desk.entries[-1:]), 4) if one.kind == MERGE]
    assert told.payload == {"case": str(closed.id), "main": str(UUID(int=1))}
    reopened = desk.do("jana", Reopen(reason="Another sender"))
    assert reopened.merged_into is None
    (undone,) = [one for one in effects(closed, reopened, tuple(desk.entries[-1:]), 5) if one.kind == MERGE]
    assert undone.payload == told.payload
    assert undone.dedup != told.dedup


@pytest.mark.parametrize(
    ("visibility", "named"),
    [(Visibility.TEAM, True), (Visibility.RESTRICTED, False), (Visibility.SEALED, False)],
)
def test_its_number_stands_there_only_where_all_may_know(visibility: Visibility, named: bool) -> None:
    desk = assessed()
    other = main(visibility=visibility, number="INC-2026-0007")
    desk.related[other.number] = other
    command = JoinDuplicate(other=other.id, number=other.number)
    (kept,) = desk.do("", command).duplicates
    assert (kept.id, kept.number) == (other.id, other.number if named else None)
    assert subjects(desk.refused("", command)) == ["duplicate.of"]
    assert desk.do("", JoinDuplicate(other=other.id, number=other.number, removed=True)).duplicates == ()
