"""Verdicts under load: many requests at once, 80 ms per call of the forge, at a pace that never lets up."""

import threading
import time
from collections import Counter
from pathlib import Path

from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.forge import REPOSITORY, settings_for
from tests.benchmarks.timed import PATIENCE_SECONDS, WRITES
from tests.fakes.github.server import FakeGitHub
from tests.fakes.wire import Reply, Request
from tests.running import serving

LATENCY_MS = 80
REQUESTS = 30
EVENTS = 180
PACE = 15
"""Events per second."""
REPEATS = 20


class WatchedGitHub(FakeGitHub):
    """Notes for every commit when a verdict on it arrived."""

    def __init__(self) -> None:
        super().__init__(latency_ms=LATENCY_MS)
        self.arrived: dict[str, list[float]] = {}
        self.changed = threading.Condition()

    def handle(self, request: Request) -> Reply:
        """As the fake does."""
        operation = self.operation(request)
        reply = super().handle(request)
        if operation in WRITES and isinstance(reply.body, dict):
            with self.changed:
                self.arrived.setdefault(reply.body["head_sha"], []).append(time.perf_counter())
                self.changed.notify_all()
        return reply

    def count(self, head: str) -> int:
        """Verdicts on a commit so far."""
        with self.changed:
            return len(self.arrived.get(head, ()))

    def wait(self, head: str, nth: int) -> float | None:
        """When the nth verdict on a commit arrived; None when it did not in time."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.arrived.get(head, ())) >= nth, PATIENCE_SECONDS)
            found = self.arrived.get(head, ())
            return found[nth - 1] if len(found) >= nth else None


def measure(folder: Path) -> Section:
    """A steady stream of reviews over many requests, a required check that turns red, and one delivery many times."""
    section = Section(
        "Verdicts under load",
        f"{EVENTS} reviews, {PACE} a second, over {REQUESTS} requests; each changes a verdict. {LATENCY_MS} ms per call"
        " of the forge; GitHub App; SQLite, synchronous=FULL; comments are written beside.",
    )
    fake = WatchedGitHub()
    fake.start()
    try:
        for login, number in (("max", 501), ("lena", 502)):
            fake.add_user(login, number)
        fake.add_repository(REPOSITORY, private=True)
        with serving(folder, settings_for(fake, folder)) as service:
            fake.send_to(service.url)
            heads = _opened(fake)
            section.figures = [*_stream(fake, heads), _turned_red(fake, heads[1]), _repeated(fake, heads)]
    finally:
        fake.stop()
    return section


def _opened(fake: WatchedGitHub) -> dict[int, str]:
    """Requests by number with their heads, each judged once."""
    heads: dict[int, str] = {}
    for number in range(1, REQUESTS + 1):
        branch = f"topic-{number}"
        fake.push(REPOSITORY, branch, "max")
        opened = fake.open_pull(REPOSITORY, branch, "max", title=f"Change {number}")
        heads[opened] = fake.world.repository(REPOSITORY).pulls[opened].head
    for head in heads.values():
        if fake.wait(head, 1) is None:
            raise RuntimeError(f"no first verdict within {PATIENCE_SECONDS} s")
    return heads


def _stream(fake: WatchedGitHub, heads: dict[int, str]) -> list[Figure]:
    sent: list[tuple[str, int, float]] = []
    wanted = {head: fake.count(head) for head in heads.values()}
    began = time.perf_counter()
    for event in range(EVENTS):
        time.sleep(max(0.0, began + event / PACE - time.perf_counter()))
        number = list(heads)[event % REQUESTS]
        head = heads[number]
        wanted[head] += 1
        sent.append((head, wanted[head], time.perf_counter()))
        fake.review(REPOSITORY, number, "lena", "changes_requested" if event // REQUESTS % 2 == 0 else "approved")
    rate = EVENTS / (time.perf_counter() - began)
    answers = [(fake.wait(head, nth), at) for head, nth, at in sent]
    seconds = [arrived - at for arrived, at in answers if arrived is not None]
    late = percentile(seconds, 0.95) * 1000
    missing = len(answers) - len(seconds)
    return [
        Figure("events", rate, "1/s", probe="asked for", probe_value=float(PACE)),
        Figure("p50", percentile(seconds, 0.5) * 1000, "ms", probe="call alone (ms)", probe_value=float(LATENCY_MS)),
        Figure("p95", late, "ms", "≤ 1,500 ms", late <= 1500, "call alone (ms)", float(LATENCY_MS)),
        Figure("without a verdict", missing, "", "0", missing == 0),
    ]


def _turned_red(fake: WatchedGitHub, head: str) -> Figure:
    fake.run_check(REPOSITORY, head, "build", "success")
    _calm(fake)
    before, began = fake.count(head), time.perf_counter()
    fake.run_check(REPOSITORY, head, "build", "failure")
    arrived = fake.wait(head, before + 1)
    if arrived is None:
        raise RuntimeError("the gate did not turn red")
    return Figure(
        "a required check turns red → the gate is red", (arrived - began) * 1000, "ms",
        probe="call alone (ms)", probe_value=float(LATENCY_MS),
    )  # fmt: skip


def _repeated(fake: WatchedGitHub, heads: dict[int, str]) -> Figure:
    """One delivery sent many times writes at most once."""
    _calm(fake)
    before = sum(fake.count(head) for head in heads.values())
    fake.review(REPOSITORY, 1, "lena", "changes_requested")
    fake.settle()
    first = fake.hook.deliveries[-1]
    repeats = [fake.hook.again(first.id) for _ in range(REPEATS)]
    fake.settle()
    _calm(fake)
    statuses = Counter(one.status_code for one in repeats)
    written = sum(fake.count(head) for head in heads.values()) - before
    name = f"verdicts written for one delivery sent {REPEATS + 1} times"
    return Figure(name, written, "", "≤ 1", written <= 1, note=f"answers to the repeats: {dict(statuses)}")


def _calm(fake: FakeGitHub) -> None:
    """Until nothing is written any more."""
    before = -1
    while before != sum(fake.calls.values()):
        before = sum(fake.calls.values())
        time.sleep(0.6)
