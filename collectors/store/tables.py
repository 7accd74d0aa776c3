"""What the store holds: one schema for SQLite and PostgreSQL, every time in epoch seconds.

Fact tables carry `series_id` first in their key, so one series lies together on disk and a
cluster can be cut by series. They have no foreign keys: a check a row would halve the ingest,
and only `ids.SeriesBook` hands out ids. Counts may be fractions (a server extrapolated them).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

APPLICATION_ID = 0x6275726E  # "burn"
MINUTE_S, QUARTER_S, HOUR_S, DAY_S = 60, 900, 3_600, 86_400
COUNTS = ("good", "total")
EXCLUDED = ("excluded_good", "excluded_total", "excluded_s")
QUALITIES = ("partial_s", "estimated_s", "conflict_s")
SUMMED = (*COUNTS, "observed_s", *EXCLUDED, *QUALITIES)

metadata = MetaData()
_id = BigInteger().with_variant(Integer(), "sqlite")


def _seconds(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, BigInteger, nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=nullable)


def _count(name: str) -> Column[Any]:
    return Column(name, Double, nullable=False, server_default="0")


def _spent(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _flag(name: str) -> Column[Any]:
    return Column(name, SmallInteger, nullable=False, server_default="0")


def _key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


identity = Table(
    "burnline_store",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    _text("store_id"),
    Column("schema_version", Integer, nullable=False),
    _seconds("created_at"),
)
series = Table(
    "series",
    metadata,
    Column("id", _id, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    _text("source"),
    _text("name"),
    _text("kind"),
    _text("labels"),
    _text("rule"),
    _text("service"),
    Column("bin_s", Integer, nullable=False),
    _seconds("since", nullable=True),
    _seconds("until", nullable=True),
    _seconds("minutes_since", nullable=True),
    _flag("lesser"),
    Index("series_by_name", "source", "kind", "name", "rule"),
)


def _tally_level(suffix: str) -> Table:
    return Table(
        f"tally_{suffix}",
        metadata,
        _key("series_id", BigInteger),
        _key("at", BigInteger),
        _count("good"),
        _count("total"),
        _spent("observed_s"),
        _count("excluded_good"),
        _count("excluded_total"),
        _spent("excluded_s"),
        _spent("partial_s"),
        _spent("estimated_s"),
        _spent("conflict_s"),
        _seconds("observed_at", nullable=True),
        sqlite_with_rowid=False,
    )


def _histogram_level(suffix: str) -> Table:
    return Table(
        f"histogram_{suffix}",
        metadata,
        _key("series_id", BigInteger),
        _key("at", BigInteger),
        _key("gt", Double),
        _key("le", Double),
        _count("count"),
        _spent("partial_s"),
        _seconds("observed_at", nullable=True),
        sqlite_with_rowid=False,
    )


TALLIES = {
    MINUTE_S: _tally_level("1m"),
    QUARTER_S: _tally_level("15m"),
    HOUR_S: _tally_level("1h"),
    DAY_S: _tally_level("1d"),
}
HISTOGRAMS = {
    QUARTER_S: _histogram_level("15m"),
    HOUR_S: _histogram_level("1h"),
    DAY_S: _histogram_level("1d"),
}
observations = Table(
    "observations",
    metadata,
    _key("series_id", BigInteger),
    _key("at", BigInteger),
    Column("state", SmallInteger, nullable=False),
    _seconds("valid_s"),
    _seconds("observed_at"),
    _flag("partial"),
    sqlite_with_rowid=False,
)
samples = Table(
    "samples",
    metadata,
    _key("series_id", BigInteger),
    _key("at", BigInteger),
    _key("key", Text),
    Column("value", Double, nullable=False),
    _seconds("valid_s"),
    _seconds("observed_at"),
    _flag("partial"),
    sqlite_with_rowid=False,
)
events = Table(
    "events",
    metadata,
    _key("source", Text),
    _key("kind", Text),
    _key("key", Text),
    _seconds("at"),
    _seconds("ended_at", nullable=True),
    _text("service"),
    _text("fields"),
    _seconds("observed_at"),
    Index("events_by_time", "kind", "at"),
    sqlite_with_rowid=False,
)
watermarks = Table(
    "watermarks",
    metadata,
    _key("source", Text),
    _key("stream", Text),
    _seconds("since"),
    _seconds("until"),
    sqlite_with_rowid=False,
)
conflicts = Table(
    "conflicts",
    metadata,
    _key("subject", Text),
    _key("at", BigInteger),
    _key("key", Text),
    _key("value", Text),
    sqlite_with_rowid=False,
)
revisions = Table(
    "revisions",
    metadata,
    Column("id", _id, primary_key=True),
    _text("subject"),
    _seconds("at"),
    _text("key"),
    _text("before"),
    _text("after"),
    _seconds("observed_at"),
    _seconds("recorded_at"),
    Index("revisions_by_subject", "subject", "at"),
)
runs = Table(
    "runs",
    metadata,
    Column("id", _id, primary_key=True),
    _text("source"),
    _seconds("started_at"),
    _seconds("ended_at"),
    _text("error", nullable=True),
    _text("record"),
    Index("runs_by_source", "source", "started_at"),
)
definitions = Table(
    "definitions",
    metadata,
    _key("slo", Text),
    _key("version", Integer),
    _seconds("effective", nullable=True),
    _seconds("recorded_at"),
    _text("document"),
    sqlite_with_rowid=False,
)
audit = Table(
    "audit",
    metadata,
    Column("id", _id, primary_key=True),
    _seconds("at"),
    _text("actor"),
    _text("action"),
    _text("subject"),
    _text("detail"),
    _text("previous"),
    Column("digest", Text, nullable=False, unique=True),
)
leases = Table(
    "leases",
    metadata,
    _key("name", Text),
    _text("holder"),
    _seconds("pid"),
    _text("host"),
    _seconds("since"),
    _seconds("seen_at"),
    _seconds("expires_at"),
    _text("standing"),
    sqlite_with_rowid=False,
)
inbox = Table(
    "inbox",
    metadata,
    Column("id", _id, primary_key=True),
    Column("delivery_id", Text, nullable=False, unique=True),
    _text("kind"),
    _text("body"),
    _text("actor"),
    _seconds("received_at"),
    _seconds("taken_at", nullable=True),
    _text("refusal", nullable=True),
)
deliveries = Table(
    "deliveries",
    metadata,
    _key("report", Text),
    _key("period", Text),
    _key("channel", Text),
    _seconds("due_at"),
    _text("state"),
    _seconds("started_at"),
    _seconds("ended_at", nullable=True),
    *(_text(name, nullable=True) for name in ("digest", "place", "error")),
    Column("attempts", Integer, nullable=False, server_default="0"),
    sqlite_with_rowid=False,
)
corrections = Table(
    "corrections",
    metadata,
    Column("id", _id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    _seconds("since"),
    _seconds("until", nullable=True),
    _text("document"),
    _text("targets"),
    _seconds("created_at"),
    _seconds("revoked_at", nullable=True),
)
alerts = Table(
    "alerts",
    metadata,
    _key("key", Text),
    _text("subject"),
    _text("kind"),
    _seconds("began_at"),
    _text("phase"),
    _seconds("phase_at"),
    _seconds("seen_at"),
    _seconds("frozen_at", nullable=True),
    _seconds("ended_at", nullable=True),
    _text("acknowledged_by", nullable=True),
    _seconds("acknowledged_at", nullable=True),
    _text("detail"),
    Index("alerts_by_end", "ended_at"),
    sqlite_with_rowid=False,
)
notices = Table(
    "notices",
    metadata,
    Column("id", _id, primary_key=True),
    _text("alert"),
    _text("channel"),
    _text("happening"),
    _seconds("at"),
    _text("body"),
    _text("state"),
    _seconds("due_at"),
    _seconds("ended_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("error", nullable=True),
    Index("notices_by_state", "state", "due_at"),
    Index("notices_by_alert", "alert", "channel"),
)
silences = Table(
    "silences",
    metadata,
    _key("key", Text),
    _text("scope"),
    _seconds("since"),
    _seconds("until"),
    _text("author"),
    _text("reason"),
    _seconds("created_at"),
    _seconds("revoked_at", nullable=True),
    sqlite_with_rowid=False,
)
