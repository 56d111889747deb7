"""Hearing of new jobs on PostgreSQL (`LISTEN`), on a connection that no pool hands to anyone else.

Needs a direct connection: a pooler that shares sessions between transactions loses the notifications.
"""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from workflows.store.engine import POSTGRES_CONNECTION
from workflows.store.errors import Unavailable
from workflows.store.jobs import WAKE_CHANNEL
from workflows.store.translate import translated

if TYPE_CHECKING:
    # SQLAlchemy loads it where there is a PostgreSQL: a service on SQLite is 9 MB smaller without it.
    import psycopg


class Listening:
    """An open ear. Use as a context manager; `Unavailable` means that the connection is lost: open another."""

    def __init__(self, engine: Engine) -> None:
        """To the same database as `engine`; connects on entry."""
        self._engine = engine
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        own = create_engine(
            self._engine.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args=dict(POSTGRES_CONNECTION),
        )
        with translated():
            self._connection = own.connect()
            self._connection.execute(text(f"LISTEN {WAKE_CHANNEL}"))
        return self

    def wait(self, seconds: float) -> bool:
        """Wait for news, at most this long. True when there are some. Raises `Unavailable`."""
        driver = self._driver()
        try:
            return any(True for _ in driver.notifies(timeout=seconds, stop_after=1))
        except self._engine.dialect.loaded_dbapi.OperationalError as error:
            message = "expected to hear of new jobs, found the connection lost"
            raise Unavailable(message) from error

    def backend(self) -> int:
        """The server's process id of this connection, for those who look at the server."""
        return self._driver().info.backend_pid

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _driver(self) -> "psycopg.Connection[object]":
        driver: psycopg.Connection[object] | None = (
            self._connection.connection.driver_connection if self._connection else None
        )
        if driver is None:
            message = "expected an open connection to PostgreSQL, found none"
            raise Unavailable(message)
        return driver
