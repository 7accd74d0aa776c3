"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table of version 1."""
    _identity_and_series()
    for suffix in ("1m", "15m", "1h", "1d"):
        _tally(suffix)
    for suffix in ("15m", "1h", "1d"):
        _histogram(suffix)
    _points()
    _events_and_watermarks()
    _conflicts_and_revisions()
    _runs_and_definitions()
    _audit()


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _big(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _zero(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, server_default="0")


def _key(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _number() -> sa.Column[Any]:
    return sa.Column("id", _ID, primary_key=True)


def _identity_and_series() -> None:
    op.create_table(
        "burnline_store",
        sa.Column(
            "one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True, autoincrement=False
        ),
        _text("store_id"),
        sa.Column("schema_version", sa.Integer, nullable=False),
        _big("created_at"),
    )
    op.create_table(
        "series",
        _number(),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
        *(_text(name) for name in ("source", "name", "kind", "labels", "rule", "service")),
        sa.Column("bin_s", sa.Integer, nullable=False),
        *(_big(name, nullable=True) for name in ("since", "until", "minutes_since")),
        _zero("lesser", sa.SmallInteger),
    )
    op.create_index("series_by_name", "series", ["source", "kind", "name", "rule"])


def _tally(suffix: str) -> None:
    op.create_table(
        f"tally_{suffix}",
        _key("series_id", sa.BigInteger),
        _key("at", sa.BigInteger),
        _zero("good", sa.Double),
        _zero("total", sa.Double),
        _zero("observed_s", sa.BigInteger),
        _zero("excluded_good", sa.Double),
        _zero("excluded_total", sa.Double),
        _zero("excluded_s", sa.BigInteger),
        *(_zero(name, sa.BigInteger) for name in ("partial_s", "estimated_s", "conflict_s")),
        _big("observed_at", nullable=True),
        sqlite_with_rowid=False,
    )


def _histogram(suffix: str) -> None:
    op.create_table(
        f"histogram_{suffix}",
        _key("series_id", sa.BigInteger),
        _key("at", sa.BigInteger),
        _key("gt", sa.Double),
        _key("le", sa.Double),
        _zero("count", sa.Double),
        _zero("partial_s", sa.BigInteger),
        _big("observed_at", nullable=True),
        sqlite_with_rowid=False,
    )


def _points() -> None:
    op.create_table(
        "observations",
        _key("series_id", sa.BigInteger),
        _key("at", sa.BigInteger),
        sa.Column("state", sa.SmallInteger, nullable=False),
        _big("valid_s"),
        _big("observed_at"),
        _zero("partial", sa.SmallInteger),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "samples",
        _key("series_id", sa.BigInteger),
        _key("at", sa.BigInteger),
        _key("key", sa.Text),
        sa.Column("value", sa.Double, nullable=False),
        _big("valid_s"),
        _big("observed_at"),
        _zero("partial", sa.SmallInteger),
        sqlite_with_rowid=False,
    )


def _events_and_watermarks() -> None:
    op.create_table(
        "events",
        *(_key(name, sa.Text) for name in ("source", "kind", "key")),
        _big("at"),
        _big("ended_at", nullable=True),
        _text("service"),
        _text("fields"),
        _big("observed_at"),
        sqlite_with_rowid=False,
    )
    op.create_index("events_by_time", "events", ["kind", "at"])
    op.create_table(
        "watermarks",
        _key("source", sa.Text),
        _key("stream", sa.Text),
        _big("since"),
        _big("until"),
        sqlite_with_rowid=False,
    )


def _conflicts_and_revisions() -> None:
    op.create_table(
        "conflicts",
        _key("subject", sa.Text),
        _key("at", sa.BigInteger),
        _key("key", sa.Text),
        _key("value", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revisions",
        _number(),
        _text("subject"),
        _big("at"),
        *(_text(name) for name in ("key", "before", "after")),
        _big("observed_at"),
        _big("recorded_at"),
    )
    op.create_index("revisions_by_subject", "revisions", ["subject", "at"])


def _runs_and_definitions() -> None:
    op.create_table(
        "runs",
        _number(),
        _text("source"),
        _big("started_at"),
        _big("ended_at"),
        _text("error", nullable=True),
        _text("record"),
    )
    op.create_index("runs_by_source", "runs", ["source", "started_at"])
    op.create_table(
        "definitions",
        _key("slo", sa.Text),
        _key("version", sa.Integer),
        _big("effective", nullable=True),
        _big("recorded_at"),
        _text("document"),
        sqlite_with_rowid=False,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        _number(),
        _big("at"),
        *(_text(name) for name in ("actor", "action", "subject", "detail", "previous")),
        sa.Column("digest", sa.Text, nullable=False, unique=True),
    )
