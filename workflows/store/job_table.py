"""The job table: work to be done after a commit, or at a time. Rows are ids only; they hold no text."""

from typing import Final

from sqlalchemy import Boolean, Column, ColumnElement, FromClause, Index, Integer, String, Table, literal_column

from workflows.store.metadata import METADATA, BigId, Moment

JOB: Final = Table(
    "job",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("dedup", String, nullable=False, unique=True),
    Column("payload", String, nullable=False),
    Column("timer", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("run_at", Moment, nullable=True),
    Column("owner", String, nullable=True),
    Column("lease_until", Moment, nullable=True),
    Column("error", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
"""One row per job. `run_at` None: at once. `owner` and `attempts` together name one claim, which fences its end."""


def is_live(jobs: FromClause) -> ColumnElement[bool]:
    """Still to be done. As literals, without which neither database would use the indexes of just these rows."""
    return jobs.c.state.in_([literal_column("'ready'"), literal_column("'running'")])


Index("ix_job_due", JOB.c.run_at, JOB.c.id, sqlite_where=is_live(JOB), postgresql_where=is_live(JOB))
Index("ix_job_order", JOB.c.key, JOB.c.id, sqlite_where=is_live(JOB), postgresql_where=is_live(JOB))
Index("ix_job_settled", JOB.c.state, JOB.c.updated_at)
