"""What the process's role may do on PostgreSQL when another role owns the tables: on evidence, read and add."""

from typing import Final

from sqlalchemy import Connection, text

RIGHTS: Final = {
    "ledger_entry": "SELECT, INSERT",
    "ledger_disclosure": "SELECT, INSERT, UPDATE (disclosure, erased_by_idx)",
    "ledger_head": "SELECT, INSERT, UPDATE (size, frontier, last_ts)",
    "alembic_version": "SELECT",
    "policy_text": "SELECT, INSERT",
}
ORDINARY: Final = "SELECT, INSERT, UPDATE, DELETE"


def grant(connection: Connection, role: str) -> None:
    """Give `role` its rights on every table of the current schema, and take away all others."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    schema = connection.dialect.identifier_preparer.quote(connection.scalar(text("SELECT current_schema()")))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {quoted}"))
    for table in connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")).all():
        connection.execute(text(f'REVOKE ALL ON "{table}" FROM {quoted}'))
        connection.execute(text(f'GRANT {RIGHTS.get(table, ORDINARY)} ON "{table}" TO {quoted}'))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}"))
