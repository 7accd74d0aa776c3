"""How much of the last 28 days each source measured, day by day, and where the holes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

import numpy as np

from collectors.store.columns import TallyColumns
from collectors.store.stored import HasSeries, StoredSeries
from collectors.store.together import Together
from dashboard.views.counted.burning import joined
from dashboard.views.slos.slo_view import SloView
from slo.facts import SeriesKind
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, QUARTER_S
from slo.spans import Span

DAYS = 28
_RETIRED_S = HOUR_S
_WHOLE = Fraction(995, 1_000)


class Rows(HasSeries, Protocol):
    """The part of the store's reader that coverage is made of."""

    def tally_rows(self, together: Together, level_s: int, span: Span) -> TallyColumns:
        """The bins of one level in a span."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of a quarter hour or more in which the objectives of a source were not measured.

    It `is_open` when nothing came since; `names` are the objectives, `is_whole` when they are all
    of the source.
    """

    source: str
    span: Span
    names: tuple[str, ...]
    is_whole: bool
    is_open: bool


class Day(StrEnum):
    """How much of a day was measured, as far as a picture tells it."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


def day_of(share: Fraction | None) -> Day | None:
    """A day of which no more than seven minutes are missing is whole; None of no expectation."""
    if share is None:
        return None
    if share >= _WHOLE:
        return Day.WHOLE
    return Day.PART if share else Day.NONE


@dataclass(frozen=True, slots=True)
class Measured:
    """One source: its measured share of the 28 days, and of each of them.

    None is a day without an expectation: before the first data, or of a source that measures
    nothing.
    """

    share: Fraction | None
    days: tuple[Fraction | None, ...]
    holes: tuple[Hole, ...] = ()


@dataclass(frozen=True, slots=True)
class _Expected:
    """One objective: its series, and from when to when each should have reported."""

    view: SloView
    lives: Mapping[int, Span]

    @property
    def since(self) -> int:
        return min(life.since for life in self.lives.values())

    @property
    def newest(self) -> int:
        return max(life.until for life in self.lives.values())


def days_of(as_of: int) -> tuple[Span, ...]:
    """The last 28 days, UTC, the present one up to now."""
    midnight = as_of - as_of % DAY_S
    first = midnight - (DAYS - 1) * DAY_S
    starts = (first + i * DAY_S for i in range(DAYS))
    return tuple(Span(at, min(at + DAY_S, as_of)) for at in starts)


def measured(
    source: str, views: Sequence[SloView], reader: Rows, *, as_of: int, end: int
) -> Measured:
    """What the source measured of what its objectives need, up to `end`.

    That is the end of its data while they come, and the moment itself once they are late: all
    that is missing since is not measured.
    """
    stored = {one.id: one for one in reader.series(source, SeriesKind.TALLY)}
    wanted = [one for view in views if (one := _expected(view, stored)) and one.since < as_of]
    if not wanted:
        return Measured(None, (None,) * DAYS)
    days = days_of(as_of)
    read = [_by_day(one, reader, Span(days[0].since, as_of)) for one in wanted]
    shares = [_day(wanted, read, day, end) for day in days]
    known = [(seen, of) for seen, of in shares if of]
    total = sum(of for _, of in known)
    share = Fraction(sum(seen for seen, _ in known), total) if total else None
    return Measured(
        share,
        tuple(Fraction(seen, of) if of else None for seen, of in shares),
        tuple(_holes(source, [*zip(wanted, read, strict=True)], reader, days, end)),
    )


def _expected(view: SloView, stored: Mapping[int, StoredSeries]) -> _Expected | None:
    """When its series should have reported: one that was retired while others went on, till then."""
    lives = {
        one.id: Span(one.since, one.until)
        for one in (stored[i] for i in view.series_ids if i in stored)
        if one.since is not None and one.until is not None
    }
    return _Expected(view, lives) if lives else None


def _by_day(one: _Expected, reader: Rows, span: Span) -> Mapping[int, int]:
    """The seconds that were measured of each day."""
    rows = reader.tally_rows(tuple(one.lives), DAY_S, span)
    return dict(zip(rows.at.tolist(), rows.observed_s.tolist(), strict=True))


def _day(
    wanted: Sequence[_Expected], read: Sequence[Mapping[int, int]], day: Span, end: int
) -> tuple[int, int]:
    """Seconds measured and seconds expected of one day."""
    both = [_seen(one, by_day, day, end) for one, by_day in zip(wanted, read, strict=True)]
    return sum(seen for seen, _ in both), sum(of for _, of in both)


def _seen(one: _Expected, by_day: Mapping[int, int], day: Span, end: int) -> tuple[int, int]:
    """The same of one objective."""
    due = Span(day.since, max(day.since, min(day.until, end)))
    expected_s = sum(_due_s(life, one.newest, due) for life in one.lives.values())
    return min(by_day.get(day.since, 0), expected_s), expected_s


def _due_s(life: Span, newest: int, day: Span) -> int:
    until = life.until if life.until < newest - _RETIRED_S else day.until
    return Span(life.since, max(until, life.since)).clipped_to(day).length_s


def _holes(
    source: str,
    wanted: Sequence[tuple[_Expected, Mapping[int, int]]],
    reader: Rows,
    days: Sequence[Span],
    end: int,
) -> Iterator[Hole]:
    """Holes of the source, those of several objectives at the same time told once."""
    found: dict[Span, list[str]] = {}
    for one, by_day in wanted:
        # Days that were measured whole hold no hole, and are most of them.
        lacking = [day for day in days if len({*_seen(one, by_day, day, end)}) > 1]
        for span in joined(lacking):
            for hole in _holes_of(one, reader, span, end):
                found.setdefault(hole, []).append(one.view.name)
    for span, names in sorted(found.items()):
        yield Hole(source, span, tuple(names), len(names) == len(wanted), span.until >= end)


def _holes_of(one: _Expected, reader: Rows, span: Span, end: int) -> Iterator[Span]:
    """The quarter hours without a measured second, their edges by the minute."""
    since = max(span.since, one.since - one.since % QUARTER_S)
    until = min(span.until, end)
    until -= until % QUARTER_S
    if since >= until:
        return
    rows = reader.tally_rows(tuple(one.lives), QUARTER_S, Span(since, until))
    blind = np.ones((until - since) // QUARTER_S, dtype=bool)
    blind[(rows.at[rows.observed_s > 0] - since) // QUARTER_S] = False
    starts = (since + int(i) * QUARTER_S for i in np.flatnonzero(blind))
    is_last = span.until >= end
    for hole in joined(Span(at, at + QUARTER_S) for at in starts):
        yield _sharp(one, reader, hole, end if is_last and hole.until == until else None)


def _sharp(one: _Expected, reader: Rows, hole: Span, open_until: int | None) -> Span:
    """The hole by the minute where minutes are kept."""
    around = Span(hole.since - QUARTER_S, hole.until + QUARTER_S)
    rows = reader.tally_rows(tuple(one.lives), MINUTE_S, around)
    at = rows.at[rows.observed_s > 0]
    before, after = at[at < hole.since], at[at >= hole.until]
    since = int(before[-1]) + MINUTE_S if len(before) else hole.since
    if open_until is not None:
        return Span(since, open_until)
    return Span(since, int(after[0]) if len(after) else hole.until)
