"""Fixtures of the contracts: each runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.contracts.rig import Rig, rig

NEVER_SECONDS = 3600.0


@pytest.fixture
def jobs(database_url: str) -> Iterator[Rig]:
    """Jobs on both databases."""
    with rig(database_url) as made:
        yield made


@pytest.fixture
def postgres_jobs(postgres_url: str) -> Iterator[Rig]:
    """Jobs on PostgreSQL."""
    with rig(postgres_url) as made:
        yield made


@pytest.fixture
def sqlite_jobs(sqlite_url: str) -> Iterator[Rig]:
    """Jobs on SQLite."""
    with rig(sqlite_url) as made:
        yield made


@pytest.fixture
def no_safety_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found is found for another reason than that everything is looked through now and then."""
    monkeypatch.setattr("bot.jobs.wake.SAFETY_POLL_SECONDS", NEVER_SECONDS)
    monkeypatch.setattr("bot.jobs.wake.LocalWake.poll_seconds", NEVER_SECONDS)
