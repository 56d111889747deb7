"""What the database says at the moment of asking: the same for all processes that share it."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.verified import last_verification
from config.policy.ids import Visibility
from workflows.change.state import ChangeCase
from workflows.errors import Conflict
from workflows.incident.workflow import BACKFILL, DRILL
from workflows.registry import read_case
from workflows.store.errors import Unavailable
from workflows.store.reads import Reads
from workflows.store.rows import CaseFilter, InboxState, JobState
from workflows.store.store import Store
from workflows.workflow import ENDED

_UNSEALED: Final = tuple(one.value for one in Visibility if one is not Visibility.SEALED)
NO_SEVERITY: Final = "none"
"""Not assessed yet."""


class Stored:
    """Reads one consistent picture per scrape. No figure says anything about sealed cases."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """The figures; without the database only that it does not answer."""
        up = GaugeMetricFamily("wachbuch_database_up", "Whether the database answers")
        try:
            with self._store.reading() as reads:
                found = [*_work(reads, self._now()), *_ledger(reads), *_cases(reads), *_processes(reads, self._now())]
        except (Unavailable, Conflict):
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def describe(self) -> list[Metric]:
        """Registering must not ask the database."""
        return []


def _gauge(name: str, text: str, value: float) -> Metric:
    family = GaugeMetricFamily(f"wachbuch_{name}", text)
    family.add_metric([], value)
    return family


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _work(reads: Reads, now: datetime) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("wachbuch_jobs", "Jobs that are not settled, by kind and state", labels=["kind", "state"])
    counts = reads.jobs.unsettled()
    for (kind, state), count in sorted(counts.items()):
        jobs.add_metric([kind, state.value], count)
    yield jobs
    dead = sum(count for (_, state), count in counts.items() if state is JobState.DEAD)
    yield _gauge("jobs_dead", "Jobs that were given up and wait for an operator", dead)
    waiting = reads.jobs.stats(now).waiting_since
    yield _gauge("jobs_oldest_due_seconds", "How long the oldest due job has waited", _since(waiting, now))
    backlog = reads.inbox.counts().get(InboxState.RECEIVED, 0)
    yield _gauge("inbox_backlog", "Deliveries that are stored and not worked off", backlog)
    oldest = _since(reads.inbox.oldest_waiting(), now)
    yield _gauge("inbox_oldest_seconds", "How long the oldest of them has waited", oldest)


def _ledger(reads: Reads) -> Iterator[Metric]:
    size = CounterMetricFamily("wachbuch_ledger_entries", "Entries of the ledger")
    size.add_metric([], reads.head().size)
    yield size
    found = last_verification(reads.links)
    if found is not None:
        moment = found.at.timestamp()
        yield _gauge("ledger_verified_timestamp_seconds", "When the whole ledger was verified last", moment)
        yield _gauge("ledger_verified_intact", "Whether it was found intact then", found.intact)


def _cases(reads: Reads) -> Iterator[Metric]:
    incidents = GaugeMetricFamily(
        "wachbuch_incidents_open", "Open incidents, without sealed ones", labels=["phase", "severity"]
    )
    found = CaseFilter(
        workflow="incident", without_states=ENDED, without_kinds=(DRILL, BACKFILL), visibilities=_UNSEALED
    )
    for (state, severity), count in sorted(reads.case_counts(found).items()):
        incidents.add_metric([state, severity or NO_SEVERITY], count)
    yield incidents
    changes = GaugeMetricFamily("wachbuch_changes_open", "Open changes", labels=["phase"])
    phases: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for row in reads.all_cases(CaseFilter(workflow="change", without_states=ENDED)):
        case = read_case(row)
        if isinstance(case, ChangeCase) and case.gate is None:
            phases[case.state] += 1
            verdicts.update(one.verdict.status.value for one in case.requests if one.verdict and not one.merged)
    for phase, count in sorted(phases.items()):
        changes.add_metric([phase], count)
    yield changes
    standing = GaugeMetricFamily("wachbuch_verdicts", "Verdicts of open requests, by status", labels=["status"])
    for status, count in sorted(verdicts.items()):
        standing.add_metric([status], count)
    yield standing


def _processes(reads: Reads, now: datetime) -> Iterator[Metric]:
    yield _gauge("processes", "Processes that serve this database", len(reads.processes.alive(now)))
