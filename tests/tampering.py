"""What somebody with the database's password could do: write past triggers and guards."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from workflows.store.address import parse


@contextmanager
def tampering(url: str) -> Iterator[Connection]:
    """A connection that no trigger holds back."""
    engine = create_engine(parse(url))
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            else:
                names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
                for name in list(names):
                    connection.execute(text(f'DROP TRIGGER "{name}"'))
            yield connection
    finally:
        engine.dispose()
