"""Webhook → verdict posted, at 0 and 80 ms per call of the forge, cold (a new request) and warm (one more review)."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.figures import Figure, Section, median, percentile
from tests.fakes.github.server import FakeGitHub
from tests.fakes.wire import Reply, Request
from tests.running import serving

ROUNDS = 20
REPOSITORY = "bench/shop"
WRITES = frozenset({"checks.create", "checks.update", "statuses.create"})
COMMENTS = frozenset({"comments.list", "comments.create", "comments.update", "app.get"})
"""The comment is a later job; finding our own one needs our name."""
PATIENCE_SECONDS = 15.0
POLICY = """
organisation: Bench
people:
  - {id: max, name: Max Dietz, github_login: max, github_id: 501}
  - {id: lena, name: Lena Dorn, github_login: lena, github_id: 502}
change:
  repositories:
    - {match: bench/shop, branches: [main], mode: enforce, checks: [{name: build}]}
"""


class TimedGitHub(FakeGitHub):
    """Notes when a verdict arrived, and every call since it was last asked."""

    def __init__(self, latency_ms: int) -> None:
        super().__init__(latency_ms=latency_ms)
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


def settings_for(fake: FakeGitHub, folder: Path) -> Mapping[str, str]:
    """The service's settings for this fake, as App."""
    policy = folder / "policy"
    policy.mkdir(exist_ok=True)
    (policy / "policy.yaml").write_text(POLICY, encoding="utf-8")
    known = fake.credentials()
    return {
        "WACHBUCH_POLICY_DIR": str(policy),
        "WACHBUCH_FORGE_MODE": "webhook",
        "GITHUB_APP_ID": str(known["app_id"]),
        "GITHUB_PRIVATE_KEY": known["private_key"],
        "GITHUB_WEBHOOK_SECRET": known["webhook_secret"],
        "GITHUB_API_URL": known["api_url"],
    }


def measure(folder: Path) -> Section:
    """One request at a time, on the real service over HTTP."""
    section = Section(
        "Webhook to verdict",
        f"{ROUNDS} requests one after the other: signed webhook sent → check run taken by the forge. GitHub App;"
        " SQLite, synchronous=FULL. The probe is what the calls alone take.",
    )
    for latency in (0, 80):
        place = folder / f"forge{latency}"
        place.mkdir()
        section.figures += _at(latency, place)
    return section


def _at(latency: int, folder: Path) -> list[Figure]:
    fake = TimedGitHub(latency)
    fake.start()
    try:
        for login, number in (("max", 501), ("lena", 502)):
            fake.add_user(login, number)
        fake.add_repository(REPOSITORY, private=True)
        with serving(folder, settings_for(fake, folder)) as service:
            fake.send_to(service.url)
            _open(fake, 0)
            cold = [_open(fake, number) for number in range(1, ROUNDS + 1)]
            warm = [_review(fake, number) for number in range(ROUNDS)]
    finally:
        fake.stop()
    return [*_figures("cold", latency, cold, 350, 4), *_figures("warm", latency, warm, 120, 1)]


def _open(fake: TimedGitHub, number: int) -> tuple[float, int]:
    branch = f"topic-{number}"
    fake.push(REPOSITORY, branch, "max")
    fake.settle()
    began = fake.expect()
    fake.open_pull(REPOSITORY, branch, "max", title=f"Change {number}")
    found = fake.wait(began)
    _calm(fake)
    return found


def _review(fake: TimedGitHub, number: int) -> tuple[float, int]:
    began = fake.expect()
    fake.review(REPOSITORY, 1, "lena", "approved" if number % 2 else "changes_requested")
    found = fake.wait(began)
    _calm(fake)
    return found


def _calm(fake: TimedGitHub) -> None:
    """Until the comment is written too, so that it does not run into the next round."""
    before = -1
    while before != sum(fake.calls.values()):
        before = sum(fake.calls.values())
        time.sleep(0.25 + fake.latency_ms / 400)


def _figures(name: str, latency: int, found: list[tuple[float, int]], target: float, most: int) -> list[Figure]:
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
