"""A forge that notes when a verdict arrived and what it took, and the figures that come of it."""

import threading
import time
from collections import Counter
from typing import Any

from tests.benchmarks.figures import Figure, median, percentile
from tests.fakes.wire import FakeServer, Reply, Request

WRITES = frozenset({"checks.create", "checks.update", "statuses.create"})
COMMENTS = frozenset(
    {"comments.list", "comments.create", "comments.update", "app.get", "notes.list", "notes.create", "notes.update",
     "user.get"}
)  # fmt: skip
"""The comment is a later job; finding our own one needs our name."""
PATIENCE_SECONDS = 15.0


class Timed(FakeServer):
    """Notes when a verdict arrived, and every call since it was last asked."""

    def __init__(self, latency_ms: int, **more: Any) -> None:
        super().__init__(latency_ms=latency_ms, **more)
        self.posted = threading.Event()
        self.posted_at = 0.0
        self.seen: Counter[str] = Counter()

    def handle(self, request: Request) -> Reply:
        """As the fake does; a verdict is posted once the fake has taken it."""
        operation = self.operation(request)
        reply = super().handle(request)
        if not self.posted.is_set():
            self.seen[operation] += 1
        if operation in WRITES and not self.posted.is_set():
            self.posted_at = time.perf_counter()
            self.posted.set()
        return reply

    def expect(self) -> float:
        """From now on, until the next verdict."""
        self.seen.clear()
        self.posted.clear()
        return time.perf_counter()

    def wait(self, began: float) -> tuple[float, int]:
        """Seconds until the verdict, and calls up to it that serve it (comments are a later job)."""
        if not self.posted.wait(PATIENCE_SECONDS):
            raise RuntimeError(f"no verdict within {PATIENCE_SECONDS} s; calls: {dict(self.seen)}")
        calls = sum(count for name, count in self.seen.items() if name not in COMMENTS)
        return self.posted_at - began, calls

    def calm(self) -> None:
        """Until the comment is written too, so that it does not run into the next round."""
        before = -1
        while before != sum(self.calls.values()):
            before = sum(self.calls.values())
            time.sleep(0.25 + self.latency_ms / 400)


def figures(name: str, latency: int, found: list[tuple[float, int]], target: float, most: int) -> list[Figure]:
    """Time and calls of verdicts. The target of time counts at 80 ms per call."""
    times = [seconds * 1000 for seconds, _ in found]
    calls = max(calls for _, calls in found)
    middle = median(times)
    bound = latency == 80
    probe = float(latency * calls) if latency else None
    return [
        Figure(
            f"{name}, {latency} ms per call, p50", middle, "ms", f"≤ {target:.0f} ms" if bound else "",
            middle <= target if bound else None, "calls alone (ms)", probe, f"p95 {percentile(times, 0.95):.0f} ms",
        ),
        Figure(f"{name}, {latency} ms per call, calls", calls, "", f"≤ {most}", calls <= most),
    ]  # fmt: skip
