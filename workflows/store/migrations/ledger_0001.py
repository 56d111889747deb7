"""The ledger's tables as the first schema made them."""

import sqlalchemy as sa
from alembic import op


def create_ledger() -> None:
    """Create head, entries and disclosures."""
    op.create_table(
        "ledger_head",
        sa.Column("log_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.Column("last_ts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log_id", name="pk_ledger_head"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("log_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("ts", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("case_seq", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("log_id", "idx", name="pk_ledger_entry"),
        sa.UniqueConstraint("entry_id", name="uq_ledger_entry_entry_id"),
        sa.UniqueConstraint("log_id", "case_id", "case_seq", name="uq_ledger_entry_log_id_case_id_case_seq"),
    )
    _create_disclosures()


def _create_disclosures() -> None:
    entry = ["ledger_entry.log_id", "ledger_entry.idx"]
    op.create_table(
        "ledger_disclosure",
        sa.Column("log_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("disclosure", sa.String(), nullable=True),
        sa.Column("erased_by_idx", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("log_id", "idx", "name", name="pk_ledger_disclosure"),
        sa.ForeignKeyConstraint(["log_id", "idx"], entry, name="fk_ledger_disclosure_log_id_idx"),
        sa.ForeignKeyConstraint(["log_id", "erased_by_idx"], entry, name="fk_ledger_disclosure_log_id_erased_by_idx"),
        sa.CheckConstraint(
            "(disclosure IS NULL) = (erased_by_idx IS NOT NULL)", name="ck_ledger_disclosure_erased_or_open"
        ),
    )
