"""The job table as the first schema made it."""

from typing import Final

import sqlalchemy as sa
from alembic import op

LIVE: Final = "state IN ('ready', 'running')"


def create_jobs() -> None:
    """Create the job table, with indexes over the rows still to be done."""
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("dedup", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("timer", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("dedup", name="uq_job_dedup"),
    )
    live = sa.text(LIVE)
    op.create_index("ix_job_due", "job", ["run_at", "id"], sqlite_where=live, postgresql_where=live)
    op.create_index("ix_job_order", "job", ["key", "id"], sqlite_where=live, postgresql_where=live)
    op.create_index("ix_job_settled", "job", ["state", "updated_at"])
