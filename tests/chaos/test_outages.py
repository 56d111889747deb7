"""What everything depends on goes away under load and comes back: the database, Slack, the forge."""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.chaos.cluster import Cluster, cluster
from tests.chaos.holds import delivered_again, nothing_is_lost, nothing_is_there_twice, quiet, verified
from tests.chaos.load import Load, loaded
from tests.chaos.outside import Outside, outside
from tests.fakes.client import Controls
from tests.journeys.world import ORIGIN
from workflows.store.store import Store

RESTARTS = 4
ROUNDS = 2


@dataclass(frozen=True)
class Trouble:
    """How one of those outside fails for its next calls of an operation."""

    at: str
    operation: str = "*"
    settings: Mapping[str, Any] = field(default_factory=dict)
    latency_ms: int = 0

    def begin(self, outside: Outside) -> None:
        fake = self._fake(outside)
        fake.latency(self.latency_ms)
        if self.settings:
            fake.fail(self.operation, **self.settings)

    def end(self, outside: Outside) -> None:
        """Slowness ends; a failure that has not come about yet waits for its call."""
        self._fake(outside).latency(0)

    def _fake(self, outside: Outside) -> Controls:
        return {"slack": outside.slack, "github": outside.github, "gitlab": outside.gitlab}[self.at]


LOST = {"after_effect": True}
"""The work was done there, the answer never came."""
TROUBLES = (
    Trouble("slack", settings={"status": 503, "times": 30}),
    Trouble("slack", latency_ms=700),
    Trouble("slack", "chat.postMessage", {"status": 429, "retry_after": 2, "times": 3}),
    *(Trouble("slack", name, LOST) for name in ("chat.postMessage", "chat.postMessage", "conversations.create")),
    Trouble("slack", "chat.update", LOST),
    Trouble("slack", "chat.postMessage", {**LOST, "hang_ms": 16_000}),
    Trouble("github", settings={"status": 502, "times": 20}),
    Trouble("github", latency_ms=700),
    Trouble("github", settings={"status": 429, "retry_after": 2, "times": 3}),
    *(Trouble("github", name, LOST) for name in ("checks.create", "comments.create", "comments.update", "graphql")),
    Trouble("gitlab", settings={"status": 502, "times": 20}),
    Trouble("gitlab", settings={"status": 429, "retry_after": 2, "times": 3}),
    *(Trouble("gitlab", name, LOST) for name in ("statuses.create", "notes.create", "notes.update", "graphql")),
    Trouble("gitlab", "notes.create", {**LOST, "hang_ms": 11_000}),
    Trouble("github", "checks.create", {**LOST, "hang_ms": 11_000}),
    Trouble("github", "comments.create", {**LOST, "hang_ms": 11_000}),
)


@dataclass
class Place:
    """Two services on PostgreSQL, their surroundings, and their load."""

    store: Store
    running: Cluster
    outside: Outside
    load: Load

    def settled(self) -> None:
        """Everything is well again, and all that waited is done."""
        for one in self.running.replicas:
            one.ready()
        delivered_again(self.outside)
        quiet(self.store)
        nothing_is_lost(self.store, self.outside, self.load.promises)
        nothing_is_there_twice(self.outside)

    def logs(self) -> list[str]:
        return [one.log.read_text(encoding="utf-8") for one in self.running.replicas]


@contextmanager
def place(folder: Path, database: str, seed: int) -> Iterator[Place]:
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(database, origin=ORIGIN, runner=True))
        store.migrate()
        surroundings = stack.enter_context(outside())
        settings = surroundings.settings(folder, as_app=True)
        running = stack.enter_context(cluster(folder, database, settings, 2))
        yield Place(store, running, surroundings, Load(running, surroundings, seed))


@pytest.mark.full
def test_the_database_restarts_under_load(tmp_path: Path, own_postgres: postgres.OwnServer) -> None:
    with place(tmp_path, own_postgres.url, seed=4) as here:
        with loaded(here.load):
            for number in range(RESTARTS):
                time.sleep(1.5)
                own_postgres.stop("immediate" if number % 2 else "fast")
                for one in here.running.replicas:
                    one.not_ready("database")
                time.sleep(1.5)
                own_postgres.start()
                for one in here.running.replicas:
                    one.ready()
            time.sleep(1)
        verified(here.store)
        here.settled()
        assert set(here.load.promises.refused) == {503}
        for log in here.logs():
            for event in ("jobs.database.lost", "jobs.database.back", "jobs.listening.lost", "jobs.listening.back"):
                assert 0 < log.count(event) <= RESTARTS, f"{event}: once per restart"


@pytest.mark.full
def test_slack_and_the_forge_fail_in_every_way_under_load(tmp_path: Path, postgres_url: str) -> None:
    chance = random.Random(5)
    with place(tmp_path, postgres_url, seed=5) as here:
        with loaded(here.load):
            for _ in range(ROUNDS):
                for number, trouble in enumerate(chance.sample(TROUBLES, len(TROUBLES))):
                    trouble.begin(here.outside)
                    time.sleep(chance.uniform(0.3, 1.2))
                    trouble.end(here.outside)
                    if number % 2:
                        chance.choice(here.running.replicas).replace()
            time.sleep(1)
        here.settled()
        assert here.load.promises.refused == []
