"""Bring a database to the schema of this program, and say what the process's own role may do there."""

from pathlib import Path
from typing import Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from workflows.store.grants import grant
from workflows.store.schema import HEAD_REVISION

FOLDER: Final = Path(__file__).parent / "migrations"
MIGRATION_LOCK: Final = 7_269_114
"""Number of the PostgreSQL advisory lock under which one process at a time migrates."""


def upgrade(connection: Connection, *, service_role: str = "") -> None:
    """Take every missing step, all in the connection's transaction. Does nothing on a current schema.

    `service_role`: PostgreSQL only, the role the processes use when it is not the one migrating; it gets just the
    rights it needs, on evidence to read and to add.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    context = MigrationContext.configure(connection)
    scripts = ScriptDirectory(str(FOLDER))
    current = context.get_current_revision()
    for step in reversed(list(scripts.iterate_revisions(HEAD_REVISION, current or "base"))):
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(scripts, step.revision)
    if service_role and connection.dialect.name == "postgresql":
        grant(connection, service_role)
