"""Which reports were handed over, and when: the row is committed before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from collectors.store.history import write_audit
from collectors.store.tables import deliveries, identity
from collectors.store.upserts import upsert

DEADLINE_S = 120
"""Whoever makes a report is ended after so long."""
CUT_OFF_S = DEADLINE_S + 60
_ACTOR = "burnline"
_KEY = ("report", "period", "channel")

Key = tuple[str, str, str]
"""Report, period and channel: what is delivered once."""


class DeliveryState(StrEnum):
    """How far a delivery came; unknown is never written: it is what a start without an end becomes."""

    STARTED = "started"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A report of one period through one channel; `digest` is that of the bytes issued."""

    report: str
    period: str
    channel: str
    due_at: int
    state: str
    started_at: int
    ended_at: int | None
    digest: str | None
    place: str | None
    error: str | None
    attempts: int

    def state_at(self, now: int) -> DeliveryState:
        """How far it came: unknown where it was started and nobody can be at it still."""
        state = DeliveryState(self.state)
        is_cut_off = state is DeliveryState.STARTED and now >= self.started_at + CUT_OFF_S
        return DeliveryState.UNKNOWN if is_cut_off else state


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a delivery: the digest and place of what was sent, or why nothing was."""

    state: DeliveryState
    digest: str | None = None
    place: str | None = None
    error: str | None = None


def begin(connection: Connection, key: Key, *, due_at: int, now: int) -> Delivery | None:
    """The delivery as it was known before; unless that was sent, it is now started once more."""
    known = _one(connection, key)
    if known is not None and known.state == DeliveryState.SENT:
        return known
    values: dict[str, object] = dict.fromkeys(("ended_at", "digest", "place", "error"))
    values |= {
        "due_at": due_at if known is None else known.due_at,
        "state": DeliveryState.STARTED.value,
        "started_at": now,
        "attempts": 1 if known is None else known.attempts + 1,
    }
    named = dict(zip(_KEY, key, strict=True))
    statement = upsert(connection.dialect.name, deliveries).values(**named, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=values))
    return known


def end(connection: Connection, key: Key, ended: Ended, *, now: int) -> None:
    """Write what came of a started delivery, and note it in the audit log."""
    started = deliveries.c.state == DeliveryState.STARTED.value
    detail = {"digest": ended.digest, "place": ended.place, "error": ended.error}
    values = {"state": ended.state.value, "ended_at": now, **detail}
    done = connection.execute(update(deliveries).where(*_named(key), started).values(**values))
    if done.rowcount:
        said = {"state": ended.state.value, **detail}
        subject = " ".join(key)
        write_audit(
            connection, at=now, actor=_ACTOR, action="deliver", subject=subject, detail=said
        )


def read_deliveries(connection: Connection, report: str | None) -> tuple[Delivery, ...]:
    """Every delivery of a report, or of all, by when it was due."""
    asked = () if report is None else (deliveries.c.report == report,)
    order = (deliveries.c.due_at, deliveries.c.report, deliveries.c.period, deliveries.c.channel)
    rows = connection.execute(select(deliveries).where(*asked).order_by(*order))
    return tuple(_delivery(row) for row in rows)


def read_born_at(connection: Connection) -> int:
    """When the store was created: no schedule of it can have been missed before."""
    return int(connection.execute(select(func.min(identity.c.created_at))).scalar_one())


def _one(connection: Connection, key: Key) -> Delivery | None:
    row = connection.execute(select(deliveries).where(*_named(key))).first()
    return None if row is None else _delivery(row)


def _named(key: Key) -> list[ColumnElement[bool]]:
    return [deliveries.c[name] == value for name, value in zip(_KEY, key, strict=True)]


def _delivery(row: Any) -> Delivery:
    return Delivery(*(getattr(row, field.name) for field in fields(Delivery)))
