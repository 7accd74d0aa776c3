"""What counters and buckets count for each value of some labels.

In the minutes in which their sum is known a value without a series of its own had no such events,
so that the values of a minute add up to the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from collectors.prometheus import extrapolated, latency, ratio
from collectors.prometheus.buckets import Buckets, counted, grouped
from collectors.prometheus.decode import Answer
from collectors.prometheus.pages import Inquiry
from collectors.prometheus.tracks import Labels, Reading
from slo.counters import Increments, deltas, per_bin
from slo.facts import TallyRows
from slo.indicator import Absent, Latency, Ratio, Split
from slo.rules import tally_pick
from slo.spans import Span
from slo.splits import split_rule, values_of

_Counted = TypeVar("_Counted")
_Groups = dict[Labels, list[_Counted]]
_Sums = Mapping[Labels, Increments]


@dataclass(frozen=True, slots=True)
class Apart:
    """A stretch of a split, told apart by the values of labels."""

    inquiry: Inquiry
    split: Split
    span: Span
    is_partial: bool

    def read(self, readings: Sequence[Reading]) -> list[TallyRows]:
        """The tallies of each value in each minute of the stretch, from raw samples."""
        found = (self._read(reading, by) for reading in readings for by in self._ways)
        return [fact for facts in found for fact in facts]

    def increased(self, answers: Sequence[Answer]) -> list[TallyRows]:
        """The same from increases that the server summed by the labels."""
        return [fact for by in self._ways for fact in self._increased(answers, by)]

    @property
    def _ways(self) -> Sequence[tuple[str, ...]]:
        """Which labels tell apart together: a breakdown is by each label on its own."""
        by = self.split.by
        return [(label,) for label in by] if self.split.is_breakdown else [by]

    def _read(self, reading: Reading, by: Sequence[str]) -> Iterator[TallyRows]:
        lookback_s, span = self.inquiry.lookback_s, self.span
        if isinstance(self.split.of, Latency):
            (counters,) = reading
            histograms = grouped(self.inquiry, latency.selector(self.split.of), counters)
            for values, mine in _by_values(histograms.items(), by).items():
                yield from self._under(values, counted(mine, span, lookback_s))
            return
        total, other = (
            [(labels, deltas(one, lookback_s)) for labels, one in each.items()] for each in reading
        )
        sums = [
            {values: per_bin(mine, span) for values, mine in _by_values(each, by).items()}
            for each in (total, other)
        ]
        whole = [per_bin([grown for _, grown in each], span) for each in (total, other)]
        yield from self._shares(sums, whole)

    def _increased(self, answers: Sequence[Answer], by: Sequence[str]) -> Iterator[TallyRows]:
        span = self.span
        labelled = [
            [(tuple(raw.labels.items()), raw) for raw in answer.series] for answer in answers
        ]
        if isinstance(self.split.of, Latency):
            name = latency.selector(self.split.of)
            for values, mine in _by_values(labelled[0], by).items():
                layouts = extrapolated.layouts(self.inquiry, name, mine, span)
                yield from self._under(values, layouts, estimated=True)
            return
        sums = [
            {values: extrapolated.increments(mine, span) for values, mine in each.items()}
            for each in (_by_values(answer, by) for answer in labelled)
        ]
        whole = [extrapolated.increments(answer.series, span) for answer in answers]
        yield from self._shares(sums, whole, estimated=True)

    def _shares(
        self, sums: Sequence[_Sums], whole: Sequence[Increments], *, estimated: bool = False
    ) -> Iterator[TallyRows]:
        """Good out of all for each value that has any, in the minutes in which the sum is known."""
        of, (totals, others), known_ms = self.split.of, sums, whole[0].observed_ms
        assert isinstance(of, Ratio), "buckets have no second counter"
        if of.absent is Absent.NO_DATA:
            known_ms = np.minimum(known_ms, whole[1].observed_ms)
        nothing = Increments(whole[0].at, np.zeros(len(known_ms)), np.zeros_like(known_ms))
        lenient = replace(of, absent=Absent.ZERO)
        for values, total in totals.items():
            seen = replace(total, observed_ms=np.minimum(total.observed_ms, known_ms))
            other = others.get(values, nothing)
            for fact in ratio.tallies(
                self.inquiry, lenient, seen, other, partial=self.is_partial, estimated=estimated
            ):
                yield self._named(fact, values)

    def _under(
        self, values: Labels, layouts: Sequence[Buckets], *, estimated: bool = False
    ) -> Iterator[TallyRows]:
        """Events at or under the threshold; of a breakdown without the bounds of an estimate."""
        of = self.split.of
        assert isinstance(of, Latency), "a ratio has no threshold"
        for fact in latency.tallied(
            self.inquiry, of, layouts, self.span, partial=self.is_partial, estimated=estimated
        ):
            if fact.series.rule == tally_pick(of).rule or not self.split.is_breakdown:
                yield self._named(fact, values)

    def _named(self, fact: TallyRows, values: Labels) -> TallyRows:
        """The fact under the name of the sum's tally, with the values and the split's rule."""
        pick = tally_pick(self.split.of)
        rule = split_rule(self.split) + fact.series.rule.removeprefix(pick.rule)
        return replace(fact, series=replace(fact.series, name=pick.name, labels=values, rule=rule))


def _by_values(labelled: Iterable[tuple[Labels, _Counted]], by: Sequence[str]) -> _Groups[_Counted]:
    groups: _Groups[_Counted] = {}
    for labels, one in labelled:
        groups.setdefault(values_of(dict(labels), by), []).append(one)
    return groups
