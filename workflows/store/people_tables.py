"""Tables of people, of policies in force, and of erasures on their way."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from workflows.store.metadata import METADATA, Moment

POLICY: Final = Table(
    "policy_text",
    METADATA,
    Column("hash", String, primary_key=True),
    Column("text", String, nullable=False),
    Column("loaded_at", Moment, nullable=False),
)
"""Every policy that was ever in force, whole, by its SHA-256."""

PERSON: Final = Table(
    "person",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
"""People met outside the policy, and the language each person is answered in."""

IDENTITY: Final = Table(
    "person_identity",
    METADATA,
    Column("system", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person_id", String, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
)
"""Who somebody is in an outside system: `slack` U…, `github` numeric id."""

ERASURE: Final = Table(
    "erasure",
    METADATA,
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False, index=True),
    Column("basis", String, nullable=False),
    Column("doc", LargeBinary, nullable=False),
    Column("requested_by", String, nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("decided_at", Moment, nullable=True),
    Column("entry_idx", BigInteger, nullable=True),
)
"""Requests to erase, which take two persons. `doc` says what is meant; `entry_idx` is the entry that carried it out."""
