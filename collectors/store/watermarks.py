"""Over which span each stream of a source is known to be complete."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from collectors.store.tables import watermarks
from collectors.store.upserts import upsert
from slo.spans import Span


def move_watermark(connection: Connection, source: str, stream: str, span: Span) -> None:
    """Widen what is known to be complete over `span`."""
    held = watermark(connection, source, stream) or span
    values = {"since": min(held.since, span.since), "until": max(held.until, span.until)}
    statement = upsert(connection.dialect.name, watermarks).values(
        source=source, stream=stream, **values
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["source", "stream"], set_=values)
    )


def draw_back(connection: Connection, source: str, stream: str, until: int) -> None:
    """Believe no longer that the stream is complete after `until`."""
    held = watermark(connection, source, stream)
    mine = (watermarks.c.source == source, watermarks.c.stream == stream)
    if held is not None and held.since >= until:
        connection.execute(delete(watermarks).where(*mine))
    elif held is not None and held.until > until:
        connection.execute(update(watermarks).where(*mine).values(until=until))


def watermark(connection: Connection, source: str, stream: str) -> Span | None:
    """The span over which the stream is complete; None before its first batch."""
    mine = (watermarks.c.source == source, watermarks.c.stream == stream)
    row = connection.execute(select(watermarks).where(*mine)).one_or_none()
    return Span(row.since, row.until) if row else None
