from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from integrations.github.client import AppCredentials, Client, TokenCredentials
from tests.fakes.github import APP_ID, PERSONAL_TOKEN, FakeGitHub

REPO = "acme/shop"
NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[FakeGitHub]:
    with FakeGitHub() as forge:
        assert forge.gate.private_key
        yield forge


@pytest.fixture
def forge(running: FakeGitHub) -> Iterator[FakeGitHub]:
    """A fresh GitHub with one repository; only its key and its port are those of the tests before."""
    with FakeGitHub() as fresh:
        fresh.gate._key = running.gate.key
        fresh.add_repository(REPO, required=["wachbuch/gate"])
        yield fresh


@pytest.fixture
def client(forge: FakeGitHub) -> Iterator[Client]:
    """Acts as the App."""
    made = Client(AppCredentials(APP_ID, forge.gate.private_key), base_url=forge.api, timeout=30)
    yield made
    made.close()


@pytest.fixture
def token_client(forge: FakeGitHub) -> Iterator[Client]:
    """Acts with a personal token."""
    made = Client(TokenCredentials(PERSONAL_TOKEN), base_url=forge.api, timeout=30)
    yield made
    made.close()


@pytest.fixture
def pull(forge: FakeGitHub) -> int:
    """An open request by lena, one commit."""
    forge.push(REPO, "feature", "lena", message="Start\n\nChange: CHG-2026-0117")
    return forge.open_pull(REPO, "feature", "lena", title="Add basket", body="Change: CHG-2026-0117")


@pytest.fixture
def head(forge: FakeGitHub, pull: int) -> Callable[[], str]:
    """The head of the request as it now stands."""
    return lambda: forge.world.repository(REPO).pull(pull).head
