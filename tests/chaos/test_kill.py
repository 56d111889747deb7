"""The real service under load, killed at random moments: what was acknowledged is there, once, and the log verifies."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.cluster import Cluster, cluster
from tests.chaos.holds import came_about, delivered_again, nothing_is_lost, nothing_is_there_twice, quiet, verified
from tests.chaos.load import Load, loaded
from tests.chaos.outside import outside
from tests.journeys.world import ORIGIN
from tests.waiting import until
from workflows.store.store import Store

VERIFY_EVERY = 5


def one_after_the_other(running: Cluster, chance: random.Random) -> None:
    """Any of several, while at least one other works. It is started again at once, and may be the next one as well."""
    killed = chance.choice(running.replicas)
    running.one_ready(besides=killed)
    time.sleep(chance.uniform(0.05, 0.6))
    killed.replace()


def the_only_one(running: Cluster, chance: random.Random) -> None:
    """The one on SQLite: sometimes while it starts, mostly while it works."""
    (only,) = running.replicas
    if chance.random() < 0.9:
        only.ready()
        time.sleep(chance.uniform(0.05, 0.8))
    else:
        time.sleep(chance.uniform(0.0, 0.3))
    only.replace()


def killed_under_load(
    folder: Path, database: str, kill: Callable[[Cluster, random.Random], None], *, replicas: int, kills: int, seed: int
) -> None:
    chance = random.Random(seed)
    with (
        Store.open(database, origin=ORIGIN, runner=False) as store,
        outside() as surroundings,
        cluster(folder, database, surroundings.settings(folder, as_app=replicas > 1), replicas) as running,
    ):
        load = Load(running, surroundings, seed)
        with loaded(load):
            for number in range(kills):
                kill(running, chance)
                if number % VERIFY_EVERY == 0:
                    verified(store)
            for one in running.replicas:
                one.ready()
            # Without kills, until something of everything has come about: however slow the machine.
            until(lambda: came_about(surroundings, load.promises), seconds=300)
        delivered_again(surroundings)
        quiet(store)
        assert load.promises.refused == [], "never anything but an acknowledgement or no answer at all"
        nothing_is_lost(store, surroundings, load.promises)
        nothing_is_there_twice(surroundings)


def prepared(database: str) -> str:
    """The tables, which on PostgreSQL no service makes."""
    with Store.open(database, origin=ORIGIN, runner=True) as store:
        store.migrate()
    return database


@pytest.mark.full
def test_a_process_killed_a_few_times_loses_and_doubles_nothing(tmp_path: Path, sqlite_url: str) -> None:
    killed_under_load(tmp_path, prepared(sqlite_url), the_only_one, replicas=1, kills=3, seed=1)


@pytest.mark.full
def test_a_process_killed_eighty_times_loses_and_doubles_nothing(tmp_path: Path, sqlite_url: str) -> None:
    killed_under_load(tmp_path, prepared(sqlite_url), the_only_one, replicas=1, kills=80, seed=2)


@pytest.mark.full
def test_replicas_killed_a_hundred_and_twenty_times_lose_and_double_nothing(tmp_path: Path, postgres_url: str) -> None:
    killed_under_load(tmp_path, prepared(postgres_url), one_after_the_other, replicas=3, kills=120, seed=3)
