"""A request that comes twice is carried out once, and the second time it is known what became of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.office import Office, office
from workflows.commands import Command
from workflows.errors import Unseen
from workflows.incident.commands import Advance, Note, Report
from workflows.incident.terms import State
from workflows.outcome import Accepted, Refused
from workflows.requests import KEPT, SCOPE, DoneBefore, forget


def handle(place: Office, command: Command, request: str) -> object:
    return place.service.handle(command, place.actor("jana"), request)


def test_the_second_time_it_is_told_what_the_first_one_led_to(tmp_path: Path) -> None:
    with office(f"sqlite:///{tmp_path / 'a.db'}") as place:
        done = handle(place, Report(what="Laptop weg"), "r1")
        assert isinstance(done, Accepted)
        with pytest.raises(DoneBefore) as again:
            handle(place, Report(what="Laptop weg"), "r1")
        told = again.value.done
        assert (told.number, told.first, told.last) == (done.case.number, 1, done.recorded[-1].seq)
        kept = place.queries.recorded(place.case(told.number), told.first, told.last)
        assert tuple(receipt for _, receipt in kept) == done.receipts
        assert tuple(step for step, _ in kept) == done.recorded
        another = handle(place, Report(what="Laptop weg"), "r2")
        assert isinstance(another, Accepted)
        assert another.case.number != done.case.number


def test_what_led_to_nothing_may_be_asked_again(tmp_path: Path) -> None:
    with office(f"sqlite:///{tmp_path / 'a.db'}") as place:
        number = place.report()
        note = Note(case=number, text="Gesehen")
        early = Advance(case=number, to=State.CONTAIN)
        assert isinstance(handle(place, early, "r1"), Refused)
        assert isinstance(handle(place, early, "r1"), Refused)
        assert isinstance(handle(place, note, "r1"), Accepted)
        with pytest.raises(DoneBefore):
            handle(place, note, "r1")


def test_a_case_that_went_on_since_it_was_looked_at_is_left_as_it_is(tmp_path: Path) -> None:
    with office(f"sqlite:///{tmp_path / 'a.db'}") as place:
        number, jana = place.report(), place.actor("jana")
        note = Note(case=number, text="Gesehen")
        seen = place.queries.newest(number)
        assert seen == 1
        assert isinstance(handle(place, Advance(case=number, to=State.CONTAIN), ""), Refused)
        with pytest.raises(Unseen, match="to end with entry 1, found entry 2"):
            place.service.handle(note, jana, "r1", seen)
        assert place.queries.newest(number) == 2, "a refusal is an entry, too; and nothing else was recorded"
        assert isinstance(place.service.handle(note, jana, "r1", 2), Accepted), "the request has no mark of the first"
        with pytest.raises(DoneBefore):
            place.service.handle(note, jana, "r1", 2)
        assert place.queries.newest("INC-2026-0009") is None


def test_marks_go_when_nobody_repeats_any_more(tmp_path: Path) -> None:
    with office(f"sqlite:///{tmp_path / 'a.db'}") as place:
        handle(place, Report(what="Laptop weg"), "r1")
        for later, left in ((KEPT - timedelta(seconds=1), 1), (KEPT, 0)):
            with place.store.transaction() as uow:
                forget(uow.links, place.clock() + later)
            with place.store.reading() as reads:
                assert len(reads.links.of(SCOPE)) == left
