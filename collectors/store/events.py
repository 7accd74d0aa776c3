"""How things that happened are stored: once per natural key, the best claim kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, and_, bindparam, delete, insert, or_, select

from collectors.store.canonical import canonical_json
from collectors.store.merge import Claim, Merged, merge
from collectors.store.outcome import Ledger
from collectors.store.tables import events
from slo.facts import EventKind, EventRow
from slo.spans import Span


def ingest_events(
    connection: Connection, source: str, facts: Sequence[EventRow], ledger: Ledger
) -> None:
    """Store the events of one source, merged by (kind, key)."""
    for kind in EventKind:
        mine = [fact for fact in facts if fact.kind is kind]
        if not mine:
            continue
        stored = _stored(connection, source, kind, [fact.key for fact in mine])
        merged = merge(stored, ((fact.key, _claim(fact)) for fact in mine))
        ledger.enter(f"{source}/{kind.value}", merged, _shown)
        _write(connection, source, kind, merged)


def _claim(fact: EventRow) -> Claim:
    """The event's content; where two disagree the later end, then the smaller text, is kept."""
    ends = (1, 0) if fact.ended_at is None else (0, -fact.ended_at)
    fields = canonical_json(dict(fact.fields), f"event {fact.key}")
    return Claim((*ends, fact.at, fact.service, fields), fact.observed_at)


def _stored(
    connection: Connection, source: str, kind: EventKind, keys: Sequence[str]
) -> dict[str, Claim]:
    mine = (events.c.source == source, events.c.kind == kind.value, events.c.key.in_(keys))
    found = connection.execute(select(events).where(*mine))
    return {row.key: _claim(shown(row)) for row in found}


def _write(connection: Connection, source: str, kind: EventKind, merged: Merged[str]) -> None:
    if merged.replaced:
        gone = [{"gone": key} for key in sorted(merged.replaced)]
        mine = (events.c.source == source, events.c.kind == kind.value)
        connection.execute(delete(events).where(*mine, events.c.key == bindparam("gone")), gone)
    rows = [
        {"source": source, "kind": kind.value, "key": key, **_row(claim)}
        for key, claim in sorted(merged.write.items())
    ]
    if rows:
        connection.execute(insert(events), rows)


def _row(claim: Claim) -> dict[str, Any]:
    return _shown(claim.value) | {"observed_at": claim.observed_at}


def _shown(value: tuple[Any, ...]) -> dict[str, Any]:
    still_open, ended, at, service, fields = value
    shown = {"at": at, "service": service, "fields": fields}
    return shown | {"ended_at": None if still_open else -ended}


def shown(row: Any) -> EventRow:
    """A stored row as the fact it was."""
    return EventRow(
        kind=EventKind(row.kind),
        key=row.key,
        at=row.at,
        observed_at=row.observed_at,
        service=row.service,
        ended_at=row.ended_at,
        fields=orjson.loads(row.fields),
    )


def read_events(
    connection: Connection,
    kind: EventKind | None,
    source: str | None,
    span: Span | None,
) -> tuple[EventRow, ...]:
    """The events asked for, by time: those that were going on in the span, if one is given.

    An incident without an end is still going on; other events without one are moments.
    """
    asked = {"kind": kind.value if kind else None, "source": source}
    statement = select(events).where(
        *(events.c[name] == value for name, value in asked.items() if value is not None)
    )
    if span is not None:
        is_open = and_(events.c.kind == EventKind.INCIDENT.value, events.c.ended_at.is_(None))
        lasting = or_(events.c.at >= span.since, events.c.ended_at > span.since, is_open)
        statement = statement.where(events.c.at < span.until, lasting)
    order = (events.c.at, events.c.source, events.c.kind, events.c.key)
    return tuple(shown(row) for row in connection.execute(statement.order_by(*order)))
