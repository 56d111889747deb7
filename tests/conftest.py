"""Fixtures for all tests: databases of their own, no outside world."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests import postgres, sockets

# Shared machines pause for seconds; a slow example is no finding. The long runs look at more of them.
# The same examples in every run: a run that fails says something about the change, never about chance. Other examples:
# `--hypothesis-profile=explore`.
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("quick", deadline=None, max_examples=20, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("full", deadline=None, max_examples=300, derandomize=True, suppress_health_check=_SLOW)
settings.register_profile("explore", deadline=None, max_examples=1000, suppress_health_check=_SLOW)


# Where rich is installed an exception is logged with the values of all variables: seconds for one of a whole world.
_PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _PLAIN])


def pytest_configure(config: pytest.Config) -> None:
    sockets.stay_inside()
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(postgres.scratch()))
    usual = "quick" if "not full" in config.getoption("-m") else "full"
    settings.load_profile(config.getoption("--hypothesis-profile") or usual)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported here stays until the end: looking through it for garbage is a third of collecting the tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the run's PostgreSQL. Without one: failed in CI, skipped elsewhere."""
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"p{os.getpid()}"
    try:
        with postgres.server(run_id) as url:
            yield url
    except postgres.NoServerError as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL belongs to the tests: {error}")
        pytest.skip(f"NOT TESTED on PostgreSQL: {error}")


@pytest.fixture
def own_postgres() -> Iterator[postgres.OwnServer]:
    """A PostgreSQL that the test may stop and start."""
    try:
        with postgres.own_server(uuid4().hex) as started:
            yield started
    except postgres.NoServerError as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL belongs to the tests: {error}")
        pytest.skip(f"NOT TESTED with a database that restarts: {error}")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh, empty SQLite file."""
    return f"sqlite:///{tmp_path / 'wachbuch.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database; the test runs on both kinds."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
