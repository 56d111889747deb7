"""The one clock of all processes on a database. PostgreSQL has one; an SQLite file is shared on one machine only."""

from datetime import datetime

from sqlalchemy import Connection, DateTime, func, select


def shared_now(connection: Connection, own: datetime) -> datetime:
    """Now, by the database's clock where it has one, else `own`."""
    if connection.dialect.name != "postgresql":
        return own
    return connection.execute(select(func.clock_timestamp(type_=DateTime(timezone=True)))).scalar_one()
