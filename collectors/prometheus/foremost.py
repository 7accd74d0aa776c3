"""Of everything that bad events are told apart by, the values with the most of them an hour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from slo.facts import SeriesKey, TallyRows
from slo.indicator import MOST_TOLD_APART
from slo.lengths import HOUR_S
from slo.spans import Span


@dataclass(slots=True)
class Foremost:
    """Keeps the rows of the hour that is going on: who leads it may still change."""

    _held: list[TallyRows] = field(default_factory=list)

    def of(self, facts: Iterable[TallyRows], shown: Span) -> list[TallyRows]:
        """The rows to store of a stretch, given with those of the hour before it.

        Of a value that leads since now these are its rows of the whole hour: so whichever way
        the hour is cut, those that lead it at its end are stored whole.
        """
        self._held += facts
        found: list[TallyRows] = []
        for hour in range(shown.since // HOUR_S * HOUR_S, shown.until, HOUR_S):
            found += self._of_hour(hour, shown.clipped_to(Span(hour, hour + HOUR_S)))
        begins = shown.until // HOUR_S * HOUR_S
        rest = (cut(fact, Span(begins, shown.until)) for fact in self._held)
        self._held = [fact for fact in rest if len(fact.at)]
        return found

    def _of_hour(self, hour: int, shown: Span) -> list[TallyRows]:
        before = self._leading(Span(hour, shown.since))
        now = self._leading(Span(hour, shown.until))
        spans = {key: Span(shown.since if key in before else hour, shown.until) for key in now}
        rows = (cut(fact, spans[fact.series]) for fact in self._held if fact.series in spans)
        return [fact for fact in rows if len(fact.at)]

    def _leading(self, span: Span) -> set[SeriesKey]:
        """For each label the values with the most bad events in the span; none without any."""
        bad: dict[tuple[str, ...], dict[SeriesKey, float]] = {}
        for fact in self._held:
            one = cut(fact, span)
            label = tuple(name for name, _ in fact.series.labels)
            counts = bad.setdefault(label, {})
            counts[fact.series] = counts.get(fact.series, 0) + float((one.total - one.good).sum())
        return {key for counts in bad.values() for key in _most(counts)}


def _most(counts: dict[SeriesKey, float]) -> Sequence[SeriesKey]:
    ranked = sorted((-count, key) for key, count in counts.items() if count > 0)
    return [key for _, key in ranked[:MOST_TOLD_APART]]


def cut(fact: TallyRows, span: Span) -> TallyRows:
    """The rows of the fact inside the span."""
    low, high = np.searchsorted(fact.at, (span.since, span.until))
    columns: dict[str, Any] = {
        one.name: getattr(fact, one.name)[low:high]
        for one in fields(fact)
        if isinstance(getattr(fact, one.name), np.ndarray)
    }
    return replace(fact, **columns)
