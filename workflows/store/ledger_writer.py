"""Appending to the ledger: everything is collected, and written in one go under the head's lock, just before commit.

The lock is the last one taken. Held from the first step of a transaction instead, it would make all writers wait for
each other's whole work.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, DateTime, bindparam, func, insert, literal, null, select, update

from workflows.errors import Conflict
from workflows.ledger.draft import EntryDraft
from workflows.ledger.kinds import EntryKind
from workflows.ledger.merkle import Frontier, leaf_hash
from workflows.store.errors import ClockRefused, StoreRefused
from workflows.store.insert import insert_into
from workflows.store.metadata import EPOCH
from workflows.store.pending import PendingEntry, row_of
from workflows.store.rows import Target
from workflows.store.tables import DISCLOSURE, ENTRY, HEAD, LOG_ID

CLOCK_TOLERANCE: Final = timedelta(days=1)
"""How far the decision's clock may be from the database's."""

_HEAD: Final = select(HEAD.c.origin, HEAD.c.size, HEAD.c.frontier, HEAD.c.last_ts).where(HEAD.c.log_id == LOG_ID)
_LOCKED: Final = {
    "postgresql": _HEAD.add_columns(func.clock_timestamp(type_=DateTime(timezone=True))).with_for_update(),
    "sqlite": _HEAD.add_columns(null()),
}
_DATABASE_NOW: Final = {
    "postgresql": select(func.clock_timestamp(type_=DateTime(timezone=True)), literal(None)),
    "sqlite": select(null(), HEAD.c.last_ts).where(HEAD.c.log_id == LOG_ID),
}
_ADD_ENTRIES: Final = insert(ENTRY)
_ADD_DISCLOSURES: Final = insert(DISCLOSURE)
_MOVE_HEAD: Final = update(HEAD).where(HEAD.c.log_id == LOG_ID)
_ERASE: Final = (
    update(DISCLOSURE)
    .where(
        DISCLOSURE.c.log_id == LOG_ID,
        DISCLOSURE.c.idx == bindparam("target_idx"),
        DISCLOSURE.c.name == bindparam("target_name"),
        DISCLOSURE.c.disclosure.is_not(None),
    )
    .values(disclosure=None, erased_by_idx=bindparam("by_idx"))
)


class _Head(NamedTuple):
    """The end of the log as locked. `database_now` is None where the database has no clock of its own."""

    origin: str
    size: int
    frontier: bytes
    last_ts: datetime
    database_now: datetime | None


class LedgerWriter:
    """The entries and erasures of one transaction."""

    def __init__(self, connection: Connection, origin: str, tolerance: timedelta | None) -> None:
        """`origin` names the log; `tolerance` is how far clocks may differ (None: not compared)."""
        self._connection = connection
        self._origin = origin
        self._tolerance = tolerance
        self._pending: list[PendingEntry] = []
        self._erasures: list[tuple[Target, PendingEntry]] = []

    @property
    def erases(self) -> bool:
        """Whether this transaction erases anything."""
        return bool(self._erasures)

    @property
    def size(self) -> int:
        """How many entries this transaction writes."""
        return len(self._pending)

    def append(self, draft: EntryDraft) -> PendingEntry:
        """Collect an entry; it is written at commit, after all that were collected before."""
        entry = PendingEntry(draft)
        self._pending.append(entry)
        return entry

    def erase(self, targets: Iterable[Target], erased_by: PendingEntry) -> None:
        """Collect disclosures to erase, in the name of a `ledger.erased` of the same transaction that lists them.

        ValueError otherwise: a field that is gone without being listed would look tampered with for ever.
        """
        if all(entry is not erased_by for entry in self._pending):
            raise ValueError("expected an entry of this transaction as the erasing one, found another")
        wanted = [Target(*target) for target in targets]
        unlisted = set(wanted) - _listed(erased_by.draft)
        if unlisted:
            raise ValueError(f"expected all targets listed in the erasing entry, found without: {sorted(unlisted)}")
        self._erasures.extend((target, erased_by) for target in wanted)

    def guard_clock(self, at: datetime) -> None:
        """Raises `ClockRefused` when `at` is too far from the database's clock; to be asked before deciding."""
        row = self._connection.execute(_DATABASE_NOW[self._connection.dialect.name]).first()
        if row is not None:
            self._compare_clocks(at, row[0], row[1])

    def flush(self) -> None:
        """Lock the head and write. Nothing may happen in the transaction after this but the commit."""
        if not self._pending:
            return
        head = self._lock_head()
        frontier = Frontier.from_bytes(head.size, head.frontier)
        ts = head.last_ts
        rows: list[dict[str, Any]] = []
        for entry in self._pending:
            self._compare_clocks(entry.draft.at, head.database_now, head.last_ts)
            ts = max(ts, entry.draft.at)
            body = entry.draft.to_skeleton(self._origin, ts).to_bytes()
            leaf = leaf_hash(body)
            entry.written(frontier.size, leaf)
            rows.append(row_of(LOG_ID, frontier.size, ts, entry.draft, body) | {"leaf": leaf})
            frontier = frontier.push(leaf)
        self._write(rows, frontier, ts)

    def committed(self) -> None:
        """Fill the receipts: the transaction holds."""
        for entry in self._pending:
            entry.committed()

    def _lock_head(self) -> _Head:
        query = _LOCKED[self._connection.dialect.name]
        row = self._connection.execute(query).first()
        if row is None:
            self._connection.execute(_first_head(self._connection, self._origin))
            row = self._connection.execute(query).one()
        head = _Head(*row)
        if head.origin != self._origin:
            message = f"expected the log {self._origin}, found that this database holds {head.origin}"
            raise StoreRefused(message)
        return head

    def _write(self, rows: list[dict[str, Any]], frontier: Frontier, ts: datetime) -> None:
        self._connection.execute(_ADD_ENTRIES, rows)
        disclosures = [
            {"log_id": LOG_ID, "idx": entry.index, "name": name, "disclosure": disclosure}
            for entry in self._pending
            for name, disclosure in entry.draft.disclosures.items()
        ]
        if disclosures:
            self._connection.execute(_ADD_DISCLOSURES, disclosures)
        self._write_erasures()
        moved = {"size": frontier.size, "frontier": frontier.to_bytes(), "last_ts": ts}
        self._connection.execute(_MOVE_HEAD, moved)

    def _write_erasures(self) -> None:
        rows = [
            {"target_idx": target.idx, "target_name": target.name, "by_idx": entry.index}
            for target, entry in self._erasures
        ]
        if not rows:
            return
        erased = self._connection.execute(_ERASE, rows).rowcount
        if erased != len(rows):
            message = f"expected {len(rows)} disclosures to erase, found {erased}: some are erased already"
            raise Conflict(message)

    def _compare_clocks(self, at: datetime, database_now: datetime | None, last_ts: datetime | None) -> None:
        """Where the database has no clock of its own, its last entry shows at least a clock that was put back."""
        if self._tolerance is None:
            return
        if database_now is not None and abs(at - database_now) > self._tolerance:
            message = f"expected a clock near the database's {database_now.isoformat()}, found {at.isoformat()}"
            raise ClockRefused(message)
        if database_now is None and last_ts is not None and last_ts - at > self._tolerance:
            message = f"expected a clock not far behind the last entry of {last_ts.isoformat()}, found {at.isoformat()}"
            raise ClockRefused(message)


def _listed(draft: EntryDraft) -> set[Target]:
    """The fields that an erasing entry says it erases."""
    targets = draft.data.get("targets")
    if draft.kind != EntryKind.LEDGER_ERASED or not isinstance(targets, (list, tuple)):
        return set()
    return {Target(*target) for target in targets}


def _first_head(connection: Connection, origin: str) -> Any:
    values = {"log_id": LOG_ID, "origin": origin, "size": 0, "frontier": b"", "last_ts": EPOCH}
    return insert_into(connection, HEAD).values(values).on_conflict_do_nothing()
