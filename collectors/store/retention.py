"""What time takes away: minutes older than asked for; every coarser level stays for ever."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from collectors.store.levels import floor
from collectors.store.tables import DAY_S, MINUTE_S, TALLIES, series
from slo.errors import StoreError
from slo.facts import SeriesKind

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


def expired(connection: Connection, before: int) -> list[int]:
    """The series that have minutes before that moment; one index seek a series tells."""
    minutes = TALLIES[MINUTE_S]
    aged = (
        series.c.kind == SeriesKind.TALLY.value,
        series.c.since < before,
        exists().where(minutes.c.series_id == series.c.id, minutes.c.at < before),
    )
    return list(
        connection.execute(select(series.c.id).where(*aged).order_by(series.c.id)).scalars()
    )


def thin(connection: Connection, series_id: int, before: int) -> int:
    """Remove the minutes of one series; its quarter hours tell of them from now on."""
    minutes = TALLIES[MINUTE_S]
    old = (minutes.c.series_id == series_id, minutes.c.at < before)
    rows = connection.execute(delete(minutes).where(*old)).rowcount
    if rows:
        mine = update(series).where(series.c.id == series_id)
        connection.execute(
            mine.where(
                (series.c.minutes_since.is_(None)) | (series.c.minutes_since < before)
            ).values(minutes_since=before)
        )
    return rows
