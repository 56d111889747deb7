"""What this process counted since its start."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.meter import Meter

_QUICK: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_CALLS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_HOOKS: Final = "/webhooks/"
_RESULTS: Final[Mapping[int, str]] = {
    200: "seen", 202: "stored", 400: "unreadable", 401: "unsigned", 413: "too_large", 503: "unavailable",
}  # fmt: skip
"""What the answer to a webhook says became of it."""
EVALUATION: Final = "forge.evaluate"


class Counted(Meter):
    """Counters and histograms."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registers its figures in `registry`."""

        def histogram(name: str, text: str, labels: tuple[str, ...], buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"wachbuch_{name}_seconds", text, labels, registry=registry, buckets=buckets)

        def counter(name: str, text: str, labels: tuple[str, ...]) -> Counter:
            return Counter(f"wachbuch_{name}_total", text, labels, registry=registry)

        self._requests = histogram("http_request", "HTTP requests, by route and status", ("route", "status"), _QUICK)
        self._webhooks = counter("webhook_deliveries", "Webhooks, by what became of them", ("source", "result"))
        self._ignored = counter(
            "webhook_ignored", "Webhooks that were stored and tell nothing that counts", ("source", "kind")
        )
        self._envelopes = histogram("slack_envelope", "Envelopes of Socket Mode", ("kind", "result"), _QUICK)
        self._slack = histogram("slack_call", "Calls of Slack's Web API", ("method",), _CALLS)
        self._slack_errors = counter("slack_call_errors", "Calls of Slack's Web API that failed", ("method", "error"))
        self._forge = histogram("forge_call", "Calls of a forge's API", ("forge", "result"), _CALLS)
        self._remaining = Gauge(
            "wachbuch_forge_rate_remaining", "Calls that the forge still allows, as it said last", ("forge",),
            registry=registry,
        )  # fmt: skip
        self._jobs = histogram("job", "Tries of jobs", ("kind", "result"), _CALLS)
        self._evaluations = histogram("gate_evaluation", "Evaluations of gates, with calls to the forge", (), _CALLS)
        self._appends = histogram("ledger_append", "Writing entries to the ledger and committing them", (), _QUICK)
        self._entries = counter("ledger_appended_entries", "Ledger entries written by this process", ())

    def requested(self, route: str, status: int, seconds: float) -> None:
        """See `Meter`."""
        self._requests.labels(route, str(status)).observe(seconds)
        if route.startswith(_HOOKS):
            self._webhooks.labels(route.removeprefix(_HOOKS), _RESULTS.get(status, "other")).inc()

    def ignored(self, source: str, kind: str) -> None:
        """See `Meter`."""
        self._ignored.labels(source, kind).inc()

    def enveloped(self, kind: str, result: str, seconds: float) -> None:
        """See `Meter`."""
        self._envelopes.labels(kind, result).observe(seconds)

    def slack_called(self, method: str, error: str, seconds: float) -> None:
        """See `Meter`."""
        self._slack.labels(method).observe(seconds)
        if error:
            self._slack_errors.labels(method, error).inc()

    def forge_called(self, forge: str, result: str, remaining: int | None, seconds: float) -> None:
        """See `Meter`."""
        self._forge.labels(forge, result).observe(seconds)
        if remaining is not None:
            self._remaining.labels(forge).set(remaining)

    def job_tried(self, kind: str, result: str, seconds: float) -> None:
        """See `Meter`."""
        self._jobs.labels(kind, result).observe(seconds)
        if kind == EVALUATION:
            self._evaluations.observe(seconds)

    def appended(self, entries: int, seconds: float) -> None:
        """See `Meter`."""
        self._appends.observe(seconds)
        self._entries.inc(entries)
