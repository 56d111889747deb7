"""Database errors in the words of the program. Messages carry codes only: statements hold personal data."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from workflows.errors import Conflict
from workflows.store.errors import StoreRefused, Unavailable

RETRY_STATES: Final = frozenset({"40001", "40P01", "55P03", "23505"})
"""PostgreSQL: serialization failure, deadlock, lock not available in time, the same key written by two at once."""
RETRY_CODES: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_BUSY_SNAPSHOT,
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    }
)
READ_ONLY: Final = "25006"
"""PostgreSQL: a standby, or a server that was told to take no writes."""
NOT_PERMITTED: Final = "42501"
"""PostgreSQL: the role may not do this."""
DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextmanager
def translated() -> Iterator[None]:
    """Turn what can be tried again into `Conflict` and a lost database into `Unavailable`; the rest passes."""
    try:
        yield
    except PoolTimeoutError as error:
        raise Unavailable("expected a free database connection, found all in use") from error
    except DBAPIError as error:
        code = _code(error)
        if code in RETRY_STATES or code in RETRY_CODES:
            raise Conflict(f"expected the rows unchanged, found the database busy or changed ({code})") from error
        if code in DAMAGED:
            raise StoreRefused(
                f"expected an intact SQLite database, found another or a damaged file ({code})"
            ) from error
        if code == NOT_PERMITTED:
            raise StoreRefused(f"expected a role that may do this, found one that may not ({code})") from error
        if error.connection_invalidated or isinstance(error, OperationalError) or code == READ_ONLY:
            raise Unavailable(f"expected the database to answer, found error {code}") from error
        raise


def _code(error: DBAPIError) -> str | int:
    if isinstance(error.orig, sqlite3.Error):
        return error.orig.sqlite_errorcode
    return str(getattr(error.orig, "sqlstate", None) or type(error.orig).__name__)
