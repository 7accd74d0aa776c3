"""What is known of an SLO whose threshold is no bucket edge: both edges, and the estimate."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.slos.slo_view import Between, SloView
from slo.indicator import Latency
from slo.tally import Tally

_ALIKE = 1e-6


def between(view: SloView) -> Iterator[tuple[str, str]]:
    """The steps that give the SLI at each edge, the budget left there, and the estimate."""
    around, tally, indicator = view.between, view.tally, view.slo.indicator
    if around is None or tally is None or not tally.total or not isinstance(indicator, Latency):
        return
    low, high = around.edges or (None, None)
    yield f"at {_edge(low, 'lower')}", _at(view, around.low, tally)
    yield f"at {_edge(high, 'upper')}", _at(view, around.high, tally)
    if around.edges is not None:
        yield from _interpolated(around, around.edges, indicator.threshold_s, tally)


def _edge(edge: float | None, name: str) -> str:
    if edge is None:
        return f"{name} edge"
    return f"{edge:+}".title() if math.isinf(edge) else f"{digits_words(Fraction(repr(edge)))} s"


def _at(view: SloView, good: float, tally: Tally) -> str:
    """The SLI if every event of the bucket lay on the far or the near side of the threshold."""
    sli = Fraction(good) / Fraction(tally.total)
    budget = view.slo.objective.error_budget
    counts = f"{digits_words(Fraction(good))} / {digits_words(Fraction(tally.total))}"
    left = f"1 − (1 − {digits_words(sli)}) / {digits_words(budget)}"
    return (
        f"good / total {filled_words(counts, good, tally.total)} {equals_words(sli)}; "
        f"left {filled_words(left, sli)} {equals_words(1 - (1 - sli) / budget)}"
    )


def _interpolated(
    around: Between, edges: tuple[float, float], threshold: float, tally: Tally
) -> Iterator[tuple[str, str]]:
    """The estimate as a formula, where it is one: events spread evenly over the bucket."""
    low, high = (digits_words(Fraction(one)) for one in (around.low, around.high))
    if not all(math.isfinite(edge) for edge in edges):
        yield "estimate", f"beyond the last edge nothing is known: the lower count, {low}"
        return
    below, above, at = (digits_words(Fraction(repr(one))) for one in (*edges, threshold))
    share = (threshold - edges[0]) / (edges[1] - edges[0])
    good = around.low + share * (around.high - around.low)
    if abs(good - tally.good) > _ALIKE * max(1.0, tally.total):
        return
    yield (
        "estimate",
        (
            f"evenly spread, good ≈ {low} + ({at} − {below}) / ({above} − {below}) × "
            f"({high} − {low}) {equals_words(Fraction(tally.good))}"
        ),
    )
