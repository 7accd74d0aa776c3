"""How tallies of many series over many spans are read in one statement.

The edges of all spans cut time into pieces, each piece is covered by the coarsest bins that fit
(minutes, quarter hours, hours, days), each row is read once, and a span is the sum of its pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.sql.expression import CTE

from collectors.store.levels import floor
from collectors.store.tables import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    QUARTER_S,
    SUMMED,
    TALLIES,
    series,
)
from slo.spans import Span
from slo.tally import Tally

_PLAIN = ("good", "total", "observed_s")
_COARSER = {MINUTE_S: QUARTER_S, QUARTER_S: HOUR_S, HOUR_S: DAY_S}
_BRANCHES_A_STATEMENT = 300


@dataclass(frozen=True, slots=True)
class WindowAsk:
    """The wish for the tally of all these series together, over each of the spans."""

    series_ids: tuple[int, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    piece: int
    level_s: int
    since: int
    until: int


def read_windows(connection: Connection, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
    """One tally per ask and span; None where no row of any of its series lies in the span."""
    answers: list[list[Tally | None]] = [[None] * len(ask.spans) for ask in asks]
    facts = _facts(connection, {number for ask in asks for number in ask.series_ids})
    groups: dict[tuple[Span, ...], list[int]] = {}
    for number, ask in enumerate(asks):
        groups.setdefault(_aligned(ask, facts), []).append(number)
    for spans, members in groups.items():
        ids = sorted({one for n in members for one in asks[n].series_ids if one in facts})
        sums = _sums(connection, ids, spans, lesser=any(facts[one].lesser for one in ids))
        for number in members:
            known = [one for one in asks[number].series_ids if one in facts]
            answers[number] = [sums.of(known, index) for index in range(len(spans))]
    return answers


def _facts(connection: Connection, ids: set[int]) -> dict[int, Any]:
    """What decides how each series is read: bin width, kept minutes, lesser seconds."""
    columns = (series.c.id, series.c.bin_s, series.c.minutes_since, series.c.lesser)
    rows = connection.execute(select(*columns).where(series.c.id.in_(sorted(ids))))
    return {row.id: row for row in rows}


def _aligned(ask: WindowAsk, facts: dict[int, Any]) -> tuple[Span, ...]:
    """The spans moved down to bins that its series have: whole minutes or quarter hours."""
    members = [facts[one] for one in ask.series_ids if one in facts]
    coarse = any(member.bin_s == QUARTER_S for member in members)
    minutes_since = max((member.minutes_since or 0 for member in members), default=0)

    def down(at: int) -> int:
        return floor(at, QUARTER_S if coarse or at < minutes_since else MINUTE_S)

    return tuple(Span(down(span.since), down(span.until)) for span in ask.spans)


def _sums(
    connection: Connection, ids: Sequence[int], spans: Sequence[Span], *, lesser: bool
) -> _Sums:
    edges = sorted({edge for span in spans for edge in (span.since, span.until)})
    names = SUMMED if lesser else _PLAIN
    sums = _Sums(ids, edges, spans, names)
    parts = [part for piece, pair in enumerate(pairwise(edges)) for part in _cover(piece, *pair)]
    wanted = _needed(parts, edges, spans)
    for start in range(0, len(wanted), _BRANCHES_A_STATEMENT):
        some = wanted[start : start + _BRANCHES_A_STATEMENT]
        shape = tuple((part.piece, part.level_s) for part in some)
        bounds: dict[str, Any] = {"ids": list(ids)}
        for number, part in enumerate(some):
            bounds |= {f"since_{number}": part.since, f"until_{number}": part.until}
        sums.add(connection.execute(_statement(shape, names), bounds).all())
    return sums


def _needed(parts: Sequence[_Part], edges: Sequence[int], spans: Sequence[Span]) -> list[_Part]:
    """Only pieces inside some span; what lies between two spans is not read."""
    inside = {
        piece
        for piece, (since, until) in enumerate(pairwise(edges))
        if any(span.since <= since and until <= span.until for span in spans)
    }
    return [part for part in parts if part.piece in inside]


def _cover(piece: int, since: int, until: int, level_s: int = MINUTE_S) -> Iterator[_Part]:
    """The coarsest bins that make up [since, until), finer ones at both ends."""
    coarser = _COARSER.get(level_s)
    if coarser is None:
        if since < until:
            yield _Part(piece, level_s, since, until)
        return
    first, last = -floor(-since, coarser), floor(until, coarser)
    if first >= last:
        first = last = until
    if since < first:
        yield _Part(piece, level_s, since, first)
    yield from _cover(piece, first, last, coarser)
    if last < until:
        yield _Part(piece, level_s, last, until)


@cache
def _statement(shape: tuple[tuple[int, int], ...], names: tuple[str, ...]) -> Select[Any] | Any:
    wanted = (
        select(series.c.id).where(series.c.id.in_(bindparam("ids", expanding=True))).cte("wanted")
    )
    return union_all(
        *(
            _branch(wanted, piece, level_s, number, names)
            for number, (piece, level_s) in enumerate(shape)
        )
    )


def _branch(
    wanted: CTE, piece: int, level_s: int, number: int, names: tuple[str, ...]
) -> Select[Any]:
    table = TALLIES[level_s]
    sums = (func.sum(table.c[name]) for name in names)
    return (
        select(literal_column(str(piece)), wanted.c.id, *sums)
        .select_from(wanted.join(table, table.c.series_id == wanted.c.id))
        .where(
            table.c.at >= bindparam(f"since_{number}"), table.c.at < bindparam(f"until_{number}")
        )
        .group_by(wanted.c.id)
    )


class _Sums:
    """The sums of each piece and series, and of each span and set of series."""

    def __init__(
        self,
        ids: Sequence[int],
        edges: Sequence[int],
        spans: Sequence[Span],
        names: Sequence[str],
    ) -> None:
        """Start with nothing measured anywhere."""
        self._column = {one: number for number, one in enumerate(ids)}
        place = {edge: number for number, edge in enumerate(edges)}
        self._pieces = [slice(place[span.since], place[span.until]) for span in spans]
        self._sums = np.zeros((max(len(edges) - 1, 0), len(ids), len(names)))
        self._seen = np.zeros(self._sums.shape[:2], bool)

    def add(self, rows: Sequence[Any]) -> None:
        """Take in what the statement found."""
        if not rows:
            return
        found = np.array([tuple(row) for row in rows], np.float64)
        pieces = found[:, 0].astype(int)
        columns = np.array([self._column[one] for one in found[:, 1].astype(int).tolist()])
        np.add.at(self._sums, (pieces, columns), found[:, 2:])
        self._seen[pieces, columns] = True

    def of(self, ids: Sequence[int], span: int) -> Tally | None:
        """The tally of these series over one span; None where none of them has a row."""
        columns = [self._column[one] for one in ids]
        pieces = self._pieces[span]
        if not self._seen[pieces][:, columns].any():
            return None
        good, total, *seconds = self._sums[pieces][:, columns].sum(axis=(0, 1)).tolist()
        return _tally(good, total, seconds)


def _tally(good: float, total: float, seconds: Sequence[float]) -> Tally:
    if len(seconds) == 1:
        return Tally(good, total, int(seconds[0]))
    observed_s, excluded_good, excluded_total, *rest = seconds
    return Tally(good, total, int(observed_s), excluded_good, excluded_total, *map(int, rest))
