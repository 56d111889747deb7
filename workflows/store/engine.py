"""Connections: how each database is opened so that a commit is durable and a writer never reads stale rows."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from workflows.store.address import parse, prepare_file, sqlite_file

BUSY_MILLISECONDS: Final = 30_000
READS_ONLY: Final = {"wachbuch_reads": True}
"""Execution option of a connection that only reads."""
SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA secure_delete=ON",
)
POSTGRES_OPTIONS: Final = " ".join(
    (
        "-c timezone=UTC",
        "-c synchronous_commit=on",
        f"-c lock_timeout={BUSY_MILLISECONDS}",
        "-c statement_timeout=60000",
        "-c idle_in_transaction_session_timeout=120000",
    )
)


POSTGRES_CONNECTION: Final[Mapping[str, Any]] = {
    "connect_timeout": 10,
    "options": POSTGRES_OPTIONS,
    "application_name": "wachbuch",
    # A server that went without a word is noticed within a minute and not after hours.
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def create(url: str) -> Engine:
    """An engine for a database address. Raises `StoreRefused` with the cause when the address cannot work.

    Nothing is connected yet. SQLite: write-ahead log, every commit synced (FULL), freed pages overwritten.
    Errors do not repeat the parameters of a statement: logs would hold personal data.
    """
    parsed = parse(url)
    path = sqlite_file(parsed)
    if path is None:
        return _postgres(parsed)
    prepare_file(path)
    return _sqlite(parsed.set(database=str(path)))


def reads_only(engine: Engine) -> Engine:
    """The same connections for reading: one snapshot for the whole transaction."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**READS_ONLY)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True, **READS_ONLY)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """Take transactions away from the driver, which would begin them late and deferred."""
    del record
    driver: Any = connection
    driver.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at once: a reader that turns writer later can only fail."""
    reading = connection.get_execution_options().get("wachbuch_reads", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgres(url: URL) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=10,
        max_overflow=10,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args=dict(POSTGRES_CONNECTION),
    )


def checkpoint(engine: Engine) -> None:
    """SQLite: move the write-ahead log into the file and empty it, as far as readers let it."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
