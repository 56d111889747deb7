"""Fixtures of the contracts: each runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.contracts.rig import Rig, rig


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
