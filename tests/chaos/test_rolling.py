"""One process after the other is replaced under load: nobody notices, nothing is lost, nothing is refused."""

import signal
import time
from pathlib import Path

import pytest

from tests.chaos.load import loaded
from tests.chaos.test_outages import place


@pytest.mark.full
def test_a_rolling_restart_refuses_and_loses_nothing(tmp_path: Path, postgres_url: str) -> None:
    with place(tmp_path, postgres_url, seed=6) as here:
        first, second = here.running.replicas
        here.load.balanced = True
        with loaded(here.load):
            for leaving, staying in ((first, second), (second, first), (first, second)):
                time.sleep(1)
                leaving.signal(signal.SIGTERM)
                while not (found := leaving.readiness()):
                    assert found is not None, "it stopped listening before it said that it is not ready"
                    time.sleep(0.02)
                assert found == {"process": "is about to end"}
                assert staying.readiness() == {}
                assert leaving.ended() == 0
                leaving.start()
                leaving.ready()
        here.settled()
        assert here.load.promises.refused == []
        assert here.load.unanswered == 0
