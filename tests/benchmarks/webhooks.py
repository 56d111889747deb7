"""Signed webhook → 202: the whole way over HTTP to the commit, 32 connections, sync FULL."""

import sqlite3
from pathlib import Path

from tests.benchmarks.deliveries import SECRET, pull_request
from tests.benchmarks.figures import Figure, Section, percentile
from tests.benchmarks.load import raw_request, run_load
from tests.benchmarks.probes import fdatasync_rate, loopback_rate
from tests.running import serving

COUNT = 6000
CONNECTIONS = 32
WARM_UP = 300


def measure(folder: Path) -> Section:
    """Every delivery is its own, of 12 kB; workers take them in while more arrive."""
    section = Section(
        "Webhook stored",
        f"{COUNT} signed deliveries of 12 kB over {CONNECTIONS} connections; SQLite, WAL, synchronous=FULL;"
        " answered after the commit; workers run beside.",
    )
    sync, loopback = fdatasync_rate(folder), loopback_rate()
    with serving(folder, {"GITHUB_WEBHOOK_SECRET": SECRET, "GITHUB_TOKEN": "bench", "WACHBUCH_FORGE_MODE": "webhook",
                          "GITHUB_API_URL": "http://127.0.0.1:9"}) as service:  # fmt: skip
        warm = [raw_request(service.url, "/webhooks/github", *pull_request(9000 + n, 0)) for n in range(WARM_UP)]
        run_load(service.url, warm, CONNECTIONS)
        requests = [raw_request(service.url, "/webhooks/github", *pull_request(n % 500, n)) for n in range(COUNT)]
        load = run_load(service.url, requests, CONNECTIONS)
    stored = _stored(folder / "data") - WARM_UP
    lost = load.statuses[202] - stored
    section.figures = [
        Figure("rate", load.rate, "1/s", "≥ 1,000", load.rate >= 1000, "fdatasync/s", sync),
        Figure("rate beside loopback", load.rate, "1/s", probe="loopback round trips/s", probe_value=loopback),
        Figure("p50", percentile(load.seconds, 0.5) * 1000, "ms"),
        Figure("p95", percentile(load.seconds, 0.95) * 1000, "ms"),
        Figure("p99", percentile(load.seconds, 0.99) * 1000, "ms"),
        Figure("acknowledged and not stored", lost, "", "0", lost == 0, note=f"{dict(load.statuses)}"),
    ]
    return section


def _stored(data: Path) -> int:
    with sqlite3.connect(next(data.glob("*.db"))) as connection:
        count: int = connection.execute("SELECT count(*) FROM inbox").fetchone()[0]
        return count
