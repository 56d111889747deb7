"""What another writer got in between of is done again; what errors say holds nothing that was written."""

import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.web.inbox import store_deliveries
from tests.office import Office, office
from workflows.erasure import Eraser, Erasure, LegalBasis, Selection
from workflows.errors import Conflict
from workflows.incident.commands import Note
from workflows.store.errors import Unavailable
from workflows.store.rows import Delivery
from workflows.store.unit_of_work import UnitOfWork
from workflows.verification import verify_store


@pytest.fixture
def place(database_url: str) -> Iterator[Office]:
    with office(database_url) as opened:
        yield opened


def test_work_is_done_again_from_the_start(place: Office) -> None:
    tries: list[int] = []

    def work(uow: UnitOfWork) -> int:
        uow.links.put("try", str(len(tries)), "1")
        tries.append(1)
        if len(tries) < 4:
            raise Conflict("expected nobody else, found somebody")
        return len(tries)

    assert place.store.retrying(work) == 4
    with place.store.reading() as reads:
        assert list(reads.links.of("try")) == ["3"]
    tries.clear()
    with pytest.raises(Conflict):
        place.store.retrying(lambda uow: (_ for _ in ()).throw(Conflict("always")))


def test_deliveries_in_crossing_order_are_all_stored(postgres_url: str) -> None:
    """Two batches that share deliveries in opposite order lock each other out; one is written again."""
    with office(postgres_url) as place:
        now = datetime.now(UTC)
        faults: list[Exception] = []

        def send(order: int, round_: int) -> None:
            batch = [Delivery("github", "1", f"{round_}-{number}", {}, b"{}", now) for number in range(400)][::order]
            try:
                store_deliveries(place.store, batch)
            except Exception as error:  # noqa: BLE001 - looked at below
                faults.append(error)

        for round_ in range(5):
            threads = [threading.Thread(target=send, args=(order, round_)) for order in (1, -1)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert not faults
        with place.store.reading() as reads:
            assert sum(reads.inbox.counts().values()) == 2000


def test_an_erasure_during_work_on_the_case_is_carried_out(postgres_url: str) -> None:
    with office(postgres_url) as place:
        number = place.report("Somebody clicked")
        eraser = Eraser(place.service)
        working, ended = threading.Event(), threading.Event()

        def work() -> None:
            while not ended.wait(0.02):
                place.tell("jana", Note(case=number, text="In between"))
                working.set()

        worker = threading.Thread(target=work)
        worker.start()
        try:
            for _ in range(5):
                working.clear()
                assert working.wait(60)
                asked = eraser.request(Selection(number), LegalBasis.GDPR_17, place.actor("petra"))
                assert isinstance(asked, Erasure)
                assert isinstance(eraser.confirm(asked.id, place.actor("dora")), Erasure)
        finally:
            ended.set()
            worker.join()
        assert verify_store(place.store, deep=True).intact


def test_errors_of_the_database_repeat_no_parameters(place: Office) -> None:
    who = "".join(reversed("nilodneuQ"))
    with pytest.raises((DBAPIError, Unavailable)) as caught, place.store.transaction() as uow:
        uow.connection.execute(text("INSERT INTO absent (name) VALUES (:name)"), {"name": who})
    assert who not in "".join(traceback.format_exception(caught.value))
