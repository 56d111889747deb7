"""Database addresses: which are understood, and whether the place they name can hold a database."""

import os
from pathlib import Path
from typing import Final

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from workflows.store.errors import StoreRefused

SQLITE_HEADER: Final = b"SQLite format 3\x00"
DRIVERS: Final = {
    "sqlite": "sqlite+pysqlite",
    "sqlite+pysqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse(text: str) -> URL:
    """The address with the driver this program uses. Raises `StoreRefused`; the message never holds the password."""
    try:
        url = make_url(text)
    except ArgumentError:
        message = "expected a database address like sqlite:///wachbuch.db, found one that cannot be read"
        raise StoreRefused(message) from None
    if url.drivername not in DRIVERS:
        message = f"expected sqlite or postgresql+psycopg, found {url.drivername}"
        raise StoreRefused(message)
    return url.set(drivername=DRIVERS[url.drivername])


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite address, None for PostgreSQL. Raises `StoreRefused` for a database in memory."""
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        message = "expected the path of a database file, found a database in memory"
        raise StoreRefused(message)
    return Path(url.database).absolute()


def prepare_file(path: Path) -> None:
    """Make sure that the file is a database or may become one; create it readable by its owner only."""
    if not path.parent.is_dir():
        message = f"expected the folder {path.parent} for the database, found none: create it first"
        raise StoreRefused(message)
    if path.is_dir():
        message = f"expected a database file at {path}, found a folder"
        raise StoreRefused(message)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        message = f"expected to be allowed to write {path}, found: {error.strerror}"
        raise StoreRefused(message) from error
    if not os.access(path.parent, os.W_OK):
        message = (
            f"expected to be allowed to write in {path.parent} (for the write-ahead log), found a read-only folder"
        )
        raise StoreRefused(message)
    _refuse_other_content(path)


def _refuse_other_content(path: Path) -> None:
    with path.open("rb") as file:
        header = file.read(len(SQLITE_HEADER))
    if header not in {b"", SQLITE_HEADER}:
        message = f"expected an SQLite database at {path}, found a file of another kind"
        raise StoreRefused(message)
