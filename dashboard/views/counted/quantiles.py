"""The percentile that a latency objective names, over time: the second chart, for who asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard.views.counted.course import CourseView
from dashboard.views.counted.spreads import Spreads, spread_ids
from dashboard.views.slos.dates import brief_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import length_words
from slo.indicator import Latency
from slo.lengths import QUARTER_S
from slo.objective import duration_text
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The percentile of each part of the stretch in milliseconds; None where nothing happened.

    Where it lies above the last finite bucket edge that edge stands in its place.
    """

    title: str
    note: str
    threshold_ms: float
    points: tuple[tuple[int, float | None], ...]


def is_offered(view: SloView) -> bool:
    """Whether there is a percentile to draw: only latencies have one."""
    return isinstance(view.slo.indicator, Latency) and view.tally is not None


def quantile_name(view: SloView) -> str:
    """The percentile that the objective names.

    95 % of requests under a threshold is a promise about the p95.
    """
    return f"p{view.objective_percent.normalize():f}"


def quantiles(reader: Spreads, view: SloView, course: CourseView) -> Quantiles | None:
    """The percentile of each part of the chart of the SLI, out of histograms; None without any."""
    indicator = view.slo.indicator
    if not isinstance(indicator, Latency):
        return None
    ids = spread_ids(reader, view.slo)
    if not ids:
        return None
    step_s = max(course.grid.share_s, QUARTER_S)
    share = float(view.slo.objective.target)
    found = [
        (at, _estimate(reader, ids, Span(at, at + step_s), share)) for at in _starts(course, step_s)
    ]
    points = tuple((at, None if one is None else one[0] * 1_000) for at, one in found)
    above = frozenset(at for at, one in found if one is not None and one[1])
    return Quantiles(
        title=f"{quantile_name(view)}, per {length_words(step_s)}",
        note=_highest(points, above),
        threshold_ms=indicator.threshold_s * 1_000,
        points=points,
    )


def _starts(course: CourseView, step_s: int) -> Iterator[int]:
    since, until = course.grid.span.since, course.grid.span.until
    yield from range(since - since % step_s, until, step_s)


def _estimate(
    reader: Spreads, ids: Sequence[int], span: Span, share: float
) -> tuple[float, bool] | None:
    """The percentile in seconds, and whether it is only known to be above that."""
    spread = reader.measured.histogram(ids, span)
    found = None if spread is None else spread.quantile(share)
    return None if found is None else (found.estimate, found.high == float("inf"))


def _highest(points: Sequence[tuple[int, float | None]], above: frozenset[int]) -> str:
    known = [(value, at) for at, value in points if value is not None]
    if not known:
        return "not measured"
    value, at = max(known)
    more = "more than " if at in above else ""
    exact = float(f"{Decimal(value / 1_000):.3g}")
    return f"highest {more}{duration_text(exact)} at {brief_words(at)}"
