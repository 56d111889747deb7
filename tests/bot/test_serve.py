"""The real service as a process: it starts with nothing configured, says so, and ends when asked to."""

import signal
from pathlib import Path

import pytest

from tests.running import STOP_SECONDS, NotStarted, end, first_ephemeral, free_port, log_end, start
from workflows.store.store import Store


@pytest.mark.parametrize("asked", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.full)])
def test_it_starts_with_nothing_configured_and_ends_cleanly(asked: signal.Signals, tmp_path: Path) -> None:
    running = start(tmp_path, {})
    running.process.send_signal(asked)
    assert running.process.wait(STOP_SECONDS) == 0
    said = log_end(running.log)
    assert "SLACK_BOT_TOKEN" in said
    assert "GITHUB_APP_ID" in said
    address = f"sqlite:///{running.data / 'wachbuch.db'}"
    with Store.open(address, origin="wachbuch", runner=True) as store, store.reading() as reads:
        kinds = [entry.kind for entry in reads.entries()]
    assert kinds == ["log.opened", "policy.loaded"]


@pytest.mark.full
def test_a_second_service_on_the_same_database_says_who_has_it(tmp_path: Path) -> None:
    first = start(tmp_path, {})
    try:
        with pytest.raises(NotStarted, match=f"Process {first.process.pid} serves it"):
            start(tmp_path, {})
    finally:
        end(first.process)
    assert first.process.returncode == 0, log_end(first.log)


def test_the_port_of_a_service_is_none_that_the_system_gives_to_others() -> None:
    assert all(1024 <= free_port() < first_ephemeral() for _ in range(20))
