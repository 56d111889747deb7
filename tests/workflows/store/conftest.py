from collections.abc import Iterator

import pytest

from tests.workflows.store.samples import opened
from workflows.store.store import Store


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store, once on each database."""
    with opened(database_url) as empty:
        yield empty
