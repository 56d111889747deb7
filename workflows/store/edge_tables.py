"""Tables around the cases: what came in, what the forges told, and which outside objects belong to which case."""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, Uuid

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
    Index(None, "scope", "value"),
)
"""Ids of outside objects that belong to ours: Slack channels and messages, comments, check runs."""
