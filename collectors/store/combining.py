"""How counts that are no sums of series are read: slices laid over each other, weighed members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from collectors.store.columns import TallyColumns
from collectors.store.opening.engine import asked
from collectors.store.tables import TALLIES
from collectors.store.together import (
    Added,
    Ids,
    Laid,
    Scaled,
    Together,
    Weighed,
    plain_parts,
)
from collectors.store.values import joined, read_tally_rows
from collectors.store.widths import MINUTE_S, QUARTER_S, SUMMED, floor
from collectors.store.windows import WindowAsk, read_windows
from slo import tally as tallies
from slo.facts import Integers, Reals
from slo.overlay import (
    COLUMNS,
    EVENTS,
    EXCLUDED_S,
    GOOD,
    OBSERVED,
    SECONDS,
    TOTAL,
    laid_coarsely,
    laid_over,
)
from slo.spans import Span
from slo.tally import Tally

# Beside the counts: the events of the one series with the most of them.
_MOST = COLUMNS
_Bins = tuple[Integers, Integers, Reals]
"""First second, width and counts of bins that follow each other."""


def read_asks(connection: Connection, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
    """The answers in the order of the asks, those of plain sums read by one statement.

    A tally is None where no row of any of its series lies in the span; of weighed members, where
    one of them has none.
    """
    plain = [n for n, ask in enumerate(asks) if isinstance(ask.together, tuple)]
    if len(plain) == len(asks):
        return read_windows(asked(connection), asks)
    summed = read_windows(asked(connection), [asks[n] for n in plain])
    found = dict(zip(plain, summed, strict=True))
    return [
        found[n] if n in found else _apart(connection, ask.together, ask.spans)
        for n, ask in enumerate(asks)
    ]


def _apart(
    connection: Connection, together: Together, spans: tuple[Span, ...]
) -> list[Tally | None]:
    """The tallies of what is no sum of series: of a union from its bins, else from its parts'."""
    assert not isinstance(together, tuple), "sums are read by one statement"
    if isinstance(together, Laid):
        return _laid_windows(connection, together, spans)
    answers = read_asks(connection, [WindowAsk(part, spans) for part in together.parts])
    return [_of_parts(together, each) for each in zip(*answers, strict=True)]


def read_rows(connection: Connection, together: Together, level_s: int, span: Span) -> TallyColumns:
    """The bins of one level in the span, as the series count together, by time."""
    return TallyColumns.of(*_rows(connection, together, level_s, span))


def _rows(
    connection: Connection, together: Together, level_s: int, span: Span
) -> tuple[Integers, Reals]:
    match together:
        case Laid():
            return _laid_rows(connection, together, level_s, span)
        case Weighed(parts=parts, weights=weights):
            # No window says what an event of a part weighs: it weighs what its part does.
            shares = tuple(float(one.share) for one in weights)
            return _rows(connection, Scaled(together, parts, shares), level_s, span)
        case Scaled(parts=parts):
            return _scaled_rows(together, [_rows(connection, one, level_s, span) for one in parts])
        case Added(parts=parts):
            return joined(_rows(connection, one, level_s, span) for one in parts)
        case ids:
            return read_tally_rows(connection, ids, level_s, span)


def _of_parts(together: Weighed | Scaled | Added, found: Sequence[Tally | None]) -> Tally | None:
    match together:
        case Weighed():
            return _weighed(together, found)
        case Scaled():
            return _scaled(together, found)
        case Added():
            return _added(found)


def _weighed(made: Weighed, found: Sequence[Tally | None]) -> Tally | None:
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return None
    return tallies.weighed(
        tallies.Weighed(one.share, one.expected, tally)
        for one, tally in zip(made.weights, known, strict=True)
    )


def _scaled(made: Scaled, found: Sequence[Tally | None]) -> Tally | None:
    """The counts of each part by its factor, its seconds by its share."""
    whole, known = _weighed(made.weighed, found), [one for one in found if one is not None]
    if whole is None:
        return None
    names = ("good", "total", "excluded_good", "excluded_total")
    counts = {
        name: sum(
            factor * getattr(one, name) for factor, one in zip(made.factors, known, strict=True)
        )
        for name in names
    }
    return replace(whole, weighed=(), **counts)


def _added(found: Sequence[Tally | None]) -> Tally | None:
    known = [one for one in found if one is not None]
    return reduce(Tally.__add__, known) if known else None


def _scaled_rows(made: Scaled, each: Sequence[tuple[Integers, Reals]]) -> tuple[Integers, Reals]:
    """The counts of each part by its factor, its seconds by its share.

    A part of a second is one: a bin of which any member saw something was measured.
    """
    scaled = []
    for (at, table), factor, one in zip(each, made.factors, made.weighed.weights, strict=True):
        times = np.full(COLUMNS, float(one.share) / one.expected)
        times[[*EVENTS]] = factor
        scaled.append((at, table * times))
    at, table = joined(scaled)
    table[:, SECONDS] = np.ceil(np.round(table[:, SECONDS], 6))
    return at, table


def _laid_windows(connection: Connection, laid: Laid, spans: Sequence[Span]) -> list[Tally | None]:
    """The bins of all spans are laid over each other once, and summed up to each edge."""
    cut = [Span(floor(one.since, MINUTE_S), floor(one.until, MINUTE_S)) for one in spans]
    if not cut:
        return []
    whole = Span(min(one.since for one in cut), max(one.until for one in cut))
    at, width, table = _laid(connection, laid, whole)
    if not len(at):
        return [None] * len(cut)
    moments = np.append(at, at[-1] + width[-1])
    sums = np.vstack([np.zeros(COLUMNS), np.cumsum(table, axis=0)])
    return [_between(one, at, width, (moments, sums)) for one in cut]


def _between(
    span: Span, at: Integers, width: Integers, running: tuple[Integers, Reals]
) -> Tally | None:
    """The bins inside a span, of one that an edge cuts so much as lies inside; None if all is unknown."""
    first = int(np.searchsorted(at + width, span.since, side="right"))
    last = int(np.searchsorted(at, span.until, side="left"))
    if first >= last:
        return None
    begun = _up_to(span.since, at, width, running)
    good, total, *rest = (_up_to(span.until, at, width, running) - begun).tolist()
    observed_s, excluded_good, excluded_total, *seconds = rest
    if not (total or round(observed_s)):
        return None
    counts = (good, total, round(observed_s), excluded_good, excluded_total)
    excluded_s, partial_s, estimated_s, conflict_s = map(round, seconds)
    return Tally(*counts, excluded_s, partial_s, estimated_s, conflict_s)


def _up_to(moment: int, at: Integers, width: Integers, running: tuple[Integers, Reals]) -> Reals:
    _, sums = running
    place = int(np.searchsorted(at, moment, side="right")) - 1
    if place < 0:
        return np.zeros(COLUMNS)
    inside = min(moment - int(at[place]), int(width[place])) / int(width[place])
    part: Reals = sums[place] + (sums[place + 1] - sums[place]) * inside
    return part


def _laid_rows(
    connection: Connection, laid: Laid, level_s: int, span: Span
) -> tuple[Integers, Reals]:
    if level_s == MINUTE_S:
        return _over(connection, laid, MINUTE_S, [span])
    since, until = floor(span.since, level_s), -floor(-span.until, level_s)
    at, _, table = _laid(connection, laid, Span(since, until))
    found, counts = joined([(at - at % level_s, table)])
    asked = (found >= span.since) & (found < span.until)
    return found[asked], counts[asked]


def _laid(connection: Connection, laid: Laid, span: Span) -> _Bins:
    """The span in whole quarter hours, those of trouble by the minute.

    Where every member was good throughout, the quarter hour says all that its minutes do.
    """
    around = Span(floor(span.since, QUARTER_S), -floor(-span.until, QUARTER_S))
    at, parts = _aligned(connection, laid, QUARTER_S, [around])
    calm = _is_calm(parts)
    quarters = at[calm], np.full(int(calm.sum()), QUARTER_S), laid_over(parts[:, calm, :COLUMNS])
    minutes_at, minutes = _over_minutes(connection, laid, at[~calm])
    gone = ~calm & ~np.isin(at, minutes_at - minutes_at % QUARTER_S)
    coarse = at[gone], np.full(int(gone.sum()), QUARTER_S), laid_coarsely(parts[:, gone, :COLUMNS])
    fine = minutes_at, np.full(len(minutes_at), MINUTE_S), minutes
    starts, widths, tables = (
        np.concatenate(each) for each in zip(quarters, coarse, fine, strict=True)
    )
    order = np.argsort(starts, kind="stable")
    return starts[order], widths[order], tables[order]


def _is_calm(parts: Reals) -> NDArray[np.bool_]:
    """The quarter hours that all members saw whole, in which nothing was bad or corrected."""
    counts = parts[:, :, :COLUMNS]
    whole = (counts[:, :, OBSERVED] >= QUARTER_S).all(axis=0)
    good = (counts[:, :, GOOD] == counts[:, :, TOTAL]).all(axis=0)
    eventful = (parts[:, :, _MOST] >= QUARTER_S).any(axis=0)
    clear = (counts[:, :, EXCLUDED_S:] == 0).all(axis=(0, 2))
    return np.asarray(whole & good & eventful & clear)


def _over_minutes(connection: Connection, laid: Laid, quarters: Integers) -> tuple[Integers, Reals]:
    """The minutes of those quarter hours; of one that a member has no minutes of, none."""
    if not len(quarters):
        return np.empty(0, np.int64), np.empty((0, COLUMNS))
    breaks = np.flatnonzero(np.diff(quarters) != QUARTER_S) + 1
    runs = [Span(int(run[0]), int(run[-1]) + QUARTER_S) for run in np.split(quarters, breaks)]
    at, parts = _aligned(connection, laid, MINUTE_S, runs)
    coarse, wide = _aligned(connection, laid, QUARTER_S, runs)
    lacking = np.zeros(len(coarse), dtype=bool)
    for minutes, of_quarter in zip(parts, wide, strict=True):
        there = np.unique(at[minutes.any(axis=1)])
        lacking |= of_quarter.any(axis=1) & ~np.isin(coarse, there - there % QUARTER_S)
    kept = ~np.isin(at - at % QUARTER_S, coarse[lacking])
    return at[kept], laid_over(parts[:, kept, :COLUMNS])


def _over(
    connection: Connection, laid: Laid, level_s: int, spans: Sequence[Span]
) -> tuple[Integers, Reals]:
    at, parts = _aligned(connection, laid, level_s, spans)
    return at, laid_over(parts[:, :, :COLUMNS])


def _aligned(
    connection: Connection, laid: Laid, level_s: int, spans: Sequence[Span]
) -> tuple[Integers, Reals]:
    """The bins that any member has, and the counts of each: members by bins by columns."""
    found = [
        np.vstack([_counts(connection, part, level_s, span) for span in spans])
        for part in plain_parts(laid)
    ]
    at = np.unique(np.concatenate([one[:, 0] for one in found]).astype(np.int64))
    parts = np.zeros((len(found), len(at), COLUMNS + 1))
    for member, one in zip(parts, found, strict=True):
        member[np.searchsorted(at, one[:, 0].astype(np.int64))] = one[:, 1:]
    return at, parts


def _counts(connection: Connection, ids: Ids, level_s: int, span: Span) -> Reals:
    """The counts of one member; a second that several of its series saw is one second."""
    table = TALLIES[level_s]
    sums = [
        (func.max if name.endswith("_s") else func.sum)(table.c[name]).label(name)
        for name in SUMMED
    ]
    mine = (table.c.series_id.in_(ids), table.c.at >= span.since, table.c.at < span.until)
    asked = select(table.c.at, *sums, func.max(table.c.total)).where(*mine)
    rows = connection.execute(asked.group_by(table.c.at).order_by(table.c.at)).all()
    return np.array([tuple(row) for row in rows], np.float64).reshape(-1, COLUMNS + 2)
