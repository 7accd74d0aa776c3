"""What the SLO engine remembers: corrections, alerts with what was told of them, silences."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from collectors.store.defining import key, metadata, seconds, text, whole_id

corrections = Table(
    "corrections",
    metadata,
    Column("id", whole_id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    seconds("since"),
    seconds("until", nullable=True),
    text("document"),
    text("targets"),
    seconds("created_at"),
    seconds("revoked_at", nullable=True),
)
alerts = Table(
    "alerts",
    metadata,
    key("key", Text),
    text("subject"),
    text("kind"),
    seconds("began_at"),
    text("phase"),
    seconds("phase_at"),
    seconds("seen_at"),
    seconds("frozen_at", nullable=True),
    seconds("ended_at", nullable=True),
    text("acknowledged_by", nullable=True),
    seconds("acknowledged_at", nullable=True),
    text("detail"),
    Index("alerts_by_end", "ended_at"),
    sqlite_with_rowid=False,
)
judged = Table(
    "judged",
    metadata,
    Column("one", Integer, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    seconds("at"),
)
notices = Table(
    "notices",
    metadata,
    Column("id", whole_id, primary_key=True),
    text("alert"),
    text("channel"),
    text("happening"),
    seconds("at"),
    text("body"),
    text("state"),
    seconds("due_at"),
    seconds("ended_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text("error", nullable=True),
    Index("notices_by_state", "state", "due_at"),
    Index("notices_by_alert", "alert", "channel"),
)
silences = Table(
    "silences",
    metadata,
    key("key", Text),
    text("scope"),
    seconds("since"),
    seconds("until"),
    text("author"),
    text("reason"),
    seconds("created_at"),
    seconds("revoked_at", nullable=True),
    sqlite_with_rowid=False,
)
