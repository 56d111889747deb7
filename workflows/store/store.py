"""The store: one database, opened once per process."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from workflows.errors import Conflict
from workflows.store import copies, engine, schema
from workflows.store.address import sqlite_file
from workflows.store.errors import StoreRefused
from workflows.store.ledger_writer import CLOCK_TOLERANCE
from workflows.store.listening import Listening
from workflows.store.lock import RunnerLock
from workflows.store.mutex import FairMutex
from workflows.store.reads import Reads
from workflows.store.translate import translated
from workflows.store.unit_of_work import UnitOfWork

Result = TypeVar("Result")
ATTEMPTS: Final = 4
"""A conflict means that somebody else was faster: the whole work is done again, three times."""


def utc_now() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


class Store:
    """A database with our tables. Threads may share it; a transaction belongs to the thread that opened it."""

    def __init__(self, database: Engine, origin: str, lock: RunnerLock | None, tolerance: timedelta | None) -> None:
        """Use `Store.open`."""
        self._engine = database
        self._reader = engine.reads_only(database)
        self._origin = origin
        self._lock = lock
        self._tolerance = tolerance
        self._file = sqlite_file(database.url)
        self._mutex = FairMutex() if self._file else None
        self._clock: Callable[[], datetime] = utc_now
        self._job_listeners: list[Callable[[], None]] = []
        self._append_listeners: list[Callable[[int, float], None]] = []

    @classmethod
    def open(cls, url: str, *, origin: str, runner: bool, clock_tolerance: timedelta | None = CLOCK_TOLERANCE) -> Self:
        """Open a database. `origin` names its log for ever, in every entry.

        `runner`: this process works off jobs and may migrate; on SQLite only one process can (`RunnerBusy`), others
        open the file beside it. `clock_tolerance` None lets a made-up clock write: for demonstrations and tests.
        Raises `StoreRefused` when the address cannot work. The schema is not looked at: see `check_schema`.
        """
        database = engine.create(url)
        path = sqlite_file(database.url)
        lock = RunnerLock(path) if runner and path else None
        return cls(database, origin, lock, clock_tolerance)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is an SQLite file, which only processes of this machine can share."""
        return self._file is not None

    @property
    def is_runner(self) -> bool:
        """Whether this process may work off jobs: on SQLite the one with the lock, on PostgreSQL any."""
        return self._lock is not None or not self.is_sqlite

    @property
    def origin(self) -> str:
        """The name of the log."""
        return self._origin

    @property
    def url(self) -> str:
        """The address without a password."""
        return self._engine.url.render_as_string(hide_password=True)

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        """Write. Commits at the end of the block, rolls back when it raises.

        Raises `Conflict` when it is worth trying the whole block again, `Unavailable` when the database is lost.
        """
        with self._turn(), translated(), self._engine.begin() as connection:
            work = UnitOfWork(connection, origin=self._origin, clock=self._clock, tolerance=self._tolerance)
            yield work
            began = time.monotonic()
            work.ledger.flush()
        if work.ledger.size:
            self._tell_appended(work.ledger.size, time.monotonic() - began)
        work.committed()
        if work.ledger.erases:
            self._drop_traces()
        if work.jobs.wakes:
            self._tell_workers()

    def retrying(self, work: Callable[[UnitOfWork], Result]) -> Result:
        """Do work in a transaction, all of it again, three times, when somebody else was faster. Raises `Conflict`."""
        for _ in range(ATTEMPTS - 1):
            try:
                with self.transaction() as uow:
                    return work(uow)
            except Conflict:
                continue
        with self.transaction() as uow:
            return work(uow)

    @contextmanager
    def reading(self) -> Iterator[Reads]:
        """Read one consistent picture; what others commit meanwhile is not seen."""
        with translated(), self._reader.connect() as connection, connection.begin():
            yield Reads(connection)

    def on_jobs(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit of this process that wrote jobs. It must be quick and must not raise."""
        self._job_listeners.append(listener)

    def on_append(self, listener: Callable[[int, float], None]) -> None:
        """Call `listener` after each commit of this process that wrote entries: how many, and how many seconds it took.

        It must be quick and must not raise.
        """
        self._append_listeners.append(listener)

    def listening(self) -> Listening:
        """PostgreSQL: hear of jobs that other processes commit. One connection of its own, outside of the pool."""
        return Listening(self._engine)

    def migrate(self, *, service_role: str = "") -> None:
        """Create the tables or bring them up to date; an older SQLite file is copied first.

        `service_role`: PostgreSQL, the role the processes use when the owner of the tables is another.
        Raises `SchemaMismatch` for a newer schema, `StoreRefused` when this process is not the runner of its file.
        """
        from workflows.store.migrate import upgrade  # noqa: PLC0415  # Alembic takes a second to load, once a release

        if not self.is_runner:
            raise StoreRefused("expected the runner of this database file to migrate it, found another process")
        with translated(), self._turn(), self._engine.begin() as connection:
            found = schema.current_revision(connection)
            if found not in {None, *schema.REVISIONS}:
                schema.check(connection)
            if self._file and found not in {None, schema.HEAD_REVISION}:
                copies.make(self._file, str(found))
            upgrade(connection, service_role=service_role)

    def check_schema(self) -> None:
        """Raises `SchemaMismatch`, naming the command to run, unless the schema is the one of this program."""
        with translated(), self._reader.connect() as connection, connection.begin():
            schema.check(connection)

    def copies(self) -> list[Path]:
        """The copies made before migrations."""
        return copies.of(self._file) if self._file else []

    def close(self) -> None:
        """Give back connections and lock."""
        self._engine.dispose()
        if self._lock:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _turn(self) -> AbstractContextManager[None]:
        return self._mutex.turn() if self._mutex else nullcontext()

    def _tell_workers(self) -> None:
        for listener in self._job_listeners:
            listener()

    def _tell_appended(self, entries: int, seconds: float) -> None:
        for listener in self._append_listeners:
            listener(entries, seconds)

    def _drop_traces(self) -> None:
        """What was erased must not live on in the write-ahead log or in a copy made before a migration."""
        if self._file:
            copies.remove(self._file)
            engine.checkpoint(self._engine)


def service_role_of(url: str, migration_url: str) -> str:
    """The role that needs grants when tables are migrated by another one; empty when both are the same."""
    service, owner = make_url(url), make_url(migration_url)
    return service.username or "" if service.username != owner.username else ""
