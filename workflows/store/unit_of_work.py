"""One write transaction: case rows, facts, jobs and ledger entries hold together or not at all."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from workflows.ledger.draft import EntryDraft
from workflows.store import cases, policies
from workflows.store.erasures import Erasures
from workflows.store.facts import Facts
from workflows.store.inbox import Inbox
from workflows.store.jobs import Jobs
from workflows.store.leases import Leases
from workflows.store.ledger_writer import LedgerWriter
from workflows.store.links import Links
from workflows.store.pending import PendingEntry
from workflows.store.people import People
from workflows.store.processes import Processes
from workflows.store.rows import CaseRow, JobDraft, Target


class UnitOfWork:
    """What a writer may do. Take locks in this order: number, cases by ascending id, jobs; the head comes by itself.

    `connection` is for the modules of this package alone.
    """

    def __init__(
        self, connection: Connection, *, origin: str, clock: Callable[[], datetime], tolerance: timedelta | None
    ) -> None:
        """Made by `Store.transaction`."""
        self.connection = connection
        self.clock = clock
        self.facts = Facts(connection, clock)
        self.inbox = Inbox(connection)
        self.links = Links(connection)
        self.people = People(connection, clock)
        self.erasures = Erasures(connection)
        self.jobs = Jobs(connection, clock)
        self.leases = Leases(connection, clock)
        self.processes = Processes(connection, clock)
        self.ledger = LedgerWriter(connection, origin, tolerance)
        self._after_commit: list[Callable[[], None]] = []

    def load_case(self, number: str, *, hold: bool = False) -> CaseRow | None:
        """The case with this number. `hold` it where it is going to be written: the next writer waits, none fails."""
        return cases.by_number(self.connection, number, hold=hold)

    def load_case_by_id(self, case_id: UUID, *, hold: bool = False) -> CaseRow | None:
        """The case with this id. `hold` as for `load_case`."""
        return cases.by_id(self.connection, case_id, hold=hold)

    def insert_case(self, row: CaseRow) -> None:
        """A new case."""
        cases.add(self.connection, row)

    def update_case(self, row: CaseRow) -> None:
        """Replace a case. `row.version` is the new one, the version read plus 1; `Conflict` when it was changed."""
        cases.change(self.connection, row)

    def next_number(self, series: str, year: int) -> int:
        """The next number of a series in a year, without gaps: a rollback gives it back."""
        return cases.next_number(self.connection, series, year)

    def append(self, draft: EntryDraft) -> PendingEntry:
        """Add an entry; written last, just before commit."""
        return self.ledger.append(draft)

    def enqueue(self, draft: JobDraft) -> bool:
        """Write a job with this transaction. False when one with its `dedup` was written before."""
        return self.jobs.enqueue(draft)

    def cancel(self, dedup: str) -> bool:
        """Take back a job that has not begun. False when there is none."""
        return self.jobs.cancel(dedup)

    def erase(self, targets: Iterable[Target], erased_by: PendingEntry) -> None:
        """Erase disclosures in the name of an entry appended in this transaction."""
        self.ledger.erase(targets, erased_by)

    def now_guard(self, at: datetime) -> None:
        """Raises `ClockRefused` when `at` is a day off the database's clock."""
        self.ledger.guard_clock(at)

    def policy_seen(self, digest: str, text: str) -> bool:
        """Store a policy by its hash. True when it is new."""
        return policies.remember(self.connection, digest, text, self.clock())

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call this after the commit, once, if it comes to that: wake-ups, never work that must not be lost."""
        self._after_commit.append(callback)

    def committed(self) -> None:
        """Called by the store: receipts become readable, callbacks run."""
        self.ledger.committed()
        for callback in self._after_commit:
            callback()
