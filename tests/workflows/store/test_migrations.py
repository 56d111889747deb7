import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.workflows.store.samples import ORIGIN, draft, erasing, opened
from workflows.store import copies, migrate
from workflows.store.engine import create
from workflows.store.errors import SchemaMismatch
from workflows.store.migrate import FOLDER
from workflows.store.rows import Target
from workflows.store.schema import HEAD_REVISION, REVISIONS
from workflows.store.store import Store
from workflows.store.tables import METADATA

FIRST = Target(0, "text0")


def test_the_steps_lead_to_the_tables_of_the_program(store: Store, database_url: str) -> None:
    engine = create(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_the_known_revisions_are_the_scripts() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == REVISIONS


def test_from_the_first_schema_everything_is_kept(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(database_url, origin=ORIGIN, runner=True, clock_tolerance=None) as store:
        with monkeypatch.context() as patch, store._engine.begin() as connection:
            patch.setattr(migrate, "HEAD_REVISION", "0001")
            migrate.upgrade(connection)
        with store.transaction() as work:
            work.links.put("channel", "case", "C1")
            work.append(draft(0))
        store.migrate()
        store.check_schema()
        with store.reading() as reads:
            assert reads.links.keys_of("channel", "C1") == ["case"]
            assert reads.head().size == 1
        assert len(store.copies()) == (1 if store.is_sqlite else 0)


def test_migrating_twice_changes_nothing(store: Store) -> None:
    with store.transaction() as work:
        work.append(draft(0))
    store.migrate()
    store.check_schema()
    with store.reading() as reads:
        assert reads.schema() == HEAD_REVISION
        assert reads.head().size == 1
    assert store.copies() == []


def test_an_empty_database_is_refused_with_the_command_to_run(database_url: str) -> None:
    with Store.open(database_url, origin=ORIGIN, runner=True) as store:
        with pytest.raises(SchemaMismatch, match="wachbuch migrate"):
            store.check_schema()
        store.migrate()
        store.check_schema()


def test_the_schema_of_a_newer_program_is_refused_and_left_alone(store: Store) -> None:
    with store.transaction() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="9999 of a newer program"):
        store.check_schema()
    with pytest.raises(SchemaMismatch, match="9999 of a newer program"):
        store.migrate()
    with store.reading() as reads:
        assert reads.schema() == "9999"


def test_a_copy_holds_what_was_there_and_goes_when_something_is_erased(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with opened(sqlite_url) as store:
        with store.transaction() as work:
            work.append(draft(0, texts=("a name",)))
        made = copies.make(path, "0000")
        assert store.copies() == [made]
        assert made.stat().st_mode & 0o077 == 0
        with closing(sqlite3.connect(made)) as copy:
            assert copy.execute("SELECT count(*) FROM ledger_entry").fetchone() == (1,)
        with store.transaction() as work:
            work.erase([FIRST], work.append(erasing(1, FIRST)))
        assert store.copies() == []


@pytest.fixture
def service_url(postgres_url: str) -> Iterator[str]:
    """The address of a role that owns nothing, on a database whose tables another role made."""
    engine = create(postgres_url)
    role = f"service_{engine.url.database}"
    with engine.begin() as connection:
        connection.execute(text(f'CREATE ROLE "{role}" LOGIN'))
    with Store.open(postgres_url, origin=ORIGIN, runner=True) as owner:
        owner.migrate(service_role=role)
        owner.migrate(service_role=role)
    yield engine.url.set(username=role).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f'DROP OWNED BY "{role}"'))
        connection.execute(text(f'DROP ROLE "{role}"'))
    engine.dispose()


def test_a_role_of_its_own_can_do_all_the_work(service_url: str) -> None:
    with Store.open(service_url, origin=ORIGIN, runner=True, clock_tolerance=None) as store:
        store.check_schema()
        with store.transaction() as work:
            work.next_number("INC", 2026)
            work.links.put("scope", "key", "value")
            work.policy_seen("ab", "text")
            work.append(draft(0, texts=("a name",)))
        with store.transaction() as work:
            work.erase([FIRST], work.append(erasing(1, FIRST)))
        with store.reading() as reads:
            assert [item.erased_by for item in reads.disclosures()] == [1]


FORBIDDEN = (
    "UPDATE ledger_entry SET kind = kind",
    "DELETE FROM ledger_entry",
    "TRUNCATE ledger_entry",
    "DELETE FROM ledger_disclosure",
    "UPDATE ledger_disclosure SET name = name",
    "DELETE FROM ledger_head",
    "UPDATE ledger_head SET origin = origin",
    "UPDATE alembic_version SET version_num = '0000'",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
    "DROP TABLE ledger_entry",
    "SET session_replication_role = replica",
)


def test_a_role_of_its_own_cannot_touch_evidence(service_url: str, subtests: pytest.Subtests) -> None:
    engine = create(service_url)
    for statement in FORBIDDEN:
        refusal = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
        with subtests.test(statement), engine.connect() as connection, refusal:
            connection.execute(text(statement))
    engine.dispose()
