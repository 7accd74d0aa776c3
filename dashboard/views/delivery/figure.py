"""One figure in numbers: the span, the span before, what the two say together.

Pages, commands and documents word the same figure; none makes another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dashboard.views.delivery.gathering import Gathered
from slo.delivery.bands import Band
from slo.delivery.facts import Dropped
from slo.delivery.figures import Happened, within
from slo.evidence.adjust import adjusted
from slo.evidence.comparison import Comparison, Count, Hits, Lasted, Side
from slo.evidence.durations import compared_durations
from slo.evidence.rates import compared_rates, dispersion
from slo.evidence.shares import compared_shares
from slo.evidence.terms import Better, Multiple, Verdict
from slo.evidence.verdict import VerdictRule, verdict
from slo.facts import EventKind
from slo.spans import Span

WEEK_S, MONTH_S = 7 * 86_400, 30.436875 * 86_400
_FAMILY = Multiple.HOLM
_CLUSTERED = 1.5


class Unit(StrEnum):
    """What a figure counts in; the words of documents."""

    PER_WEEK = "per week"
    PER_MONTH = "per month"
    SECONDS = "seconds"
    RATIO = "ratio"
    UP = "ratio up"

    @property
    def per_s(self) -> float:
        """The seconds of one such time."""
        return float(WEEK_S) if self is Unit.PER_WEEK else MONTH_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure; `now` is None where nothing of the kind was ever collected.

    `before` is None where nobody watched then. `notes` are short phrases beside it, `verdict` what
    the comparison says after the figures shown with it were taken together, `bands` the published
    ones that the value lies in.
    """

    id: str
    title: str
    unit: Unit
    better: Better
    definition: str
    now: Side | None = None
    before: Side | None = None
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    counted: str = ""
    bands: tuple[Band, ...] = ()
    verdict: Verdict = Verdict.NOT_TESTED
    p_adjusted: float | None = None


def rate(figure: Figure, found: Gathered, kind: EventKind, things: Iterable[Happened]) -> Figure:
    """How often the things happened, over the time in which somebody could have told of them."""
    if not found.is_collected(kind):
        return figure
    things = [*things]
    counts = [_count(things, found.observed(kind, span)) for span in (found.before, found.span)]
    weeks = [_weeks(things, found.observed(kind, span)) for span in (found.before, found.span)]
    clusters = dispersion(*weeks)
    compared = compared_rates(counts[0], counts[1], clusters=clusters, per_s=figure.unit.per_s)
    notes = (f"{figure.counted} come in clusters",) if clusters >= _CLUSTERED else ()
    return replace(_with(figure, compared, _covers(found, kind)), notes=notes)


def share(
    figure: Figure, found: Gathered, kinds: Sequence[EventKind], hits: Callable[[Span], Hits]
) -> Figure:
    """How many of how many, in either span; the first kind is counted, the others tell of it."""
    if not found.is_collected(kinds[0]):
        return figure
    compared = compared_shares(hits(found.before), hits(found.span))
    return _with(figure, compared, _covers(found, *kinds))


def lasted(
    figure: Figure, found: Gathered, kinds: Sequence[EventKind], durations: Callable[[Span], Lasted]
) -> Figure:
    """How long they took, in either span; the first kind is timed, the others tell of it."""
    if not found.is_collected(kinds[0]):
        return figure
    compared = compared_durations(durations(found.before), durations(found.span))
    return _with(figure, compared, _covers(found, *kinds))


def judged(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures with what their comparisons say, for being several that are shown together.

    Source: the adjustment is Holm's, as in a migration's report.
    """
    ps = [_p(one) for one in figures]
    return tuple(_judged(one, p) for one, p in zip(figures, adjusted(ps, _FAMILY), strict=True))


def with_sides(figure: Figure, compared: Comparison, covers: tuple[float, float]) -> Figure:
    """The figure with both sides of a comparison; a side that nobody watched is None."""
    return _with(figure, compared, covers)


def _with(figure: Figure, compared: Comparison, covers: tuple[float, float]) -> Figure:
    before = replace(compared.before, coverage=covers[0])
    now = replace(compared.after, coverage=covers[1])
    compared = replace(compared, before=before, after=now)
    return replace(figure, now=now, before=before if covers[0] else None, comparison=compared)


def _covers(found: Gathered, *kinds: EventKind) -> tuple[float, float]:
    """The share of both spans in which somebody could have told of every kind that is collected."""
    known = [kind for kind in kinds if found.is_collected(kind)]
    before, now = (
        min(_share(found.observed(kind, span), span) for kind in known)
        for span in (found.before, found.span)
    )
    return before, now


def _share(parts: Sequence[Span], span: Span) -> float:
    return sum(part.length_s for part in parts) / span.length_s if span.length_s else 0.0


def _count(things: Sequence[Happened], parts: Sequence[Span]) -> Count:
    n = sum(len(within(things, part)) for part in parts)
    return Count(n, float(sum(part.length_s for part in parts)))


def _weeks(things: Sequence[Happened], parts: Sequence[Span]) -> tuple[float, ...]:
    """The counts of whole weeks, back from the end of each part."""
    return tuple(
        float(len(within(things, Span(until - WEEK_S, until))))
        for part in parts
        for until in range(part.until, part.since + WEEK_S - 1, -WEEK_S)
    )


def _p(figure: Figure) -> float | None:
    """The p-value of a comparison that could tell anything; others are no test."""
    found = figure.comparison
    if found is None or found.best_p is None or found.best_p >= VerdictRule(better=None).alpha:
        return None
    return found.p_value


def _judged(figure: Figure, p_adjusted: float | None) -> Figure:
    if figure.comparison is None or figure.before is None:
        return figure
    rule = VerdictRule(better=figure.better)
    return replace(
        figure,
        verdict=verdict(figure.comparison, rule, p_adjusted),
        p_adjusted=p_adjusted,
    )
