"""One read transaction: a consistent picture, however long reading takes."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, select

from workflows.ledger.stored import StoredDisclosure, StoredEntry, StoredHead
from workflows.store import cases, policies
from workflows.store.erasures import ErasureReads
from workflows.store.facts import FactReads
from workflows.store.health import Health, health
from workflows.store.inbox import InboxReads
from workflows.store.jobs import JobReads
from workflows.store.leases import LeaseReads
from workflows.store.links import LinkReads
from workflows.store.people import PeopleReads
from workflows.store.processes import ProcessReads
from workflows.store.rows import CaseFilter, CaseRow, Target
from workflows.store.schema import current_revision
from workflows.store.tables import DISCLOSURE, ENTRY, HEAD, LOG_ID

BATCH: Final = 2_000
_ENTRY: Final = (
    select(
        ENTRY.c.idx,
        ENTRY.c.entry_id,
        ENTRY.c.ts,
        ENTRY.c.kind,
        ENTRY.c.case_id,
        ENTRY.c.case_seq,
        ENTRY.c.body,
        ENTRY.c.leaf,
    )
    .where(ENTRY.c.log_id == LOG_ID)
    .order_by(ENTRY.c.idx)
)
_DISCLOSURE: Final = (
    select(DISCLOSURE.c.idx, DISCLOSURE.c.name, DISCLOSURE.c.disclosure, DISCLOSURE.c.erased_by_idx)
    .where(DISCLOSURE.c.log_id == LOG_ID)
    .order_by(DISCLOSURE.c.idx, DISCLOSURE.c.name)
)
_LEAF: Final = select(ENTRY.c.idx, ENTRY.c.body, ENTRY.c.leaf).where(ENTRY.c.log_id == LOG_ID).order_by(ENTRY.c.idx)


class Reads:
    """What a reader may ask. Streams must be read to their end, or dropped, before the transaction closes."""

    def __init__(self, connection: Connection) -> None:
        """Made by `Store.reading`."""
        self.connection = connection
        self.facts = FactReads(connection)
        self.inbox = InboxReads(connection)
        self.jobs = JobReads(connection)
        self.leases = LeaseReads(connection)
        self.processes = ProcessReads(connection)
        self.links = LinkReads(connection)
        self.people = PeopleReads(connection)
        self.erasures = ErasureReads(connection)

    def case(self, number: str) -> CaseRow | None:
        """The case with this number."""
        return cases.by_number(self.connection, number)

    def case_by_id(self, case_id: UUID) -> CaseRow | None:
        """The case with this id."""
        return cases.by_id(self.connection, case_id)

    def cases(self, wanted: CaseFilter | None = None) -> list[CaseRow]:
        """One page of cases, newest first."""
        return cases.listed(self.connection, wanted or CaseFilter())

    def all_cases(self, wanted: CaseFilter | None = None) -> Iterator[CaseRow]:
        """All cases page by page, newest first."""
        page = CaseFilter() if wanted is None else wanted
        while rows := cases.listed(self.connection, page):
            yield from rows
            page = cases.page_after(page, rows[-1])

    def case_counts(self, wanted: CaseFilter) -> dict[tuple[str, str], int]:
        """How many cases a filter admits, by state and severity (empty: none yet)."""
        return cases.counted(self.connection, wanted)

    def case_history(self, case_id: UUID) -> list[StoredEntry]:
        """The entries of a case, oldest first."""
        rows = self.connection.execute(_ENTRY.where(ENTRY.c.case_id == case_id))
        return [StoredEntry(*row) for row in rows]

    def case_disclosures(self, case_id: UUID) -> list[StoredDisclosure]:
        """The disclosures of a case's entries, by index and name."""
        of_case = select(ENTRY.c.idx).where(ENTRY.c.log_id == LOG_ID, ENTRY.c.case_id == case_id)
        rows = self.connection.execute(_DISCLOSURE.where(DISCLOSURE.c.idx.in_(of_case)))
        return [StoredDisclosure(*row) for row in rows]

    def disclosure(self, target: Target) -> StoredDisclosure | None:
        """One field of an entry."""
        one = _DISCLOSURE.where(DISCLOSURE.c.idx == target.idx, DISCLOSURE.c.name == target.name)
        row = self.connection.execute(one).first()
        return None if row is None else StoredDisclosure(*row)

    def entry(self, index: int) -> StoredEntry | None:
        """One entry by its index."""
        row = self.connection.execute(_ENTRY.where(ENTRY.c.idx == index)).first()
        return None if row is None else StoredEntry(*row)

    def entries(self, *, start: int = 0, batch: int = BATCH) -> Iterator[StoredEntry]:
        """All entries from index `start`, in order, `batch` at a time from the database."""
        for row in self._stream(_ENTRY.where(ENTRY.c.idx >= start), batch):
            yield StoredEntry(*row)

    def entries_of(self, kinds: Collection[str]) -> list[StoredEntry]:
        """All entries of these kinds, in order."""
        rows = self.connection.execute(_ENTRY.where(ENTRY.c.kind.in_(kinds)))
        return [StoredEntry(*row) for row in rows]

    def disclosures_of(self, index: int) -> list[StoredDisclosure]:
        """The disclosures of one entry, erased ones too."""
        rows = self.connection.execute(_DISCLOSURE.where(DISCLOSURE.c.idx == index))
        return [StoredDisclosure(*row) for row in rows]

    def leaves(self, *, start: int = 0, batch: int = BATCH) -> Iterator[tuple[int, bytes, bytes]]:
        """Index, body and stored leaf hash of all entries: the quick way through a big log."""
        for row in self._stream(_LEAF.where(ENTRY.c.idx >= start), batch):
            yield row[0], row[1], row[2]

    def disclosures(self, *, start: int = 0, batch: int = BATCH) -> Iterator[StoredDisclosure]:
        """All disclosures, erased ones too, ordered by index and name."""
        for row in self._stream(_DISCLOSURE.where(DISCLOSURE.c.idx >= start), batch):
            yield StoredDisclosure(*row)

    def head(self) -> StoredHead:
        """The end of the log."""
        query = select(HEAD.c.size, HEAD.c.frontier, HEAD.c.last_ts, HEAD.c.origin).where(HEAD.c.log_id == LOG_ID)
        row = self.connection.execute(query).first()
        if row is None or row.size == 0:
            return StoredHead(0, b"", None)
        return StoredHead(*row)

    def origin(self) -> str | None:
        """The name of the log this database holds, None while it is empty."""
        origin: str | None = self.connection.scalar(select(HEAD.c.origin).where(HEAD.c.log_id == LOG_ID))
        return origin

    def policy_text(self, digest: str) -> str | None:
        """The source of a policy that was in force."""
        return policies.text_of(self.connection, digest)

    def policy_texts(self) -> dict[str, str]:
        """The source of every policy that was in force, by its hash."""
        return policies.texts(self.connection)

    def policies(self) -> dict[str, datetime]:
        """Hash and first loading of every policy that was in force."""
        return policies.known(self.connection)

    def health(self, own: datetime) -> Health:
        """How the database is. `own`: the time here."""
        return health(self.connection, own)

    def schema(self) -> str | None:
        """The schema's revision, for those who report on the installation."""
        return current_revision(self.connection)

    def _stream(self, query: Select[Any], batch: int) -> Iterator[Any]:
        yield from self.connection.execution_options(stream_results=True, yield_per=batch).execute(query)
