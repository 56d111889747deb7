"""Links may be long: PostgreSQL refuses an index entry of more than a third of a page, so only short ones are indexed.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
SHORT = sa.text("length(value) <= 500")


def upgrade() -> None:
    """Replace the index of the way back from a value."""
    op.drop_index("ix_link_scope_value", "link")
    op.create_index("ix_link_scope_value", "link", ["scope", "value"], sqlite_where=SHORT, postgresql_where=SHORT)
