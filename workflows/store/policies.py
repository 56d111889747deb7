"""The policies that were in force, whole, by their hash."""

from datetime import datetime

from sqlalchemy import Connection, select

from workflows.store.insert import insert_into
from workflows.store.tables import POLICY


def remember(connection: Connection, digest: str, text: str, at: datetime) -> bool:
    """Store a policy. True when it is new, so that its loading becomes an entry."""
    statement = insert_into(connection, POLICY).values(hash=digest, text=text, loaded_at=at).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def text_of(connection: Connection, digest: str) -> str | None:
    """The source of a policy that was in force, None for an unknown hash."""
    text: str | None = connection.scalar(select(POLICY.c.text).where(POLICY.c.hash == digest))
    return text


def texts(connection: Connection) -> dict[str, str]:
    """The source of every policy that was in force, by its hash."""
    return {row.hash: row.text for row in connection.execute(select(POLICY.c.hash, POLICY.c.text))}


def known(connection: Connection) -> dict[str, datetime]:
    """Hash and first loading of every policy that was in force."""
    query = select(POLICY.c.hash, POLICY.c.loaded_at).order_by(POLICY.c.loaded_at, POLICY.c.hash)
    return {row.hash: row.loaded_at for row in connection.execute(query)}
