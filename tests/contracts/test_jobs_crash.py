"""Processes that die, and processes that share the work."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.jobs.port import Job, JobTools
from bot.jobs.runner import Pace
from tests.contracts.rig import ORIGIN, START, Rig, draft, rig
from tests.contracts.worker import THREADS, pace
from tests.postgres import OwnServer
from tests.waiting import until
from workflows.store.errors import Unavailable
from workflows.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
KEYS = "abcdef"


@dataclass(frozen=True)
class Effect:
    """One line of the log: an effect that happened outside."""

    pid: int
    name: str
    attempt: int


@dataclass
class Workers:
    """Processes working on one database, and the log of their effects."""

    url: str
    log: Path
    seconds: float = 0.02
    lease: float = 2.0
    """Seconds. Long against the pauses of a busy machine, which would free what a process still works on."""

    @contextmanager
    def one(self) -> Iterator[subprocess.Popen[bytes]]:
        """A process; ends gracefully at the end of the block unless it was killed before."""
        command = [sys.executable, "-m", "tests.contracts.worker", self.url, str(self.log)]
        command += [str(self.seconds), str(self.lease)]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as process:
            try:
                until(lambda: any(effect.name == "started" for effect in self.of(process.pid)))
                yield process
            except BaseException:
                process.kill()
                raise

    def of(self, pid: int) -> list[Effect]:
        return [effect for effect in self.effects() if effect.pid == pid]

    def effects(self) -> list[Effect]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [Effect(int(pid), name, int(attempt)) for pid, name, attempt in map(str.split, lines)]

    def calls(self) -> list[Effect]:
        return [effect for effect in self.effects() if effect.attempt]


def written(url: str, per_key: int, first: int = 0) -> list[str]:
    """The tables, and jobs of both kinds for each key, in order; returns the names of the outgoing ones."""
    names = [f"{key}:{number}" for number in range(first, first + per_key) for key in KEYS]
    with rig(url) as made:
        made.write(*(draft(name, name[0], kind="call") for name in names))
        made.write(*(draft(f"in-{name}", f"in-{name[0]}", kind="inside") for name in names))
    return names


def written_until_both_work(workers: Workers, both: tuple[int, int], least: int) -> list[str]:
    """As many jobs as it takes: while one process gets no turn, the other may have done all there were."""
    names: list[str] = []

    def both_work() -> bool:
        if is_all_done(workers.url) or not names:
            names.extend(written(workers.url, 8, first=len(names) // len(KEYS)))
        return all(len(workers.of(pid)) > least for pid in both)

    until(both_work)
    return names


def is_all_done(url: str) -> bool:
    with Store.open(url, origin=ORIGIN, runner=False) as store, store.reading() as reads:
        return set(reads.jobs.stats(START).counts) == {"done"}


def inside(url: str) -> Counter[str]:
    with Store.open(url, origin=ORIGIN, runner=False) as store, store.reading() as reads:
        return Counter(reads.links.of("inside").values())


def check(workers: Workers, names: list[str], kills: int) -> None:
    """Nothing lost; inside a transaction exactly once; outside at least once, and in order."""
    calls = workers.calls()
    times = Counter(effect.name for effect in calls)
    assert set(times) == set(names)
    assert inside(workers.url) == Counter({"1": len(names)})
    assert sum(times.values()) - len(names) <= kills * THREADS
    for key in KEYS:
        order = [int(effect.name.split(":")[1]) for effect in calls if effect.name.startswith(key)]
        assert order == sorted(order)
    repeated = {name for name, count in times.items() if count > 1}
    assert repeated <= {effect.name for effect in calls if effect.attempt > 1}


def killed_again_and_again(url: str, log: Path, rounds: int) -> None:
    names: list[str] = []
    workers = Workers(url, log)
    for round_ in range(rounds):
        names += written(url, 4, first=4 * round_)  # what is left of earlier rounds may be nothing
        with workers.one() as process:
            until(lambda pid=process.pid: len(workers.of(pid)) >= 5)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
    with workers.one() as process:
        until(lambda: is_all_done(url))
        assert process.stdin is not None
        process.stdin.close()
    assert workers.effects()[-1].name == "stopped-True"
    check(workers, names, rounds)


def test_killed_in_the_middle_of_its_work_nothing_is_lost(database_url: str, tmp_path: Path) -> None:
    killed_again_and_again(database_url, tmp_path / "log", rounds=2)


@pytest.mark.full
def test_killed_many_times_nothing_is_lost(database_url: str, tmp_path: Path) -> None:
    killed_again_and_again(database_url, tmp_path / "log", rounds=6)


@pytest.mark.full
def test_two_processes_share_the_work_and_one_takes_over_when_the_other_dies(postgres_url: str, tmp_path: Path) -> None:
    workers = Workers(postgres_url, tmp_path / "log", seconds=0.03)
    written(postgres_url, per_key=0)
    with workers.one() as first, workers.one() as second:
        names = written_until_both_work(workers, (first.pid, second.pid), least=3)
        first.send_signal(signal.SIGKILL)
        first.wait()
        died = time.monotonic()
        until(lambda: is_all_done(postgres_url))
        took_over = time.monotonic() - died
        assert second.stdin is not None
        second.stdin.close()
    assert took_over < Pace().lease.total_seconds(), "the lease is the one that was set"
    check(workers, names, kills=1)


@pytest.mark.full
def test_two_processes_never_do_the_same_work(postgres_url: str, tmp_path: Path) -> None:
    workers = Workers(postgres_url, tmp_path / "log", lease=60)
    written(postgres_url, per_key=0)
    with workers.one() as first, workers.one() as second:
        names = written_until_both_work(workers, (first.pid, second.pid), least=1)
        until(lambda: is_all_done(postgres_url))
        for process in (first, second):
            assert process.stdin is not None
            process.stdin.close()
    assert Counter(effect.name for effect in workers.calls()) == Counter(names)
    assert {effect.pid for effect in workers.calls()} == {first.pid, second.pid}


@pytest.mark.full
def test_a_database_that_crashes_during_a_call_remembers_that_it_was_begun(own_postgres: OwnServer) -> None:
    with rig(own_postgres.url) as jobs:
        seen: list[int] = []

        def call(job: Job, tools: JobTools) -> None:
            seen.append(job.attempts)
            if len(seen) == 1:
                own_postgres.stop("immediate")

        jobs.handlers.outbox("work", call)
        jobs.write(draft("a"))
        runner = jobs.runner(pace(lease=2))
        with pytest.raises(Unavailable):
            runner.drain(jobs.now)
        own_postgres.start()
        until(lambda: runner.drain(jobs.now) == 1)
    assert seen == [1, 2], "who tries again knows that the call may have had its effect"


def test_what_a_dead_runner_left_running_is_taken_up_at_the_next_start(sqlite_jobs: Rig) -> None:
    seen: list[int] = []
    sqlite_jobs.handlers.outbox("work", lambda job, tools: seen.append(job.attempts))
    sqlite_jobs.write(draft("a"))
    with sqlite_jobs.store.transaction() as uow:
        uow.jobs.claim(sqlite_jobs.now, f"dead:{os.getpid()}", 1, Pace().lease)
    assert sqlite_jobs.drain() == 0
    assert sqlite_jobs.runner().recover() == 1
    assert (sqlite_jobs.drain(), seen) == (1, [2])
