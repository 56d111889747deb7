"""Copies of an SQLite file, made before its schema changes: `wachbuch.db.before-migration-0001`."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def make(database: Path, revision: str) -> Path:
    """Copy the database as it is at `revision`, readable by its owner only. Replaces a copy of the same revision."""
    target = database.with_name(f"{database.name}.before-migration-{revision}")
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


def of(database: Path) -> list[Path]:
    """All copies of this database."""
    return sorted(database.parent.glob(f"{database.name}.before-migration-*"))


def remove(database: Path) -> None:
    """Delete all copies: they hold what has just been erased."""
    for path in of(database):
        path.unlink(missing_ok=True)
