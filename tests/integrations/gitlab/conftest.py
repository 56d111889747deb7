from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.gitlab.client import Client
from tests.fakes.gitlab import TOKEN, FakeGitLab

PROJECT = "acme/till"
NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


class Clock:
    """Moves only by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def forge(clock: Clock) -> Iterator[FakeGitLab]:
    """A GitLab below a path, as it can be installed."""
    with FakeGitLab(clock=clock, prefix="/git") as fresh:
        fresh.add_project(PROJECT)
        yield fresh


@pytest.fixture
def client(forge: FakeGitLab) -> Iterator[Client]:
    made = Client(forge.web + "/", TOKEN, timeout=30)
    yield made
    made.close()


@pytest.fixture
def iid(forge: FakeGitLab) -> int:
    """An open request by lena, one commit."""
    forge.push(PROJECT, "feature", "lena", message="Start\n\nChange: CHG-2026-0117")
    return forge.open_request(PROJECT, "feature", "lena", title="Add basket", description="Change: CHG-2026-0117")
