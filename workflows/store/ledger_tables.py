"""Tables of the evidence ledger. Entries are only ever added; triggers and grants say so too."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
)

from workflows.store.metadata import METADATA, Moment

LOG_ID: Final = 1
"""The one log of an installation. The column leaves room for a further shard."""

HEAD: Final = Table(
    "ledger_head",
    METADATA,
    Column("log_id", Integer, primary_key=True, autoincrement=False),
    Column("origin", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("last_ts", Moment, nullable=False),
)
"""Size of the log, its compact range (32 bytes per set bit of the size), and the time of its last entry."""

ENTRY: Final = Table(
    "ledger_entry",
    METADATA,
    Column("log_id", Integer, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("ts", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("case_id", Uuid, nullable=True),
    Column("case_seq", Integer, nullable=True),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("log_id", "case_id", "case_seq"),
)
"""The skeletons. `body` is what is hashed; the columns beside it are copies for queries."""

DISCLOSURE: Final = Table(
    "ledger_disclosure",
    METADATA,
    Column("log_id", Integer, primary_key=True, autoincrement=False),
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("disclosure", String, nullable=True),
    Column("erased_by_idx", BigInteger, nullable=True),
    ForeignKeyConstraint(["log_id", "idx"], ["ledger_entry.log_id", "ledger_entry.idx"]),
    ForeignKeyConstraint(["log_id", "erased_by_idx"], ["ledger_entry.log_id", "ledger_entry.idx"]),
    CheckConstraint("(disclosure IS NULL) = (erased_by_idx IS NOT NULL)", name="erased_or_open"),
)
"""The erasable fields of entries, salted. NULL once erased, and then naming the entry that says so."""
