"""How tallies of many series over many spans are read in one statement.

Each span is covered by the coarsest bins that fit: days, at both ends hours, quarter hours and
minutes. Where the covers of several spans overlap they are cut into parts; each part is read once,
and a span is the sum of its parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise
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
from slo.facts import Reals
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
    level_s: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is read, each row once, and which of it makes up each span."""

    parts: tuple[_Part, ...]
    spans: tuple[tuple[slice, ...], ...]


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
    connection: Connection, ids: Sequence[int], spans: tuple[Span, ...], *, lesser: bool
) -> _Sums:
    names = SUMMED if lesser else _PLAIN
    plan = _plan(spans)
    sums = _Sums(ids, plan, len(names))
    for start in range(0, len(plan.parts), _BRANCHES_A_STATEMENT):
        some = plan.parts[start : start + _BRANCHES_A_STATEMENT]
        bounds: dict[str, Any] = {"ids": list(ids)}
        for number, part in enumerate(some):
            bounds[f"since_{number}"], bounds[f"until_{number}"] = part.since, part.until
        statement = _statement(start, tuple(part.level_s for part in some), names)
        result = connection.execute(statement, bounds)
        # The driver's own rows: wrapping thousands of them takes as long as reading them.
        sums.add(result.cursor.fetchall())
        result.close()
    return sums


@lru_cache
def _plan(spans: tuple[Span, ...]) -> _Plan:
    """Cover each span by the coarsest bins, and cut each level where one of them begins or ends."""
    covers = [tuple(_cover(span.since, span.until)) for span in spans]
    parts: list[_Part] = []
    place: dict[tuple[int, int], int] = {}
    for level_s in TALLIES:
        ranges = {part for cover in covers for part in cover if part.level_s == level_s}
        depth = Counter(part.since for part in ranges)
        depth.subtract(part.until for part in ranges)
        edges = sorted({edge for part in ranges for edge in (part.since, part.until)})
        inside = accumulate(depth[edge] for edge in edges)
        for (since, until), covered in zip(pairwise(edges), inside, strict=False):
            place[level_s, since] = len(parts)
            if covered:
                parts.append(_Part(level_s, since, until))
        place |= {(level_s, edges[-1]): len(parts)} if edges else {}
    return _Plan(
        tuple(parts),
        tuple(
            tuple(slice(place[p.level_s, p.since], place[p.level_s, p.until]) for p in cover)
            for cover in covers
        ),
    )


def _cover(since: int, until: int, level_s: int = MINUTE_S) -> Iterator[_Part]:
    """The coarsest bins that make up [since, until), finer ones at both ends."""
    coarser = _COARSER.get(level_s)
    first, last = until, until
    if coarser is not None and -floor(-since, coarser) < floor(until, coarser):
        first, last = -floor(-since, coarser), floor(until, coarser)
    if since < first:
        yield _Part(level_s, since, first)
    if coarser is not None and first < last:
        yield from _cover(first, last, coarser)
    if last < until:
        yield _Part(level_s, last, until)


@cache
def _statement(first: int, levels: tuple[int, ...], names: tuple[str, ...]) -> CompoundSelect[Any]:
    """One UNION ALL over the parts; the ids are in its text, the times are bound."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True, literal_execute=True)
    return union_all(
        *(
            _branch(first + number, level_s, names).where(
                series.c.id.in_(ids),
                TALLIES[level_s].c.at >= bindparam(f"since_{number}"),
                TALLIES[level_s].c.at < bindparam(f"until_{number}"),
            )
            for number, level_s in enumerate(levels)
        )
    )


def _branch(part: int, level_s: int, names: tuple[str, ...]) -> Select[Any]:
    table = TALLIES[level_s]
    sums = (_summed(table.c[name]) for name in names)
    return (
        select(literal_column(str(part)), series.c.id, *sums)
        .select_from(series.join(table, table.c.series_id == series.c.id))
        .group_by(series.c.id)
    )


def _summed(column: Column[Any]) -> ColumnElement[Any]:
    """The sum as a double: PostgreSQL sums BIGINT into NUMERIC, which Python reads slowly."""
    total = func.sum(column)
    return cast(total, Double) if column.name.endswith("_s") else total


class _Sums:
    """The sums of each part and series, and of each span and set of series."""

    def __init__(self, ids: Sequence[int], plan: _Plan, width: int) -> None:
        """Start with nothing measured anywhere; `ids` ascend."""
        self._ids = np.array(ids, np.int64)
        self._place = {one: number for number, one in enumerate(ids)}
        self._plan = plan
        # The last column counts rows: none is the difference between unmeasured and zero.
        self._sums = np.zeros((len(plan.parts), len(ids), width + 1))
        self._spans: list[list[list[float]]] | None = None

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Take in what the statement found: part, series, sums."""
        width = self._sums.shape[2] + 1
        flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width)
        found = flat.reshape(-1, width)
        columns = np.searchsorted(self._ids, found[:, 1].astype(np.int64))
        parts = found[:, 0].astype(np.int64)
        self._sums[parts, columns, :-1] = found[:, 2:]
        self._sums[parts, columns, -1] = 1

    def of(self, ids: Sequence[int]) -> list[Tally | None]:
        """The tally of these series over each span; None where none of them has a row."""
        if self._spans is None:
            self._spans = [self._span(slices).tolist() for slices in self._plan.spans]
        places = [self._place[one] for one in ids]
        return [_tally([one[place] for place in places]) for one in self._spans]

    def _span(self, slices: tuple[slice, ...]) -> Reals:
        total = np.zeros(self._sums.shape[1:])
        for parts in slices:
            total += self._sums[parts].sum(axis=0)
        return total


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
