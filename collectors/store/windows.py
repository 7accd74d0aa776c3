"""How tallies of many series over many spans are read in one statement.

The edges of all spans cut time into pieces, each piece is covered by the coarsest bins that fit
(minutes, quarter hours, hours, days), each row is read once, and a span is the sum of its pieces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Double,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

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
        members = [facts[one] for one in ask.series_ids if one in facts]
        coarse = any(member.bin_s == QUARTER_S for member in members)
        minutes_since = max((member.minutes_since or 0 for member in members), default=0)
        groups.setdefault(_aligned(ask.spans, minutes_since, coarse=coarse), []).append(number)
    for spans, numbers in groups.items():
        ids = sorted({one for n in numbers for one in asks[n].series_ids if one in facts})
        if not ids or not spans:
            continue
        sums = _sums(connection, ids, spans, lesser=any(facts[one].lesser for one in ids))
        for number in numbers:
            answers[number] = sums.of([one for one in asks[number].series_ids if one in facts])
    return answers


def _facts(connection: Connection, ids: set[int]) -> dict[int, Any]:
    """What decides how each series is read: bin width, kept minutes, lesser seconds."""
    columns = (series.c.id, series.c.bin_s, series.c.minutes_since, series.c.lesser)
    rows = connection.execute(select(*columns).where(series.c.id.in_(sorted(ids))))
    return {row.id: row for row in rows}


@lru_cache
def _aligned(spans: tuple[Span, ...], minutes_since: int, *, coarse: bool) -> tuple[Span, ...]:
    """The spans moved down to bins that the series have: whole minutes or quarter hours."""
    return tuple(
        Span(*(_down(at, minutes_since, coarse=coarse) for at in (span.since, span.until)))
        for span in spans
    )


def _down(at: int, minutes_since: int, *, coarse: bool) -> int:
    return floor(at, QUARTER_S if coarse or at < minutes_since else MINUTE_S)


def _sums(
    connection: Connection, ids: Sequence[int], spans: Sequence[Span], *, lesser: bool
) -> _Sums:
    edges = sorted({edge for span in spans for edge in (span.since, span.until)})
    names = SUMMED if lesser else _PLAIN
    sums = _Sums(ids, edges, spans, len(names))
    parts = [part for piece, pair in enumerate(pairwise(edges)) for part in _cover(piece, *pair)]
    wanted = _needed(parts, edges, spans)
    for start in range(0, len(wanted), _BRANCHES_A_STATEMENT):
        some = wanted[start : start + _BRANCHES_A_STATEMENT]
        shape = tuple((part.piece, part.level_s) for part in some)
        bounds: dict[str, Any] = {"ids": list(ids)}
        for number, part in enumerate(some):
            bounds[f"since_{number}"], bounds[f"until_{number}"] = part.since, part.until
        result = connection.execute(_statement(shape, names), bounds)
        # The driver's own rows: wrapping four thousand of them takes as long as reading them.
        sums.add(result.cursor.fetchall())
        result.close()
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
    first, last = until, until
    if coarser is not None and -floor(-since, coarser) < floor(until, coarser):
        first, last = -floor(-since, coarser), floor(until, coarser)
    if since < first:
        yield _Part(piece, level_s, since, first)
    if coarser is not None and first < last:
        yield from _cover(piece, first, last, coarser)
    if last < until:
        yield _Part(piece, level_s, last, until)


@cache
def _statement(shape: tuple[tuple[int, int], ...], names: tuple[str, ...]) -> CompoundSelect[Any]:
    """One UNION ALL over (piece, level); the ids are part of its text, the times are bound."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True, literal_execute=True)
    return union_all(
        *(
            _branch(piece, level_s, names).where(
                series.c.id.in_(ids),
                TALLIES[level_s].c.at >= bindparam(f"since_{number}"),
                TALLIES[level_s].c.at < bindparam(f"until_{number}"),
            )
            for number, (piece, level_s) in enumerate(shape)
        )
    )


def _branch(piece: int, level_s: int, names: tuple[str, ...]) -> Select[Any]:
    table = TALLIES[level_s]
    sums = (_summed(table.c[name]) for name in names)
    return (
        select(literal_column(str(piece)), series.c.id, *sums)
        .select_from(series.join(table, table.c.series_id == series.c.id))
        .group_by(series.c.id)
    )


def _summed(column: Column[Any]) -> ColumnElement[Any]:
    """The sum as a double: PostgreSQL sums BIGINT into NUMERIC, which Python reads slowly."""
    total = func.sum(column)
    return cast(total, Double) if column.name.endswith("_s") else total


class _Sums:
    """The sums of each piece and series, and of each span and set of series."""

    def __init__(
        self, ids: Sequence[int], edges: Sequence[int], spans: Sequence[Span], width: int
    ) -> None:
        """Start with nothing measured anywhere; `ids` ascend."""
        self._ids = np.array(ids, np.int64)
        self._place = {one: number for number, one in enumerate(ids)}
        edge = {at: number for number, at in enumerate(edges)}
        self._pieces = [slice(edge[span.since], edge[span.until]) for span in spans]
        # The last column counts rows: none is the difference between unmeasured and zero.
        self._sums = np.zeros((max(len(edges) - 1, 0), len(ids), width + 1))
        self._spans: list[list[list[float]]] | None = None

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take in what the statement found: piece, series, sums."""
        width = self._sums.shape[2] + 1
        flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width)
        found = flat.reshape(-1, width)
        columns = np.searchsorted(self._ids, found[:, 1].astype(np.int64))
        pieces = found[:, 0].astype(np.int64)
        np.add.at(self._sums[:, :, :-1], (pieces, columns), found[:, 2:])
        np.add.at(self._sums[:, :, -1], (pieces, columns), 1)

    def of(self, ids: Sequence[int]) -> list[Tally | None]:
        """The tally of these series over each span; None where none of them has a row."""
        if self._spans is None:
            self._spans = [self._sums[pieces].sum(axis=0).tolist() for pieces in self._pieces]
        places = [self._place[one] for one in ids]
        return [_tally([one[place] for place in places]) for one in self._spans]


def _tally(members: Sequence[Sequence[float]]) -> Tally | None:
    if len(members) == 1:
        sums = members[0]
    else:
        sums = [sum(column) for column in zip(*members, strict=True)]
    if not sums or not sums[-1]:
        return None
    if len(sums) == len(_PLAIN) + 1:
        return Tally(sums[0], sums[1], int(sums[2]))
    good, total, observed_s, excluded_good, excluded_total, *seconds, _ = sums
    return Tally(good, total, int(observed_s), excluded_good, excluded_total, *map(int, seconds))
