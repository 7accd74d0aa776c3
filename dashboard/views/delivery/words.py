"""How figures of delivery and incidents are worded: value, range, n, the span before, what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from dashboard.measures.contract import Unit
from dashboard.views.delivery.figure import Figure
from dashboard.views.delivery.model import FigureLine
from dashboard.views.delivery.notes import NO_UPPER_END
from dashboard.views.rounding import rounded, signed, times
from dashboard.views.words import NOTHING, duration_words, percent_words, share_words
from slo.delivery.facts import Dropped
from slo.evidence.comparison import Comparison, Interval, Side
from slo.evidence.terms import Verdict
from slo.evidence.verdict import VerdictRule

NOT_COLLECTED = "not collected"
_TOO_FEW = "too few to compare"
_UP_DECIMALS = 3
_RATES = frozenset({Unit.PER_WEEK, Unit.PER_MONTH})
_CHANGED = frozenset({Verdict.IMPROVED, Verdict.WORSE})


def line_of(figure: Figure) -> FigureLine:
    """The figure in words; "not collected" where nothing of the kind ever was, never 0."""
    now = figure.now
    return FigureLine(
        id=figure.id,
        title=figure.title,
        value=NOT_COLLECTED if now is None else value_words(figure, now),
        interval=NOTHING if now is None else interval_words(figure, now.interval),
        n=NOTHING if now is None else count_of(now),
        before=before_words(figure),
        says=says_words(figure),
        definition=figure.definition,
        dropped=dropped_words(figure.dropped),
        bands=tuple(f"DORA {band.year}: {band.label}" for band in figure.bands),
    )


def value_words(figure: Figure, side: Side) -> str:
    """The estimate in its unit; "–" where nothing gives one."""
    if side.estimate is None:
        return NOTHING
    unit = f" {figure.unit.value}" if figure.unit in _RATES else ""
    return f"{_number(figure, side.estimate)}{unit}"


def interval_words(figure: Figure, interval: Interval | None) -> str:
    """The 95 % range; an end that is not known is a dash, and so is a range of everything."""
    if interval is None or _says_nothing(figure, interval):
        return NOTHING
    low, high = (_end(figure, end) for end in (interval.low, interval.high))
    if figure.unit is Unit.RATIO and NOTHING not in (low, high):
        low = low.removesuffix(" %")
    return f"{low} to {high}"


def _says_nothing(figure: Figure, interval: Interval) -> bool:
    """Whether it holds every value there is: from nothing to anything, or to all of the time."""
    is_low = interval.low is None or interval.low <= 0
    most = 1.0 if figure.unit is Unit.RATIO else math.inf
    return is_low and (interval.high is None or interval.high >= most)


def count_of(side: Side) -> str:
    """What the estimate stands on.

    >>> count_of(Side(estimate=0.1, n=44, hits=4)), count_of(Side(estimate=11.0, n=44))
    ('4 of 44', '44')
    """
    return f"{side.n:,}" if side.hits is None else f"{side.hits:,} of {side.n:,}"


def before_words(figure: Figure) -> str:
    """The span before: its value and what that stands on."""
    if figure.now is None:
        return NOTHING
    side = figure.before
    if side is None:
        return NOT_COLLECTED
    if side.estimate is None:
        return f"none, n = {side.n}" if not side.n else f"{NOTHING}, n = {side.n:,}"
    count = count_of(side)
    said = _number(figure, side.estimate)
    return f"{said}, {count}" if side.hits is not None else f"{said}, n = {count}"


def says_words(figure: Figure) -> str:
    """The notes beside the figure, then what it says against the span before."""
    if figure.now is None:
        return ""
    evidence = evidence_words(figure)
    notes = [one for one in figure.notes if evidence != _TOO_FEW or one != NO_UPPER_END]
    return "; ".join(filter(None, [*notes, evidence]))


def evidence_words(figure: Figure) -> str:
    """The verdict in words, with the change where there is evidence of one.

    Nothing is compared where nobody watched the span before.
    """
    found = figure.comparison
    if figure.before is None:
        return "nothing collected before to compare with"
    if figure.verdict is Verdict.NOT_TESTED or found is None:
        return ""
    if figure.verdict is Verdict.NOT_ENOUGH:
        return _blind_words(found) or _TOO_FEW
    if figure.verdict in _CHANGED and found.change is not None:
        return f"{figure.verdict.value}: {change_words(figure, found)}"
    return figure.verdict.value


def _blind_words(found: Comparison) -> str:
    """How little of a span was watched, where it is too little to compare; else empty."""
    for side, name in ((found.before, "the span before"), (found.after, "the span")):
        if side.coverage is not None and side.coverage < float(
            VerdictRule(better=None).min_coverage
        ):
            return f"{share_words(Fraction(side.coverage))} of {name} watched: not compared"
    return ""


def change_words(figure: Figure, found: Comparison) -> str:
    """The change from the span before; a factor as often, percent of time, or points."""
    change = found.change
    if change is None:
        return NOTHING
    if figure.unit is Unit.RATIO:
        return f"{signed(change * 100, _UP_DECIMALS if figure.is_uptime else 1)} pp"
    if not math.isfinite(change):
        return "none before"
    if figure.unit in _RATES:
        return f"{times(change)}x as often"
    return f"{signed((change - 1) * 100, 0)} % time"


def dropped_words(dropped: Sequence[Dropped]) -> tuple[str, ...]:
    """Which rows of the span were not counted, or count without a field, and why."""
    return tuple(
        f"{one.count:,} {'not counted' if one.is_row else 'counted, a field left out'}: {one.why}"
        for one in dropped
    )


def _number(figure: Figure, value: float) -> str:
    if figure.unit is Unit.SECONDS:
        return duration_words(int(value))
    if figure.is_uptime:
        return percent_words(Fraction(value), _UP_DECIMALS)
    if figure.unit is Unit.RATIO:
        return f"{_some(value * 100)} %"
    return _some(value)


def _some(value: float) -> str:
    """One decimal; more of them where something would read as nothing.

    >>> _some(0.0), _some(9.97), _some(0.036)
    ('0.0', '10.0', '0.04')
    """
    return rounded(value, 1, (0.0,))


def _end(figure: Figure, end: float | None) -> str:
    return NOTHING if end is None or not math.isfinite(end) else _number(figure, end)
