"""Triggers that keep the ledger append-only inside the database, against mistakes and injected statements.

They do not stop the owner of the database; what that one does, `verify` finds. SQLite's `INSERT OR REPLACE` deletes
without a DELETE trigger, hence the guards before INSERT.
"""

from collections.abc import Iterator
from typing import Final

_ABORT: Final = "SELECT RAISE(ABORT, '{table} is append-only')"
_SQLITE: Final = "CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN " + _ABORT + "; END"

_ERASES: Final = (
    "OLD.disclosure IS NOT NULL AND NEW.disclosure IS NULL AND NEW.erased_by_idx IS NOT NULL "
    "AND OLD.log_id = NEW.log_id AND OLD.idx = NEW.idx AND OLD.name = NEW.name"
)
_NOT_NEXT: Final = (
    "WHEN NEW.idx IS NOT (SELECT COALESCE(MAX(idx) + 1, 0) FROM ledger_entry WHERE log_id = NEW.log_id) "
    "OR EXISTS (SELECT 1 FROM ledger_entry WHERE entry_id = NEW.entry_id) "
    "OR EXISTS (SELECT 1 FROM ledger_entry"
    " WHERE log_id = NEW.log_id AND case_id = NEW.case_id AND case_seq = NEW.case_seq)"
)
_KNOWN_DISCLOSURE: Final = (
    "WHEN NEW.erased_by_idx IS NOT NULL OR EXISTS (SELECT 1 FROM ledger_disclosure"
    " WHERE log_id = NEW.log_id AND idx = NEW.idx AND name = NEW.name)"
)
_KNOWN_HEAD: Final = "WHEN EXISTS (SELECT 1 FROM ledger_head WHERE log_id = NEW.log_id)"
_SHRINKS: Final = "NEW.size < OLD.size OR NEW.last_ts < OLD.last_ts OR NEW.log_id <> OLD.log_id"

_SQLITE_RULES: Final = (
    ("ledger_entry", "INSERT", _NOT_NEXT),
    ("ledger_entry", "UPDATE", ""),
    ("ledger_entry", "DELETE", ""),
    ("ledger_disclosure", "INSERT", _KNOWN_DISCLOSURE),
    ("ledger_disclosure", "UPDATE", f"WHEN NOT ({_ERASES})"),
    ("ledger_disclosure", "DELETE", ""),
    ("ledger_head", "INSERT", _KNOWN_HEAD),
    ("ledger_head", "UPDATE", f"WHEN {_SHRINKS}"),
    ("ledger_head", "DELETE", ""),
)

_POSTGRES_FUNCTION: Final = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRES: Final = (
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} {when} EXECUTE FUNCTION ledger_append_only()"
)
_POSTGRES_RULES: Final = (
    ("ledger_entry", "UPDATE", ""),
    ("ledger_entry", "DELETE", ""),
    ("ledger_disclosure", "INSERT", "WHEN (NEW.erased_by_idx IS NOT NULL)"),
    ("ledger_disclosure", "UPDATE", f"WHEN (NOT ({_ERASES}))"),
    ("ledger_disclosure", "DELETE", ""),
    ("ledger_head", "UPDATE", f"WHEN ({_SHRINKS})"),
    ("ledger_head", "DELETE", ""),
)
_TABLES: Final = ("ledger_entry", "ledger_disclosure", "ledger_head")


def statements(dialect: str) -> Iterator[str]:
    """The statements that create the triggers on `sqlite` or `postgresql`."""
    yield from _for_sqlite() if dialect == "sqlite" else _for_postgres()


def _for_sqlite() -> Iterator[str]:
    for table, event, when in _SQLITE_RULES:
        yield _SQLITE.format(name=f"{table}_no_{event.lower()}", event=event, table=table, when=when)


def _for_postgres() -> Iterator[str]:
    yield _POSTGRES_FUNCTION
    for table, event, when in _POSTGRES_RULES:
        name = f"{table}_no_{event.lower()}"
        yield _POSTGRES.format(name=name, event=event, table=table, level="ROW", when=when)
    for table in _TABLES:
        yield _POSTGRES.format(name=f"{table}_no_truncate", event="TRUNCATE", table=table, level="STATEMENT", when="")
