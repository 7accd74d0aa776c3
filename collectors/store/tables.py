"""What the store holds: one schema for SQLite and PostgreSQL, every time in epoch seconds.

Fact tables carry `series_id` first in their key, so one series lies together on disk and a
cluster can be cut by series. They have no foreign keys: a check a row would halve the ingest,
and only `ids.SeriesBook` hands out ids. Counts may be fractions (a server extrapolated them).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from collectors.store.defining import count, flag, key, metadata, seconds, spent, text, whole_id
from collectors.store.widths import DAY_S, HOUR_S, LEVELS, QUARTER_S

identity = Table(
    "burnline_store",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    text("store_id"),
    Column("schema_version", Integer, nullable=False),
    seconds("created_at"),
)
series = Table(
    "series",
    metadata,
    Column("id", whole_id, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    text("source"),
    text("name"),
    text("kind"),
    text("labels"),
    text("rule"),
    text("service"),
    Column("bin_s", Integer, nullable=False),
    seconds("since", nullable=True),
    seconds("until", nullable=True),
    seconds("minutes_since", nullable=True),
    flag("lesser"),
    Index("series_by_name", "source", "kind", "name", "rule"),
)


def _tally_level(name: str) -> Table:
    return Table(
        name,
        metadata,
        key("series_id", BigInteger),
        key("at", BigInteger),
        count("good"),
        count("total"),
        spent("observed_s"),
        count("excluded_good"),
        count("excluded_total"),
        spent("excluded_s"),
        spent("partial_s"),
        spent("estimated_s"),
        spent("conflict_s"),
        seconds("observed_at", nullable=True),
        sqlite_with_rowid=False,
    )


def _histogram_level(suffix: str) -> Table:
    return Table(
        f"histogram_{suffix}",
        metadata,
        key("series_id", BigInteger),
        key("at", BigInteger),
        key("gt", Double),
        key("le", Double),
        count("count"),
        spent("partial_s"),
        seconds("observed_at", nullable=True),
        sqlite_with_rowid=False,
    )


TALLIES = {width_s: _tally_level(name) for width_s, name in LEVELS.items()}
HISTOGRAMS = {
    QUARTER_S: _histogram_level("15m"),
    HOUR_S: _histogram_level("1h"),
    DAY_S: _histogram_level("1d"),
}
observations = Table(
    "observations",
    metadata,
    key("series_id", BigInteger),
    key("at", BigInteger),
    Column("state", SmallInteger, nullable=False),
    seconds("valid_s"),
    seconds("observed_at"),
    flag("partial"),
    sqlite_with_rowid=False,
)
samples = Table(
    "samples",
    metadata,
    key("series_id", BigInteger),
    key("at", BigInteger),
    key("key", Text),
    Column("value", Double, nullable=False),
    seconds("valid_s"),
    seconds("observed_at"),
    flag("partial"),
    sqlite_with_rowid=False,
)
events = Table(
    "events",
    metadata,
    key("source", Text),
    key("kind", Text),
    key("key", Text),
    seconds("at"),
    seconds("ended_at", nullable=True),
    text("service"),
    text("fields"),
    seconds("observed_at"),
    Index("events_by_time", "kind", "at"),
    sqlite_with_rowid=False,
)
watermarks = Table(
    "watermarks",
    metadata,
    key("source", Text),
    key("stream", Text),
    seconds("since"),
    seconds("until"),
    sqlite_with_rowid=False,
)
conflicts = Table(
    "conflicts",
    metadata,
    key("subject", Text),
    key("at", BigInteger),
    key("key", Text),
    key("value", Text),
    sqlite_with_rowid=False,
)
revisions = Table(
    "revisions",
    metadata,
    Column("id", whole_id, primary_key=True),
    text("subject"),
    seconds("at"),
    text("key"),
    text("before"),
    text("after"),
    seconds("observed_at"),
    seconds("recorded_at"),
    Index("revisions_by_subject", "subject", "at"),
)
runs = Table(
    "runs",
    metadata,
    Column("id", whole_id, primary_key=True),
    text("source"),
    seconds("started_at"),
    seconds("ended_at"),
    text("error", nullable=True),
    text("record"),
    Index("runs_by_source", "source", "started_at"),
)
definitions = Table(
    "definitions",
    metadata,
    key("slo", Text),
    key("version", Integer),
    seconds("effective", nullable=True),
    seconds("recorded_at"),
    text("document"),
    sqlite_with_rowid=False,
)
audit = Table(
    "audit",
    metadata,
    Column("id", whole_id, primary_key=True),
    seconds("at"),
    text("actor"),
    text("action"),
    text("subject"),
    text("detail"),
    text("previous"),
    Column("digest", Text, nullable=False, unique=True),
)
leases = Table(
    "leases",
    metadata,
    key("name", Text),
    text("holder"),
    seconds("pid"),
    text("host"),
    seconds("since"),
    seconds("seen_at"),
    seconds("expires_at"),
    text("standing"),
    sqlite_with_rowid=False,
)
inbox = Table(
    "inbox",
    metadata,
    Column("id", whole_id, primary_key=True),
    Column("delivery_id", Text, nullable=False, unique=True),
    text("kind"),
    text("body"),
    text("actor"),
    seconds("received_at"),
    seconds("taken_at", nullable=True),
    text("refusal", nullable=True),
)
deliveries = Table(
    "deliveries",
    metadata,
    key("report", Text),
    key("period", Text),
    key("channel", Text),
    seconds("due_at"),
    text("state"),
    seconds("started_at"),
    seconds("ended_at", nullable=True),
    *(text(name, nullable=True) for name in ("digest", "place", "error")),
    Column("attempts", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
