"""All figures together, in Prometheus' text format. A registry of its own: nothing else of the process gets in."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, GCCollector, Info, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from bot import __version__
from bot.metrics.counted import Counted
from bot.metrics.stored import Stored
from workflows.store.store import Store

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4

Figures = Callable[[], dict[str, tuple[str, float]]]
"""Figures that a part knows when asked: name to explanation and value."""


class Metrics:
    """The figures of one process. `meter` counts; `text` is what a scrape gets."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        """Registers everything; asks nobody anything."""
        self._registry = CollectorRegistry()
        self.meter = Counted(self._registry)
        self._parts = _Parts()
        self._registry.register(Stored(store, now))
        self._registry.register(self._parts)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        Info("wachbuch_build", "The program that runs", registry=self._registry).info({"version": __version__})

    def ask(self, figures: Figures) -> None:
        """Ask this part as well, at every scrape."""
        self._parts.figures.append(figures)

    def text(self) -> bytes:
        """Everything, now."""
        return generate_latest(self._registry)


class _Parts:
    def __init__(self) -> None:
        self.figures: list[Figures] = []

    def collect(self) -> Iterator[Metric]:
        for part in self.figures:
            for name, (text, value) in part().items():
                family = GaugeMetricFamily(f"wachbuch_{name}", text)
                family.add_metric([], value)
                yield family

    def describe(self) -> list[Metric]:
        return []
