"""What the processes tell each other: who collects, what waits to be taken, what was delivered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of version 2."""
    _leases()
    _inbox()
    _deliveries()


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, primary_key=True, autoincrement=False)


def _leases() -> None:
    op.create_table(
        "leases",
        _key("name"),
        _text("holder"),
        _big("pid"),
        _text("host"),
        *(_big(name) for name in ("since", "seen_at", "expires_at")),
        _text("standing"),
        sqlite_with_rowid=False,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("delivery_id", sa.Text, nullable=False, unique=True),
        *(_text(name) for name in ("kind", "body", "actor")),
        _big("received_at"),
        _big("taken_at", nullable=True),
        _text("refusal", nullable=True),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        *(_key(name) for name in ("report", "period", "channel")),
        _big("due_at"),
        _text("state"),
        _big("started_at"),
        _big("ended_at", nullable=True),
        *(_text(name, nullable=True) for name in ("digest", "place", "error")),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
