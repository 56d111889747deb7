"""Custody of evidence, and messages of the timeline: each told once, nothing overwritten."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.policy.ids import SecondPersonRule
from tests.workflows.incident.desk import START, Desk, assessed, reached, reported
from workflows.commands import Command
from workflows.incident import evidence_events as ev
from workflows.incident.codes import Code
from workflows.incident.commands import RecordEvidence
from workflows.incident.evidence_commands import (
    AskDisposal,
    CheckEvidence,
    ConfirmDisposal,
    ExportEvidence,
    HandOverEvidence,
    NoteOriginal,
    NoteUnfetched,
    PinMessage,
    ViewEvidence,
)
from workflows.incident.evidence_terms import CheckResult, CustodyStep, NoteKind, OriginalChange, Unfetched
from workflows.incident.terms import State

ORIGIN = "C01/1700000000.000100"


def kept(access: str = "") -> Desk:
    """A case with one file in the evidence folder."""
    desk = reported()
    desk.do("jana", RecordEvidence(description="Log", sha256="a" * 64, size=3, stored=True, access_class=access))
    return desk


def codes(desk: Desk, name: str, command: Command) -> list[str]:
    return [reason.code for reason in desk.refused(name, command)]


def test_the_chain_of_custody_names_every_step_in_its_order() -> None:
    desk = assessed(kept())
    desk.do("max", ViewEvidence(no=1))
    desk.do("jana", ExportEvidence(no=1, purpose="Analysis"))
    assert codes(desk, "jana", HandOverEvidence(no=1, receiver="Police", purpose="")) == [Code.NEEDS_TEXT]
    desk.do("jana", HandOverEvidence(no=1, receiver="Police", purpose="Charges", occurred=START - timedelta(hours=1)))
    desk.do("", CheckEvidence(no=1, result=CheckResult.MISSING))
    (item,) = desk.case.evidence
    assert [one.step for one in item.custody] == [
        CustodyStep.VIEWED, CustodyStep.EXPORTED, CustodyStep.HANDED_OVER, CustodyStep.CHECKED,
    ]  # fmt: skip
    assert item.custody[2].at == START - timedelta(hours=1)
    assert item.finding is CheckResult.MISSING
    desk.do("", CheckEvidence(no=1, result=CheckResult.INTACT))
    assert desk.case.evidence[0].finding is None


def test_an_access_class_keeps_others_out() -> None:
    desk = assessed(kept("restricted"))
    assert codes(desk, "tom", ViewEvidence(no=1)) == [Code.NOT_ALLOWED]
    assert codes(desk, "dora", ExportEvidence(no=1)) == [Code.NOT_ALLOWED]
    desk.do("petra", ViewEvidence(no=1))
    desk.do("jana", ViewEvidence(no=1))
    assert len(desk.case.evidence[0].custody) == 2


def test_altered_is_only_what_amounts_to_something_else() -> None:
    desk = kept()
    for found in ("", "x", "a" * 64):
        assert codes(desk, "jana", CheckEvidence(no=1, result=CheckResult.ALTERED, found=found)) == [Code.INVALID]
    desk.do("jana", CheckEvidence(no=1, result=CheckResult.ALTERED, found="b" * 64))
    assert desk.case.evidence[0].finding is CheckResult.ALTERED


@pytest.mark.parametrize("state", [State.IDENTIFY, State.CLOSED])
def test_two_persons_destroy_evidence_and_its_entries_stay(state: State) -> None:
    desk = reached(state, kept())
    assert codes(desk, "petra", ConfirmDisposal(no=1)) == [Code.DISPOSAL_NOT_ASKED]
    assert codes(desk, "petra", AskDisposal(no=1, reason="")) == [Code.NEEDS_REASON]
    desk.do("petra", AskDisposal(no=1, reason="Retention over"))
    assert codes(desk, "petra", ConfirmDisposal(no=1)) == [Code.SECOND_PERSON]
    desk.do("dieter", ConfirmDisposal(no=1))
    item = desk.case.evidence[0]
    assert item.disposed_at == desk.now
    assert codes(desk, "petra", ViewEvidence(no=1)) == [Code.UNKNOWN_ITEM]
    assert desk.policy.second_persons[SecondPersonRule.DISPOSAL].fallback == "none"


def test_a_gap_is_told_once_for_each_reason() -> None:
    desk = reported()
    for why in (Unfetched.NO_ANSWER, Unfetched.NO_ANSWER, Unfetched.GONE):
        desk.do("", NoteUnfetched(origin="F01", why=why))
    assert [gap.why for gap in desk.case.gaps] == [Unfetched.NO_ANSWER, Unfetched.GONE]


# messages -----------------------------------------------------------------------------------------------------

PIN = PinMessage(origin=ORIGIN, text="v0", occurred=START - timedelta(minutes=30))
EDITS = tuple(
    NoteOriginal(
        origin=ORIGIN, change=OriginalChange.EDITED, text=f"v{no}", occurred=START - timedelta(minutes=20 - no)
    )
    for no in range(1, 4)
)
GONE = NoteOriginal(origin=ORIGIN, change=OriginalChange.DELETED, occurred=START - timedelta(minutes=1))


def test_a_message_stands_at_the_time_it_was_written() -> None:
    desk = reported()
    desk.do("jana", PinMessage(origin=ORIGIN, text="Odd mail", occurred=START - timedelta(hours=2),
                               author=desk.person("max")))  # fmt: skip
    (note,) = desk.case.notes
    assert (note.occurred_at, note.at) == (START - timedelta(hours=2), START)
    assert (note.author, note.by) == (desk.case.pseudonym_of("max"), desk.case.pseudonym_of("jana"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from((PIN, *EDITS, GONE)), max_size=14))
def test_whatever_comes_in_whatever_order_counts_once(told: list[Command]) -> None:
    desk = reported()
    for command in told:
        desk.do("jana" if isinstance(command, PinMessage) else "", command)
    after = told[told.index(PIN) :] if PIN in told else []
    notes = desk.case.notes
    assert [one.kind for one in notes].count(NoteKind.MESSAGE) == bool(after)
    edited = sorted(str(one.text) for one in notes if one.kind is NoteKind.EDITED)
    assert edited == sorted({one.text for one in after if one in EDITS and isinstance(one, NoteOriginal)})
    assert [one.kind for one in notes].count(NoteKind.DELETED) == (GONE in after)
    assert all(one.text == "v0" for one in notes if one.kind is NoteKind.MESSAGE), "nothing is overwritten"


def test_a_version_that_was_put_here_already_is_no_edit() -> None:
    desk = reported()
    desk.do("jana", PinMessage(origin=ORIGIN, text="v2", occurred=PIN.occurred, version=EDITS[1].occurred))
    for edit in EDITS:
        desk.do("", edit)
    assert [one.text for one in desk.case.notes] == ["v2", "v3"]


def test_the_original_of_evidence_may_change_and_what_was_kept_stays() -> None:
    desk = reported()
    whole = RecordEvidence(description="Log", origin="F01", sha256="a" * 64, stored=True)
    desk.do("jana", whole)
    desk.do("jana", whole)
    gone = NoteOriginal(origin="F01", change=OriginalChange.DELETED, occurred=START)
    desk.do("", gone)
    desk.do("", gone)
    (item,) = desk.case.evidence
    assert [one.step for one in item.custody] == [CustodyStep.ORIGINAL_DELETED]
    assert desk.kinds().count(ev.OriginalChanged) == 1
