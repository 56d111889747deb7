"""Whoever decides beside the service does so by a recorded policy; a service under another one is not ready."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import compose
from bot.services import make_service
from config.policy.loader import load_texts
from config.settings import load_settings
from tests.office import POLICY, Office, office
from workflows.incident.commands import Note
from workflows.store.store import Store
from workflows.verification import verify_store

LOOSER = load_texts({"policy.yaml": (POLICY + "criteria: {relaxed: [monitoring.over]}\n").encode()})


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url) as opened:
        yield opened


def kinds(store: Store) -> list[str]:
    with store.reading() as reads:
        return [entry.kind for entry in reads.entries()]


def test_a_command_with_another_policy_records_it_before_it_decides(place: Office) -> None:
    number = place.report("Somebody clicked")
    make_service(place.store, place.policy, place.service.moment)
    assert kinds(place.store)[-1] == "incident.reported"
    beside = make_service(place.store, LOOSER, place.service.moment)
    assert kinds(place.store)[-1] == "policy.loaded"
    beside.handle(Note(case=number, text="By other rules"), place.actor("jana"))
    assert verify_store(place.store, deep=True).intact


def test_the_first_process_on_an_empty_database_opens_the_log(sqlite_url: str, place: Office) -> None:
    with Store.open(
        sqlite_url.replace("wachbuch.db", "new.db"), origin="new", runner=True, clock_tolerance=None
    ) as new:
        new.migrate()
        make_service(new, place.policy, place.service.moment)
        assert kinds(new) == ["log.opened", "policy.loaded"]


def test_a_service_under_another_policy_than_the_last_recorded_is_not_ready(place: Office, tmp_path: Path) -> None:
    app = compose(load_settings({"WACHBUCH_DATA_DIR": str(tmp_path)}), place.policy, place.store, place.service.moment)
    assert app.edge.ready() == {}
    make_service(place.store, LOOSER, place.service.moment)
    assert list(app.edge.ready()) == ["policy"]
