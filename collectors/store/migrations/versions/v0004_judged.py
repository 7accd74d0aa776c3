"""When all alerts were last judged: until then that none is live says nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of version 4, empty: what an earlier burnline judged it did not keep."""
    op.create_table(
        "judged",
        sa.Column(
            "one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
