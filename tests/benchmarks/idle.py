"""What the service takes when nothing happens."""

import time
from pathlib import Path

from tests.benchmarks.figures import Figure, Section
from tests.running import serving

SETTLE_SECONDS = 4.0
WATCHED_SECONDS = 20.0
MEGABYTE = 1024 * 1024


def measure(folder: Path) -> Section:
    """Everything connected on paper, nothing coming in."""
    section = Section("Idle", f"The service on SQLite, watched for {WATCHED_SECONDS:.0f} s after its start.")
    settings = {"GITHUB_WEBHOOK_SECRET": "bench", "GITHUB_TOKEN": "bench", "WACHBUCH_FORGE_MODE": "webhook"}
    with serving(folder, settings) as service:
        time.sleep(SETTLE_SECONDS)
        before, began = service.cpu_seconds(), time.perf_counter()
        time.sleep(WATCHED_SECONDS)
        share = (service.cpu_seconds() - before) / (time.perf_counter() - began) * 100
        memory = service.memory() / MEGABYTE
    section.figures = [
        Figure("resident memory", memory, "MB", "≤ 150 MB", memory <= 150),
        Figure("processor", share, "% of a core", "≤ 0.5 %", share <= 0.5),
        Figure("start until ready", service.started_in, "s"),
    ]
    return section
