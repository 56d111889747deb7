"""Signs that cannot be stored lose nobody's report, and what was typed never gets into a skeleton."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.office import Office, office
from workflows.commands import Command
from workflows.errors import NotFound
from workflows.incident.commands import DecideDuty, FileDuty, Note
from workflows.outcome import Refused
from workflows.verification import verify_store


@pytest.fixture
def place(database_url: str) -> Iterator[Office]:
    with office(database_url) as opened:
        yield opened


@pytest.mark.parametrize("text", ["a\x00b", "a\ud83db", "\u202eb", "b" * 100_000])
def test_every_report_is_recorded(text: str, place: Office) -> None:
    number = place.report(text)
    place.do("jana", Note(case=number, text=text))
    assert str(place.case(number).what).endswith("b")
    assert verify_store(place.store, deep=True).intact


@pytest.mark.parametrize("number", ["INC\x00", "\ud83d"])
def test_a_number_that_cannot_be_is_not_found(number: str, place: Office) -> None:
    with pytest.raises(NotFound):
        place.tell("jana", Note(case=number, text="Nowhere"))
    assert verify_store(place.store, deep=True).intact


@pytest.mark.parametrize(
    "typed",
    [
        DecideDuty(regime="erika-mustermann", required=False, reason=""),
        FileDuty(regime="erika-mustermann", reference=""),
    ],
)
def test_a_typed_word_is_in_no_skeleton(typed: Command, place: Office) -> None:
    number = place.report()
    outcome = place.tell("petra", replace(typed, case=number))
    assert isinstance(outcome, Refused)
    assert len(outcome.reasons) == 2
    with place.store.reading() as reads:
        assert not [entry for entry in reads.entries() if b"mustermann" in entry.body]
