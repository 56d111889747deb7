"""Two processes on one PostgreSQL: deliveries stored, jobs done, and who takes over when one is killed."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.deliveries import SECRET, pull_request
from tests.benchmarks.figures import Figure, Section
from tests.benchmarks.load import Load, raw_request, run_load
from tests.benchmarks.probes import fdatasync_rate
from tests.running import Running, end, start
from workflows.store.leases import CHECKPOINT
from workflows.store.rows import JobState
from workflows.store.store import Store

COUNT = 1000
CONNECTIONS = 16
"""To each of the two."""
WARM_UP = 100
PATIENCE_SECONDS = 90.0
SIGNING_SECONDS = 20.0
JOBS_SECONDS = 35.0
"""A claim ends after 30 s; it is looked for every five."""
ORIGIN = "bench"


def measure(folder: Path, url: str | None) -> Section:
    """`url` None: there is no PostgreSQL here."""
    section = Section(
        "Two processes on PostgreSQL",
        f"{COUNT} signed deliveries of 12 kB over {CONNECTIONS} connections to each of two processes; fsync=on,"
        " synchronous_commit=on. Then the one that may sign is killed (SIGKILL) under the same load.",
    )
    if url is None:
        section.conditions += " Not measured: no PostgreSQL here."
        return section
    sync = fdatasync_rate(folder)
    with Store.open(url, origin=ORIGIN, runner=True) as store:
        store.migrate()
        with _two(folder, url) as services:
            section.figures = [*_together(store, services, sync), *_one_killed(store, services)]
    return section


def _together(store: Store, services: Sequence[Running], sync: float) -> Iterator[Figure]:
    _sent(services, 9000, WARM_UP)
    _wait(lambda: _idle(store))
    done, began = _done(store), time.perf_counter()
    loads = _sent(services, 0, COUNT)
    _wait(lambda: _idle(store))
    rate = (_done(store) - done) / (time.perf_counter() - began)
    statuses = sum((load.statuses for load in loads), Counter[int]())
    lost = statuses[202] - (_stored(store) - WARM_UP)
    wall = max(load.wall for load in loads)
    yield Figure("deliveries stored", COUNT / wall, "1/s", probe="fdatasync/s", probe_value=sync)
    yield Figure("acknowledged and not stored", lost, "", "0", lost == 0, note=f"{dict(statuses)}")
    yield Figure("jobs done meanwhile", rate, "1/s", probe="fdatasync/s", probe_value=sync)


def _one_killed(store: Store, services: Sequence[Running]) -> Iterator[Figure]:
    signer = _signer(store)
    killed = next(one for one in services if f":{one.process.pid}:" in signer)
    with ThreadPoolExecutor(3) as pool:
        sending = pool.submit(_sent, [one for one in services if one is not killed], 5000, COUNT // 4)
        _wait(lambda: not _idle(store))
        killed.kill()
        signing = pool.submit(_wait, lambda: _signer(store) not in {"", signer})
        sending.result()
        jobs = pool.submit(_wait, lambda: _idle(store))
    for name, limit, note, seconds in (
        ("lease to sign taken over", SIGNING_SECONDS, "lease 15 s, a look every 5 s", signing.result()),
        ("after the load, its jobs done by the other", JOBS_SECONDS, "claim of 30 s", jobs.result()),
    ):
        yield Figure(name, seconds, "s", f"≤ {limit:.0f} s", seconds <= limit, note=note)


@contextmanager
def _two(folder: Path, url: str) -> Iterator[list[Running]]:
    """Each with its own folder; ended whatever happens."""
    settings = {
        "WACHBUCH_DATABASE_URL": url, "WACHBUCH_LEDGER_KEY": "bench", "GITHUB_WEBHOOK_SECRET": SECRET,
        "WACHBUCH_FORGE_MODE": "webhook",
    }  # fmt: skip
    services: list[Running] = []
    try:
        for name in ("one", "two"):
            (folder / name).mkdir()
            services.append(start(folder / name, settings))
        yield services
    finally:
        for one in services:
            end(one.process)


def _sent(services: Sequence[Running], first: int, count: int) -> list[Load]:
    """Half of the deliveries to each, at the same time."""

    def to(place: int) -> Load:
        url = services[place].url
        numbers = range(first + place, first + count, len(services))
        raw = [raw_request(url, "/webhooks/github", *pull_request(number % 500, number)) for number in numbers]
        return run_load(url, raw, CONNECTIONS)

    with ThreadPoolExecutor(len(services)) as pool:
        return list(pool.map(to, range(len(services))))


def _wait(condition: Callable[[], bool]) -> float:
    """Seconds until it holds."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise RuntimeError(f"not within {PATIENCE_SECONDS} s")
        time.sleep(0.05)
    return time.monotonic() - began


def _idle(store: Store) -> bool:
    """Whether nothing is due and nothing is in hand."""
    with store.reading() as reads:
        stats = reads.jobs.stats(datetime.now(UTC))
    return stats.waiting_since is None and not stats.counts.get(JobState.RUNNING)


def _done(store: Store) -> int:
    with store.reading() as reads:
        return reads.jobs.stats(datetime.now(UTC)).counts.get(JobState.DONE, 0)


def _stored(store: Store) -> int:
    with store.reading() as reads:
        return sum(reads.inbox.counts().values())


def _signer(store: Store) -> str:
    with store.reading() as reads:
        lease = reads.leases.get(CHECKPOINT, datetime.now(UTC))
    return lease.holder if lease else ""
