"""How the database is: what an operator has to know about it, and nothing of its contents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from workflows.store.shared_clock import shared_now

_POSTGRES: Final = ("synchronous_commit", "fsync", "full_page_writes")
_SQLITE: Final = ("journal_mode", "synchronous")


@dataclass(frozen=True, slots=True)
class Health:
    """`durability` are the settings on which the safety of a commit depends, `expected` what they have to be.

    `clock`: the database's time, where it has a clock of its own.
    """

    version: str
    durability: Mapping[str, str]
    expected: Mapping[str, str]
    clock: datetime | None

    @property
    def unsafe(self) -> dict[str, str]:
        """Settings with which a commit can be lost."""
        return {name: value for name, value in self.durability.items() if value != self.expected[name]}


def health(connection: Connection, own: datetime) -> Health:
    """Look at the database. `own`: the time here."""
    if connection.dialect.name == "sqlite":
        found = {name: str(connection.scalar(text(f"PRAGMA {name}"))) for name in _SQLITE}
        version = str(connection.scalar(text("SELECT sqlite_version()")))
        return Health(f"SQLite {version}", found, {"journal_mode": "wal", "synchronous": "2"}, None)
    found = {name: str(connection.scalar(text(f"SHOW {name}"))) for name in _POSTGRES}
    version = str(connection.scalar(text("SHOW server_version")))
    return Health(f"PostgreSQL {version}", found, dict.fromkeys(_POSTGRES, "on"), shared_now(connection, own))
