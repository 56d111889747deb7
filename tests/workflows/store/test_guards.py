"""What the database itself refuses, when somebody writes past the program."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.workflows.store.samples import draft, erasing, opened
from workflows.store.engine import create
from workflows.store.rows import Target

ATTACKS = {
    "edit an entry": "UPDATE ledger_entry SET kind = 'other.kind' WHERE idx = 1",
    "edit an entry to the same": "UPDATE ledger_entry SET kind = kind",
    "delete an entry": "DELETE FROM ledger_entry WHERE idx = 2",
    "edit a disclosure": "UPDATE ledger_disclosure SET disclosure = 'other' WHERE idx = 1",
    "rename a disclosure": "UPDATE ledger_disclosure SET name = 'other' WHERE idx = 1",
    "move a disclosure": "UPDATE ledger_disclosure SET idx = 2 WHERE idx = 1",
    "delete a disclosure": "DELETE FROM ledger_disclosure",
    "empty a disclosure silently": "UPDATE ledger_disclosure SET disclosure = NULL WHERE idx = 1",
    "name an erasing entry without erasing": "UPDATE ledger_disclosure SET erased_by_idx = 2 WHERE idx = 1",
    "erase in the name of no entry": "UPDATE ledger_disclosure SET disclosure = NULL, erased_by_idx = 99 WHERE idx = 1",
    "bring back an erased one": "UPDATE ledger_disclosure SET disclosure = 'x', erased_by_idx = NULL WHERE idx = 0",
    "erase in another name": "UPDATE ledger_disclosure SET erased_by_idx = 1 WHERE idx = 0",
    "shrink the log": "UPDATE ledger_head SET size = size - 1",
    "put the time back": "UPDATE ledger_head SET last_ts = last_ts - 1",
    "drop the head's row": "DELETE FROM ledger_head",
}
SQLITE_ATTACKS = {
    "replace an entry": "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry WHERE idx = 1",
    "replace by the same entry id": (
        "INSERT OR REPLACE INTO ledger_entry"
        " SELECT log_id, 3, entry_id, ts, kind, NULL, NULL, body, leaf FROM ledger_entry WHERE idx = 1"
    ),
    "leave a gap": (
        "INSERT INTO ledger_entry"
        " SELECT log_id, 99, 'x', ts, kind, NULL, NULL, body, leaf FROM ledger_entry WHERE idx = 1"
    ),
    "replace a disclosure": "INSERT OR REPLACE INTO ledger_disclosure VALUES (1, 1, 'text0', 'other', NULL)",
    "replace the head": "INSERT OR REPLACE INTO ledger_head SELECT log_id, origin, 0, x'', 0 FROM ledger_head",
}
POSTGRES_ATTACKS = {
    "empty the entries": "TRUNCATE ledger_entry CASCADE",
    "empty the disclosures": "TRUNCATE ledger_disclosure",
    "empty the head": "TRUNCATE ledger_head",
}


@pytest.fixture
def filled_url(database_url: str) -> str:
    """Three entries: the first erased by the last, the middle one open."""
    with opened(database_url) as store, store.transaction() as work:
        work.append(draft(0, texts=("gone",)))
        work.append(draft(1, texts=("open",)))
    with opened(database_url) as store, store.transaction() as work:
        work.erase([Target(0, "text0")], work.append(erasing(2, Target(0, "text0"))))
    return database_url


@pytest.fixture
def connection(filled_url: str) -> Iterator[Connection]:
    """Past the program, with nothing of ours switched on but what the tables themselves bring."""
    engine = create(filled_url)
    with engine.connect() as opened_connection:
        if engine.dialect.name == "sqlite":
            opened_connection.exec_driver_sql("COMMIT")
            opened_connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
            opened_connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield opened_connection
    engine.dispose()


def attacked(connection: Connection, statement: str) -> None:
    before = connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar_one()
    with pytest.raises(DBAPIError, match=r"append-only|[Ff][Oo][Rr][Ee][Ii][Gg][Nn] [Kk][Ee][Yy]"):
        connection.execute(text(statement))
    connection.rollback()
    assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar_one() == before == 3


def test_the_tables_refuse_every_attack(connection: Connection, subtests: pytest.Subtests) -> None:
    special = SQLITE_ATTACKS if connection.dialect.name == "sqlite" else POSTGRES_ATTACKS
    for name, statement in {**ATTACKS, **special}.items():
        with subtests.test(name):
            attacked(connection, statement)


def test_the_one_update_of_an_erasure_is_allowed(connection: Connection) -> None:
    erased = connection.execute(text("UPDATE ledger_disclosure SET disclosure = NULL, erased_by_idx = 2 WHERE idx = 1"))
    assert erased.rowcount == 1
    connection.rollback()
