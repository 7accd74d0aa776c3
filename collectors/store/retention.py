"""What time takes away: minutes older than asked for; every coarser level stays for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from collectors.store.corrections import covered, live_in
from collectors.store.exclusions import quarters
from collectors.store.ids import stored
from collectors.store.stored import StoredSeries
from collectors.store.tables import TALLIES, series
from collectors.store.widths import DAY_S, MINUTE_S, floor
from slo.errors import StoreError
from slo.facts import SeriesKind
from slo.spans import Span

_SHORTEST_S = DAY_S


@dataclass(frozen=True, slots=True)
class Retained:
    """Minutes before `horizon` are gone: so many rows of so many series."""

    horizon: int
    rows: int
    series: int


def horizon(now: int, minutes_s: int) -> int:
    """The first second whose minutes are kept, moved down to a whole UTC day.

    Raises:
        StoreError: less than a day is to be kept.
    """
    if minutes_s < _SHORTEST_S:
        raise StoreError(
            f"minutes cannot be kept for {minutes_s} s only",
            where="retention",
            mend="keep them for the longest rolling window and one day more",
        )
    return floor(now - minutes_s, DAY_S)


def expired(connection: Connection, before: int) -> list[StoredSeries]:
    """The series that have minutes before that moment; one index seek a series tells."""
    minutes = TALLIES[MINUTE_S]
    aged = (
        series.c.kind == SeriesKind.TALLY.value,
        series.c.since < before,
        exists().where(minutes.c.series_id == series.c.id, minutes.c.at < before),
    )
    return [*map(stored, connection.execute(select(series).where(*aged).order_by(series.c.id)))]


def thin(connection: Connection, one: StoredSeries, before: int) -> int:
    """Remove the minutes of one series; its quarter hours tell of them from now on.

    Minutes under a correction that holds stay, with those of the same quarter hour: to change or
    revoke it must be as exact as it was to make it.
    """
    minutes = TALLIES[MINUTE_S]
    rows = 0
    for span in _unpinned(connection, one, before):
        old = (minutes.c.series_id == one.id, minutes.c.at >= span.since, minutes.c.at < span.until)
        rows += connection.execute(delete(minutes).where(*old)).rowcount
    if rows:
        mine = update(series).where(series.c.id == one.id)
        connection.execute(
            mine.where(
                (series.c.minutes_since.is_(None)) | (series.c.minutes_since < before)
            ).values(minutes_since=before)
        )
    return rows


def _unpinned(connection: Connection, one: StoredSeries, before: int) -> Iterator[Span]:
    """The stretches before a moment that no correction holds on to."""
    whole = Span(min(floor(one.since or 0, DAY_S), before), before)
    since = whole.since
    for pinned in quarters(covered(live_in(connection, whole), one.key, whole)):
        yield Span(since, pinned.since)
        since = pinned.until
    yield Span(min(since, before), before)
