from collections.abc import Iterator

import pytest

from tests.journeys.world import World, world


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    """A world on SQLite, in German, as a GitHub App."""
    with world(sqlite_url) as made:
        yield made
