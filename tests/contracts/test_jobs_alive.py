"""A running service: leases, notices, and what it costs to wait."""

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.port import Job, JobTools
from bot.jobs.runner import Pace
from tests import postgres
from tests.contracts.rig import ORIGIN, Rig, draft, running
from tests.waiting import until
from workflows.store.errors import StoreRefused
from workflows.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
NEVER = timedelta(hours=1)
EAR = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
IDLE = """
import resource, sys, time
from datetime import UTC, datetime
from bot.jobs.port import Handlers
from bot.jobs.runner import Runner
from workflows.store.store import Store

def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

with Store.open(sys.argv[1], origin="test.example/log", runner=True) as store:
    store.migrate()
    runner = Runner(store, Handlers(), clock=lambda: datetime.now(UTC), on_dead=lambda uow, job, reason: None)
    runner.start()
    time.sleep(2)
    before, started = used(), time.monotonic()
    time.sleep(20)
    waited, seconds = used() - before, time.monotonic() - started
    runner.stop()
before = used()
sum(number * number for number in range(1_000_000))
print(waited, seconds, used() - before)
"""


@pytest.mark.full
def test_a_call_longer_than_its_lease_is_not_taken_over(postgres_jobs: Rig) -> None:
    begun: list[str] = []

    def long(job: Job, tools: JobTools) -> None:
        begun.append(threading.current_thread().name)
        time.sleep(4.2)

    postgres_jobs.handlers.outbox("work", long)
    pace = Pace(threads=2, lease=timedelta(seconds=4), renew_every=timedelta(seconds=0.1))
    with running(postgres_jobs.runner(pace)), running(postgres_jobs.runner(pace)):
        postgres_jobs.write(draft("a"))
        until(lambda: postgres_jobs.states() == {"done": 1})
    assert len(begun) == 1


def test_a_claim_whose_holder_died_is_free_when_its_lease_ends(postgres_jobs: Rig) -> None:
    postgres_jobs.write(draft("a"))
    with postgres_jobs.store.transaction() as uow:
        claims = uow.jobs.claim(postgres_jobs.now, "dead", 1, timedelta(minutes=1))
    seen: list[int] = []
    postgres_jobs.handlers.outbox("work", lambda job, tools: seen.append(job.attempts))
    assert postgres_jobs.drain() == 0
    with postgres_jobs.store.transaction() as uow:
        assert uow.jobs.renew(claims, timedelta(0)) == [], "its lease ends now"
    assert (postgres_jobs.drain(), seen) == (1, [2])


def test_a_lost_connection_for_notices_is_opened_again_and_nothing_waits_long(
    postgres_jobs: Rig, no_safety_poll: None
) -> None:
    heard: list[str] = []
    postgres_jobs.handlers.outbox("work", lambda job, tools: heard.append(job.dedup))

    def ears() -> list[int]:
        with postgres.connection(postgres_jobs.url) as admin:
            return [row[0] for row in admin.execute(EAR)]

    def comes(name: str) -> None:
        """Written by another process's store, done here."""
        with Store.open(postgres_jobs.url, origin=ORIGIN, runner=False) as other, other.transaction() as uow:
            uow.enqueue(draft(name))
        until(lambda: name in heard)

    with running(postgres_jobs.runner(Pace(renew_every=NEVER))):
        until(lambda: len(ears()) == 1)
        (first,) = ears()
        comes("heard at once")
        with postgres.connection(postgres_jobs.url) as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", (first,))
        comes("while deaf")
        until(lambda: bool(ears()) and first not in ears())
        comes("heard again")


def test_a_runner_that_holds_more_than_it_has_workers_takes_nothing(jobs: Rig) -> None:
    """For a moment it does: a worker takes its next job before it has let go of the one that ended."""
    jobs.handlers.outbox("work", lambda job, tools: None)
    jobs.write(*(draft(str(number)) for number in range(5)))
    runner = jobs.runner(Pace(threads=1))
    with jobs.store.transaction() as uow:
        runner._held = {claim.id: claim for claim in uow.jobs.claim(jobs.now, runner.owner, 2, timedelta(minutes=1))}
    assert runner._turn() > 0
    assert jobs.states() == {"running": 2, "ready": 3}


def test_commits_beside_the_sqlite_runner_are_found_by_its_poll(
    sqlite_jobs: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.wake.LocalWake.poll_seconds", 0.5)
    seen: list[str] = []
    sqlite_jobs.handlers.outbox("work", lambda job, tools: seen.append(job.dedup))
    with (
        running(sqlite_jobs.runner(Pace(renew_every=NEVER))),
        Store.open(sqlite_jobs.url, origin=ORIGIN, runner=False) as beside,
    ):
        time.sleep(0.3)
        with beside.transaction() as uow:
            uow.enqueue(draft("from beside"))
        until(lambda: bool(seen))


def test_only_the_runner_of_an_sqlite_file_works_off_its_jobs(sqlite_jobs: Rig) -> None:
    with Store.open(sqlite_jobs.url, origin=ORIGIN, runner=False) as beside:
        watching = Rig(sqlite_jobs.url, beside)
        with pytest.raises(StoreRefused):
            watching.runner().start()


@pytest.mark.full
def test_waiting_costs_next_to_nothing(database_url: str) -> None:
    command = [sys.executable, "-c", IDLE, database_url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    waited, seconds, probe = map(float, done.stdout.split())
    # 3 ms in a second; on a slow machine as much as this sum of squares, which takes a fast one as long.
    assert waited < max(0.003, probe / 20) * seconds
