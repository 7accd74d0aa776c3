"""Which stored series answer an indicator, and when each of them reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Self

from collectors.store.stored import HasSeries, StoredSeries
from collectors.store.together import (
    Added,
    Ids,
    Laid,
    Together,
    Weighed,
    ids_of,
    plain_parts,
    weights_of,
)
from slo.facts import SeriesKind
from slo.indicator import Combined, Composite, Indicator, Split, base_of
from slo.lengths import HOUR_S
from slo.objective import Slo
from slo.rules import tally_pick
from slo.selector import Selector
from slo.spans import Span
from slo.splits import Labels, is_derived_apart, split_rule, values_of

BASE_BIN_S = 60
RETIRED_S = HOUR_S
"""A series that gave nothing for so long while others did is expected no more."""
_SIDES = ("|low", "|high")


@dataclass(frozen=True, slots=True)
class Series:
    """The stored series that answer one indicator, those for its bounds apart."""

    together: Together = ()
    low_ids: Ids = ()
    high_ids: Ids = ()
    bin_s: int = BASE_BIN_S
    until: int | None = None
    lives: tuple[Span, ...] = ()

    @property
    def ids(self) -> Ids:
        """All of them, however they count together."""
        return ids_of(self.together)

    def members(self, at: int) -> int:
        """How many of them still reported in the hour before `at`, at least one.

        A route that was retired counts in the window's sums, but to expect minutes of it would
        water down what the others burn.
        """
        return sum(life.since < at and life.until > at - RETIRED_S for life in self.lives) or 1

    @property
    def is_bounded(self) -> bool:
        """Whether the counts are an estimate between two that are known."""
        return bool(self.low_ids and self.high_ids)


class Index:
    """The stored series by what identifies them, so that an indicator finds its own at once."""

    def __init__(self, stored: Iterable[StoredSeries]) -> None:
        """Sort the series by source, name and rule, and those by each of their labels."""
        self._named: dict[tuple[str, str, str], list[StoredSeries]] = {}
        self._labelled: dict[tuple[str, str, str, tuple[str, str]], list[StoredSeries]] = {}
        for one in stored:
            name = (one.key.source, one.key.name, one.key.rule)
            self._named.setdefault(name, []).append(one)
            for label in one.key.labels:
                self._labelled.setdefault((*name, label), []).append(one)

    @classmethod
    def of_tallies(cls, reader: HasSeries) -> Self:
        """Of all tallies that are stored."""
        return cls(reader.series(kind=SeriesKind.TALLY))

    def of(self, slo: Slo) -> Series:
        """The tally series that answer an SLO, and how they count together.

        A composite is known as far as every member of it is, except that one is bad in slices in
        which a member is bad whatever the others are. A series that two members of a sum read
        counts once.
        """
        if not isinstance(slo.indicator, Composite):
            low, high = self._bounds(slo)
            return _series(self._main(slo), low, high)
        return self._together(slo.indicator, [self.of(one) for one in slo.composed], slo)

    def _together(self, made: Composite, members: Sequence[Series], slo: Slo) -> Series:
        ends = [one.until for one in members if one.until is not None]
        whole = replace(_series(self._leaves(slo)), until=min(ends, default=None))
        parts = tuple(one.together for one in members)
        match made.method:
            case Combined.UNION_OF_BAD_SLICES:
                laid = Laid(tuple(chain.from_iterable(map(plain_parts, parts))))
                return _as_one(replace(whole, together=laid, until=max(ends, default=None)))
            case Combined.WEIGHTED_BURN:
                expected = (one.members(one.until or 0) for one in members)
                weighed = Weighed(weights_of(parts, made.weights, expected))
                return _as_one(replace(whole, together=weighed))
            case Combined.SUM_OF_EVENTS if not all(isinstance(one, tuple) for one in parts):
                return replace(whole, together=Added(parts))
            case _:
                return whole

    def _leaves(self, slo: Slo) -> list[StoredSeries]:
        """The series of an SLO, or of the members of a composite and theirs, each once."""
        if not isinstance(slo.indicator, Composite):
            return self._main(slo)
        return list(dict.fromkeys(one for part in slo.composed for one in self._leaves(part)))

    def _main(self, slo: Slo) -> list[StoredSeries]:
        """Probes that are grouped are combined within each group, and their seconds are summed."""
        if slo.member:
            return self.apart(slo, slo.group_by).get(slo.member, [])
        if slo.group_by and is_derived_apart(slo.indicator):
            groups = self.apart(slo, slo.group_by)
            return [one for values in sorted(groups) for one in groups[values]]
        pick = tally_pick(slo.indicator)
        return self._of((slo.source, pick.name, pick.rule), pick.selector)

    def _bounds(self, slo: Slo) -> tuple[Ids, Ids]:
        """The series of the counts at both edges around a threshold that is none."""
        if slo.member:
            low, high = (self.apart(slo, slo.group_by, side=side) for side in _SIDES)
            return _ids(low.get(slo.member, [])), _ids(high.get(slo.member, []))
        pick = tally_pick(slo.indicator)
        low_, high_ = (
            _ids(self._of((slo.source, pick.name, f"{pick.rule}{side}"), pick.selector))
            for side in _SIDES
        )
        return low_, high_

    def apart(
        self, slo: Slo, by: Sequence[str], *, is_breakdown: bool = False, side: str = ""
    ) -> dict[Labels, list[StoredSeries]]:
        """The series that count for the SLO by the values of labels.

        Those that were asked for apart carry these labels alone; the others carry all of theirs.
        """
        of = base_of(slo.indicator) if is_breakdown else slo.indicator
        if of is None:
            return {}
        pick = tally_pick(of)
        if pick.exact:
            rule = split_rule(Split(of, tuple(by), is_breakdown=is_breakdown)) + side
            named = self._named.get((slo.source, pick.name, rule), [])
            wanted = sorted(by)
            found = [one for one in named if [label for label, _ in one.key.labels] == wanted]
        else:
            found = self._of((slo.source, pick.name, f"{pick.rule}{side}"), pick.selector)
        groups: dict[Labels, list[StoredSeries]] = {}
        for one in found:
            groups.setdefault(values_of(dict(one.key.labels), by), []).append(one)
        return groups

    def spread(self, source: str, indicator: Indicator) -> Ids:
        """The histograms of what an indicator counts: their rule is empty."""
        pick = tally_pick(indicator)
        return _ids(self._of((source, pick.name, ""), pick.selector))

    def _of(self, name: tuple[str, str, str], wanted: Selector | None) -> list[StoredSeries]:
        if wanted is None:
            return [one for one in self._named.get(name, ()) if not one.key.labels]
        found = self._named.get(name, [])
        for matcher in wanted.matchers:
            if matcher.op == "=" and matcher.value:
                label = (matcher.label, matcher.value)
                found = min(found, self._labelled.get((*name, label), []), key=len)
        return [one for one in found if wanted.matches(one.key.name, dict(one.key.labels))]


def _series(main: Sequence[StoredSeries], low_ids: Ids = (), high_ids: Ids = ()) -> Series:
    return Series(
        together=_ids(main),
        low_ids=low_ids,
        high_ids=high_ids,
        bin_s=max((one.key.bin_s for one in main), default=BASE_BIN_S),
        until=_until(main),
        lives=_lives(main),
    )


def _as_one(series: Series) -> Series:
    """Of many series put together by time there is one to be expected, as long as any lives."""
    lives = series.lives
    if not lives:
        return series
    since, until = min(life.since for life in lives), max(life.until for life in lives)
    return replace(series, lives=(Span(since, until),))


def _ids(found: Iterable[StoredSeries]) -> Ids:
    return tuple(one.id for one in found)


def _until(found: Iterable[StoredSeries]) -> int | None:
    return max((life.until for life in _lives(found)), default=None)


def _lives(found: Iterable[StoredSeries]) -> tuple[Span, ...]:
    """From when to when each has rows."""
    return tuple(
        Span(one.since, one.until)
        for one in found
        if one.since is not None and one.until is not None
    )
