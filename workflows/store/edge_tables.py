"""Tables around the cases: what came in, what the forges told, and which outside objects belong to which case."""

from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    func,
    literal_column,
)

from workflows.store.metadata import METADATA, BigId, Moment

INBOX: Final = Table(
    "inbox",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("source", String, nullable=False),
    Column("hook", String, nullable=False),
    Column("delivery_id", String, nullable=False),
    Column("headers", String, nullable=False),
    Column("body", LargeBinary, nullable=True),
    Column("state", String, nullable=False),
    Column("note", String, nullable=False),
    Column("received_at", Moment, nullable=False),
    UniqueConstraint("source", "hook", "delivery_id"),
    Index(None, "state", "received_at"),
)
"""Every delivery, once. The body goes after its time or by an erasure; the id stays, so that a repeat is known."""

FACT: Final = Table(
    "fact",
    METADATA,
    Column("scope", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("doc", LargeBinary, nullable=False),
    Column("repository", String, nullable=False),
    Column("head", String, nullable=False),
    Column("case_id", Uuid, nullable=True),
    Column("updated_at", Moment, nullable=False),
    Index(None, "repository", "head"),
    Index(None, "case_id"),
)
"""The last known state of a request, commit or repository of a forge."""

LINK: Final = Table(
    "link",
    METADATA,
    Column("scope", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""Ids of outside objects that belong to ours: Slack channels and messages, comments, check runs."""


def is_short(links: FromClause) -> ColumnElement[bool]:
    """Whether the way back from a value is indexed. As literals, without which no database would use the index.

    PostgreSQL refuses an index entry of more than a third of a page; whoever keeps more than an id is not looked for.
    """
    return func.length(links.c.value) <= literal_column("500")


Index("ix_link_scope_value", LINK.c.scope, LINK.c.value, sqlite_where=is_short(LINK), postgresql_where=is_short(LINK))
