"""`INSERT … ON CONFLICT`, which both databases have and SQLAlchemy keeps in two places."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that understands `on_conflict_do_nothing` and `on_conflict_do_update` on this connection.

    Its `rowcount` tells whether a row was written, which SQLAlchemy does not keep for an insert unless asked.
    """
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    return insert.execution_options(preserve_rowcount=True)
