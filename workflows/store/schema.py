"""Which schema a database has, compared with the one this program needs. Cheap: no Alembic, no migration."""

from typing import Final

from sqlalchemy import Connection, inspect, text

from workflows.store.errors import SchemaMismatch

REVISIONS: Final = ("0001", "0002")
"""All steps, oldest first. A test compares them with the migration scripts."""
HEAD_REVISION: Final = REVISIONS[-1]


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it has no schema of ours yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def check(connection: Connection) -> None:
    """Raises `SchemaMismatch` unless the schema is exactly the one of this program; it names the command to run."""
    found = current_revision(connection)
    if found == HEAD_REVISION:
        return
    if found is None:
        message = f"expected schema {HEAD_REVISION}, found an empty database: run `wachbuch migrate`"
    elif found in REVISIONS:
        message = f"expected schema {HEAD_REVISION}, found the older {found}: run `wachbuch migrate`"
    else:
        message = (
            f"expected schema {HEAD_REVISION}, found {found} of a newer program: run that newer version of wachbuch"
        )
    raise SchemaMismatch(message)
