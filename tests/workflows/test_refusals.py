"""A refusal is evidence once a minute, and changes nothing but who is known."""

from collections.abc import Iterator

import pytest

from tests.office import Office, office
from workflows.incident.commands import Advance, Assess, Note
from workflows.incident.state import IncidentCase
from workflows.incident.terms import State
from workflows.ledger.kinds import EntryKind
from workflows.outcome import Refused
from workflows.record import read_entry
from workflows.store.rows import CaseRow
from workflows.verification import verify_store


@pytest.fixture
def place(database_url: str) -> Iterator[Office]:
    with office(database_url) as opened:
        yield opened


def row_of(place: Office, number: str) -> CaseRow:
    with place.store.reading() as reads:
        row = reads.case(number)
    assert row is not None
    return row


def entries(place: Office, kind: EntryKind) -> int:
    with place.store.reading() as reads:
        return len([entry for entry in reads.entries() if entry.kind == kind])


def test_a_refusal_changes_nothing_but_people_and_the_sequence(place: Office) -> None:
    number = place.report()
    before = row_of(place, number)
    outcome = place.tell("jana", Advance(case=number, to=State.CONTAIN))
    assert isinstance(outcome, Refused)
    assert len(outcome.reasons) > 3
    after = row_of(place, number)
    assert after.seq == before.seq + 1
    old, new = (IncidentCase.model_validate_json(row.doc) for row in (before, after))
    assert new == old.model_copy(update={"people": new.people})
    assert new.pseudonym_of("jana") == "p2"
    assert verify_store(place.store).intact


def test_the_same_refusal_is_recorded_once_a_minute_for_each_actor(place: Office) -> None:
    number = place.report()
    move = Advance(case=number, to=State.CONTAIN)
    for _ in range(3):
        place.tell("jana", move)
    assert entries(place, EntryKind.CASE_REFUSED) == 1
    place.tell("tom", move)
    assert entries(place, EntryKind.CASE_REFUSED) == 2
    place.clock.forward(seconds=59)
    place.tell("jana", move)
    assert entries(place, EntryKind.CASE_REFUSED) == 2
    place.clock.forward(seconds=2)
    place.tell("jana", move)
    assert entries(place, EntryKind.CASE_REFUSED) == 3
    assert verify_store(place.store).intact


def test_another_refusal_of_the_same_minute_is_recorded(place: Office) -> None:
    number = place.report()
    place.tell("jana", Advance(case=number, to=State.CONTAIN))
    place.tell("jana", Advance(case=number, to=State.CLOSED))
    assert entries(place, EntryKind.CASE_REFUSED) == 2


def test_who_may_not_leaves_an_entry_of_another_kind(place: Office) -> None:
    number = place.report(by="max")
    outcome = place.tell("max", Assess(case=number, category="phishing"))
    assert isinstance(outcome, Refused)
    assert [reason.code for reason in outcome.reasons] == ["not_allowed"]
    assert entries(place, EntryKind.ACCESS_REFUSED) == 1
    assert place.tell("jana", Assess(case=number, category="phishing")).receipts
    assert verify_store(place.store).intact


def test_a_refused_entry_holds_codes_and_nothing_that_was_typed(place: Office) -> None:
    number = place.report()
    outcome = place.tell("jana", Note(case=number, text="", corrects=99))
    assert isinstance(outcome, Refused)
    receipt = outcome.receipts[0]
    with place.store.reading() as reads:
        stored = reads.entry(receipt.index)
    assert stored is not None
    skeleton = read_entry(stored.body, ()).skeleton
    assert skeleton.data["command"] == "note"
    assert skeleton.data["codes"] == [reason.code for reason in outcome.reasons]
    assert set(skeleton.sd) <= {"person_p2"}


def test_a_clock_that_was_put_back_silences_no_refusal(place: Office) -> None:
    number = place.report("Somebody clicked")
    place.tell("jana", Advance(case=number, to=State.CONTAIN))
    place.clock.forward(hours=-3)
    place.tell("jana", Advance(case=number, to=State.CONTAIN))
    assert entries(place, EntryKind.CASE_REFUSED) == 2
