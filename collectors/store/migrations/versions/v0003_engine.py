"""What the SLO engine remembers: corrections, alerts with what was told of them, silences."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of version 3."""
    _corrections()
    _alerts()
    _notices()
    _silences()


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, primary_key=True, autoincrement=False)


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _big("since"),
        _big("until", nullable=True),
        _text("document"),
        _text("targets"),
        _big("created_at"),
        _big("revoked_at", nullable=True),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        _key("key"),
        _text("subject"),
        _text("kind"),
        _big("began_at"),
        _text("phase"),
        *(_big(name) for name in ("phase_at", "seen_at")),
        *(_big(name, nullable=True) for name in ("frozen_at", "ended_at")),
        _text("acknowledged_by", nullable=True),
        _big("acknowledged_at", nullable=True),
        _text("detail"),
        sqlite_with_rowid=False,
    )
    op.create_index("alerts_by_end", "alerts", ["ended_at"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", _ID, primary_key=True),
        *(_text(name) for name in ("alert", "channel", "happening")),
        _big("at"),
        *(_text(name) for name in ("body", "state")),
        _big("due_at"),
        _big("ended_at", nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        _text("error", nullable=True),
    )
    op.create_index("notices_by_state", "notices", ["state", "due_at"])
    op.create_index("notices_by_alert", "notices", ["alert", "channel"])


def _silences() -> None:
    op.create_table(
        "silences",
        _key("key"),
        _text("scope"),
        *(_big(name) for name in ("since", "until")),
        *(_text(name) for name in ("author", "reason")),
        _big("created_at"),
        _big("revoked_at", nullable=True),
        sqlite_with_rowid=False,
    )
