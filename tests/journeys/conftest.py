from collections.abc import Iterator

import pytest

from tests.journeys.world import World, world


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    """A world on SQLite, in German, as a GitHub App."""
    with world(sqlite_url) as made:
        yield made


@pytest.fixture(params=["de", pytest.param("en", marks=pytest.mark.full)])
def office(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """A world in each language."""
    with world(sqlite_url, language=request.param) as made:
        yield made


@pytest.fixture
def english(sqlite_url: str) -> Iterator[World]:
    """A world in English."""
    with world(sqlite_url, language="en") as made:
        yield made
