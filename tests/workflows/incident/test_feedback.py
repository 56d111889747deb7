"""Feedback on how a case went: from the review on, by whoever sees it, and nothing else of the case changes."""

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.incident.desk import Desk, dismissed, near_miss, reached, reported
from workflows.incident.codes import Code
from workflows.incident.effects import effects
from workflows.incident.events import Reported
from workflows.incident.evidence_terms import NoteKind
from workflows.incident.feedback_commands import GiveFeedback
from workflows.incident.feedback_events import FeedbackGiven
from workflows.incident.terms import State

BEFORE: Final = {state: reached(state) for state in (State.CONTAIN, State.ERADICATE, State.RECOVER)}
AFTER: Final = {
    "review": reached(State.REVIEW), "near miss": near_miss(), "closed": reached(State.CLOSED),
    "dismissed": dismissed(),
}  # fmt: skip
SAID: Final = st.lists(
    st.tuples(st.sampled_from(("jana", "tom", "petra", "max", "dora")), st.text(min_size=1, max_size=40)), min_size=1,
    max_size=4,
)  # fmt: skip


@pytest.mark.parametrize("early", [reported(), *BEFORE.values()], ids=lambda one: one.case.state.value)
def test_before_the_review_there_is_nothing_to_look_back_on(early: Desk) -> None:
    (reason,) = early.copy().refused("jana", GiveFeedback(text="Zu viele Formulare"))
    assert (reason.code, reason.found, reason.remedy) == (Code.STILL_RUNNING, early.case.state.value, "note")


def test_without_a_word_there_is_no_feedback() -> None:
    desk = AFTER["closed"].copy()
    assert [one.code for one in desk.refused("jana", GiveFeedback(text=""))] == [Code.NEEDS_TEXT]
    desk.do("jana", GiveFeedback(text="Zu viele Formulare"))


@given(st.sampled_from(sorted(AFTER)), SAID)
def test_feedback_changes_nothing_else_of_the_case_and_nothing_follows(
    where: str, said: Sequence[tuple[str, str]]
) -> None:
    desk = AFTER[where].copy()
    before, seen = desk.case, len(desk.entries)
    for who, text in said:
        desk.do(who, GiveFeedback(text=text))
    given_ = desk.case.notes[len(before.notes) :]
    assert [(one.kind, one.text) for one in given_] == [(NoteKind.FEEDBACK, text) for _, text in said]
    assert [one.by for one in given_] == [desk.case.pseudonym_of(who) for who, _ in said]
    assert desk.case.model_copy(update={"notes": before.notes, "people": before.people}) == before
    fresh = tuple(desk.entries[seen:])
    assert {type(item.event) for item in fresh} == {FeedbackGiven}
    assert effects(before, desk.case, fresh, 2) == ()
    assert Reported in {type(item.event) for item in desk.entries[:seen]}
