"""Which values of a label the bad events of a stretch had, and how it normally is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from collectors.store.stored import HasSeries
from collectors.store.windows import WindowAsk
from dashboard.views.counted.series_index import Index
from dashboard.views.slos.slo_view import SloView
from slo.facts import SeriesKind
from slo.indicator import MOST_TOLD_APART
from slo.lengths import DAY_S, WEEK_S
from slo.objective import Slo
from slo.spans import Span
from slo.tally import Tally

CALM_S = DAY_S
NORMAL_S = WEEK_S


class Store(HasSeries, Protocol):
    """The part of the store's reader that breakdowns are made of."""

    def windows(self, asks: Sequence[WindowAsk]) -> list[list[Tally | None]]:
        """The tally of each ask over each of its spans; None where there is no row."""


@dataclass(frozen=True, slots=True)
class Share:
    """One value of a label: its bad events, as a share of all bad ones now and in the week before.

    `normal` is None where that week had no bad event, or was not measured.
    """

    value: str
    bad: float
    share: Fraction
    normal: Fraction | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The values of one label with the most bad events of a stretch, the first ten.

    `bad` counts all bad events of the stretch; `is_onset` says that it begins where the burning
    began, else it is the last day.
    """

    label: str
    span: Span
    is_onset: bool
    bad: float
    shares: tuple[Share, ...]

    @property
    def rest(self) -> Fraction:
        """The share of all other values together."""
        return max(Fraction(0), 1 - sum((one.share for one in self.shares), Fraction(0)))


def breakdowns(reader: Store, view: SloView, onset: int | None) -> Iterator[Breakdown]:
    """A breakdown for each label by which the SLO is told apart, while it is measured.

    `onset` is when the burning began, None where nothing burns.
    """
    if not view.slo.breakdown or view.slo.member or view.data_until is None:
        return
    is_onset = onset is not None and onset < view.data_until
    since = onset if onset is not None and is_onset else view.data_until - CALM_S
    span = Span(since, view.data_until)
    spans = (span, Span(span.since - NORMAL_S, span.since))
    index = Index(reader.series(view.slo.source, SeriesKind.TALLY))
    whole = _bad(view.slo, reader.windows([WindowAsk(view.together, spans)]))[0]
    for label in view.slo.breakdown:
        apart = index.apart(view.slo, (label,), is_breakdown=True)
        values = [value for ((_, value),) in apart]
        asks = [WindowAsk(tuple(one.id for one in found), spans) for found in apart.values()]
        counted = zip(values, _bad(view.slo, reader.windows(asks)), strict=True)
        shares = tuple(_shares(counted, whole))
        yield Breakdown(label, span, is_onset, whole[0], shares)


def _bad(slo: Slo, read: Sequence[Sequence[Tally | None]]) -> list[tuple[float, float]]:
    """The bad events of each, now and before."""

    def count(tally: Tally | None) -> float:
        return 0 if tally is None else tally.under(slo.treatment).bad

    return [(count(now), count(before)) for now, before in read]


def _shares(
    counted: Iterable[tuple[str, tuple[float, float]]], whole: tuple[float, float]
) -> Iterator[Share]:
    """The values with a bad event, most of them first; each an exact share of all bad events."""
    ranked = sorted(counted, key=lambda one: (-one[1][0], one[0]))
    for value, (bad, before) in ranked[:MOST_TOLD_APART]:
        if bad > 0 and whole[0] > 0:
            normal = _part(before, whole[1]) if whole[1] > 0 else None
            yield Share(value, bad, _part(bad, whole[0]), normal)


def _part(bad: float, of: float) -> Fraction:
    """The share; a value counted more finely than the whole never exceeds it."""
    return min(Fraction(1), Fraction(bad) / Fraction(of))
