"""Tables of cases: their rows and the counters of their numbers."""

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Uuid

from workflows.store.metadata import METADATA, Moment

CASE: Final = Table(
    "case_row",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("workflow", String, nullable=False),
    Column("number", String, nullable=False, unique=True),
    Column("series", String, nullable=False),
    Column("state", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("visibility", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("search", String, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("doc", LargeBinary, nullable=False),
    Index(None, "opened_at", "id"),
    Index(None, "workflow", "state"),
)
"""One row per case. `doc` is the folded case; the other columns are copies for queries, which `verify` compares."""

SERIES: Final = Table(
    "number_series",
    METADATA,
    Column("series", String, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)
"""The last number given out per series and year. A row, not a sequence: a rolled back transaction leaves no gap."""
