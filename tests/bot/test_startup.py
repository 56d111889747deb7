"""What a start records: once per policy, and how much looser it is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.reporting import FORMS
from bot.services import announce_routes, make_service
from bot.startup import record_start
from config.policy.loader import load_texts
from tests.office import POLICY, Office, office
from workflows.record import read_entry
from workflows.verification import verify_store


@pytest.fixture
def place(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url) as opened:
        yield opened


def kinds(place: Office) -> list[str]:
    with place.store.reading() as reads:
        return [entry.kind for entry in reads.entries()]


def test_the_first_start_opens_the_log_and_stores_the_policy(place: Office) -> None:
    assert kinds(place) == ["log.opened", "policy.loaded"]
    with place.store.reading() as reads:
        assert reads.policy_text(place.policy.sha256) == place.policy.source_text


def test_the_same_policy_is_recorded_once(place: Office) -> None:
    assert not record_start(place.service, place.policy)
    assert kinds(place) == ["log.opened", "policy.loaded"]


def test_a_looser_policy_says_by_how_many_rules(place: Office) -> None:
    looser = load_texts({"policy.yaml": (POLICY + "criteria: {relaxed: [monitoring.over]}\n").encode()})
    service = replace(place.service, policy=looser.policy, policy_hash=looser.sha256)
    assert record_start(service, looser)
    with place.store.reading() as reads:
        *_, last = reads.entries()
    data = read_entry(last.body, ()).skeleton.data
    assert data == {"sha256": looser.sha256, "before": place.policy.sha256, "loosened": 1}
    assert record_start(place.service, place.policy)
    assert kinds(place) == ["log.opened", "policy.loaded", "policy.loaded", "policy.loaded"]
    assert verify_store(place.store, deep=True).intact


def test_commands_beside_the_service_enqueue_what_it_delivers(place: Office) -> None:
    moment = place.service.moment
    assert make_service(place.store, place.policy, moment).routes == {"timer"}
    announce_routes(place.store, frozenset({"slack", "timer"}))
    assert make_service(place.store, place.policy, moment).routes == {"slack", "timer"}
    assert make_service(place.store, place.policy, moment, frozenset()).routes == frozenset()


def test_the_formats_are_those_that_help_names() -> None:
    assert list(FORMS) == ["md", "csv", "json"]
