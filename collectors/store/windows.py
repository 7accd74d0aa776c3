"""How tallies of many series over many spans are read in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from collectors.store.cover import Plan, plan_of
from collectors.store.opening.sql_text import Ask, Bounds, Rows
from collectors.store.together import Ids, Together, ids_of
from collectors.store.widths import LEVELS, MINUTE_S, QUARTER_S, SUMMED, floor
from slo.spans import Span
from slo.tally import Tally

_PLAIN = ("good", "total", "observed_s")
_BRANCHES_A_STATEMENT = 300
# `<members>` stands for the condition on the numbers of the series.
_FACTS = "SELECT id, bin_s, minutes_since, lesser FROM series WHERE series.id <members>"


@dataclass(frozen=True, slots=True)
class WindowAsk:
    """The wish for the tally of series together, over each of the spans."""

    together: Together
    spans: tuple[Span, ...]

    @property
    def series_ids(self) -> Ids:
        """All series that count."""
        return ids_of(self.together)


@dataclass(frozen=True, slots=True)
class _Fact:
    """What decides how a series is read."""

    is_coarse: bool
    minutes_since: int
    is_lesser: bool


def read_windows(ask: Ask, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
    """One tally per ask of a sum and span; None where no row of any of its series lies in it."""
    answers: list[list[Tally | None]] = [[None] * len(one.spans) for one in asks]
    facts = _facts(ask, {number for one in asks for number in one.series_ids})
    for spans, numbers in _groups(asks, facts).items():
        ids = sorted({one for n in numbers for one in asks[n].series_ids if one in facts})
        sums = _sums(ask, ids, spans, lesser=any(facts[one].is_lesser for one in ids))
        for number in numbers:
            answers[number] = sums.of([one for one in asks[number].series_ids if one in facts])
    return answers


def _facts(ask: Ask, ids: Collection[int]) -> dict[int, _Fact]:
    return {
        which: _Fact(bin_s == QUARTER_S, minutes_since or 0, bool(lesser))
        for which, bin_s, minutes_since, lesser in _rows(ask, _FACTS, sorted(ids))
    }


def _groups(
    asks: Sequence[WindowAsk], facts: Mapping[int, _Fact]
) -> dict[tuple[Span, ...], list[int]]:
    """The places of the asks by the spans that are read for them."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    last: tuple[tuple[Span, ...], bool, int] | None = None
    numbers: list[int] = []
    for number, ask in enumerate(asks):
        members = [facts[one] for one in ask.series_ids if one in facts]
        if not members or not ask.spans:
            continue
        is_coarse = any(member.is_coarse for member in members)
        minutes_since = max(member.minutes_since for member in members)
        # Mostly all spans are alike, and to compare them with the last is faster than to hash.
        if (ask.spans, is_coarse, minutes_since) != last:
            last = (ask.spans, is_coarse, minutes_since)
            aligned = _aligned(ask.spans, minutes_since, is_coarse=is_coarse)
            numbers = groups.setdefault(aligned, [])
        numbers.append(number)
    return groups


def _rows(ask: Ask, statement: str, ids: Sequence[int], bounds: Bounds | None = None) -> Rows:
    return ask(statement.replace("<members>", _members(ids)), bounds or {}) if ids else ()


def _members(ids: Sequence[int]) -> str:
    """The condition on ascending ids; a list is looked through once for every part."""
    if ids[-1] - ids[0] == len(ids) - 1:
        return f"BETWEEN {ids[0]} AND {ids[-1]}"
    return f"IN ({', '.join(map(str, ids))})"


def _aligned(spans: tuple[Span, ...], minutes_since: int, *, is_coarse: bool) -> tuple[Span, ...]:
    """The spans moved down to bins that the series have: whole minutes or quarter hours."""

    def down(at: int) -> int:
        return floor(at, QUARTER_S if is_coarse or at < minutes_since else MINUTE_S)

    return tuple(Span(down(span.since), down(span.until)) for span in spans)


def _sums(ask: Ask, ids: Sequence[int], spans: tuple[Span, ...], *, lesser: bool) -> _Sums:
    names = SUMMED if lesser else _PLAIN
    plan = plan_of(spans)
    sums = _Sums(plan)
    for start in range(0, len(plan.parts), _BRANCHES_A_STATEMENT):
        some = [*enumerate(plan.parts[start : start + _BRANCHES_A_STATEMENT], start)]
        statement = " UNION ALL ".join(
            _branch(number, part.level_s, names) for number, part in some
        )
        bounds: dict[str, int] = {}
        for number, part in some:
            bounds[f"since_{number}"], bounds[f"until_{number}"] = part.since, part.until
        sums.add(_rows(ask, statement, ids, bounds))
    return sums


def _branch(number: int, level_s: int, names: Sequence[str]) -> str:
    """The sums of one part: neighbouring bins of one level."""
    table, sums = LEVELS[level_s], ", ".join(_summed(name) for name in names)
    return (
        f"SELECT {number}, series.id, {sums} FROM series JOIN {table} ON series_id = series.id"  # noqa: S608 - names of ours
        f" WHERE series.id <members> AND at >= :since_{number} AND at < :until_{number}"
        " GROUP BY series.id"
    )


def _summed(name: str) -> str:
    """The sum as a double: PostgreSQL sums BIGINT into NUMERIC, which Python reads slowly."""
    return f"CAST(sum({name}) AS DOUBLE PRECISION)" if name.endswith("_s") else f"sum({name})"


class _Sums:
    """The sums of each series and part, and of each span and set of series.

    Plain numbers: arrays would be no faster, as nearly all of the time goes into the tallies.
    """

    def __init__(self, plan: Plan) -> None:
        """Start with nothing measured anywhere."""
        self._plan = plan
        self._found: dict[int, dict[int, Sequence[float]]] = {}

    def add(self, rows: Rows) -> None:
        """Take in what the statement found: part, series, sums."""
        for part, series, *sums in rows:
            self._found.setdefault(series, {})[part] = sums

    def of(self, ids: Sequence[int]) -> list[Tally | None]:
        """The tally of these series over each span; None where none of them has a row."""
        each = [self._found[one] for one in ids if one in self._found]
        return [
            _tally([found[part] for found in each for part in parts if part in found])
            for parts in self._plan.spans
        ]


def _tally(rows: Sequence[Sequence[float]]) -> Tally | None:
    """The sum of the rows; of none there is no tally, which is not one of zeros."""
    if not rows:
        return None
    sums = [sum(column) for column in zip(*rows, strict=True)]
    if len(sums) == len(_PLAIN):
        return Tally(sums[0], sums[1], int(sums[2]))
    good, total, observed_s, excluded_good, excluded_total, *rest = sums
    excluded_s, partial_s, estimated_s, conflict_s = map(int, rest)
    counts = (good, total, int(observed_s), excluded_good, excluded_total, excluded_s)
    return Tally(*counts, partial_s, estimated_s, conflict_s)
