"""What the data say of one row: whether its values lie in our ranges, and what we judged."""

from __future__ import annotations

import math
from fractions import Fraction
from types import MappingProxyType

from dashboard.measures.contract import Measured, Unit
from dashboard.views.claims.model import Held, Support
from dashboard.views.claims.reading import ClaimedRow
from dashboard.views.migration.model import Row
from dashboard.views.migration.words import interval_words, value_cells
from slo.evidence.claims.changes import Form, change
from slo.evidence.claims.quantities import Dimension, Quantity
from slo.evidence.comparison import Scale, Side
from slo.evidence.terms import Verdict
from slo.lengths import MONTH_S, WEEK_S

_MONTHS = MappingProxyType(
    {
        Unit.PER_WEEK: WEEK_S / MONTH_S,
        Unit.PER_MONTH: Fraction(1),
        Unit.PER_QUARTER: Fraction(3),
        Unit.PER_YEAR: Fraction(12),
    }
)
_NEAR = 0.01
"""Without a range of ours a value is ours when it rounds to it, or lies within one in a hundred."""
_DECIDED = frozenset(
    {Verdict.IMPROVED, Verdict.WORSE, Verdict.SAME, Verdict.INSIDE, Verdict.NOT_TESTED}
)


def support(row: ClaimedRow, measure: Row | None) -> tuple[Support, Held | None, Held | None]:
    """Whether the data bear the row out, with both of its values beside ours.

    A value is ours where it lies in our range, widened by what it was rounded by. A change is
    borne out where it was judged to be one, in that direction; single readings need only be the
    same. Where nothing was measured there is no data.
    """
    if measure is None or measure.measured is None:
        return Support.NO_DATA, None, None
    found = measure.measured.comparison
    if found.before.estimate is None and found.after.estimate is None:
        return Support.NO_DATA, None, None
    before, after = (
        _held(measure, value, side)
        for value, side in ((row.before, found.before), (row.after, found.after))
    )
    seen = [one.is_inside for one in (before, after) if one is not None]
    if False in seen or _is_other_change(row, measure.measured):
        return Support.OUTSIDE, before, after
    return _judged(row, measure), before, after


def _judged(row: ClaimedRow, measure: Row) -> Support:
    """Whether the change was judged to be one, in the direction of the claim."""
    if measure.verdict not in _DECIDED:
        return Support.UNDECIDED
    if row.before is None or row.after is None or measure.comparison is None:
        return Support.SUPPORTED
    found = measure.comparison
    if found.before.estimate is None or found.after.estimate is None:
        return Support.UNDECIDED
    claimed = row.after.base - row.before.base
    ours = found.after.estimate - found.before.estimate
    is_against = claimed * Fraction(ours) < 0 if math.isfinite(ours) else False
    return Support.AGAINST if is_against else Support.SUPPORTED


def _is_other_change(row: ClaimedRow, measured: Measured) -> bool:
    """Whether a percentage that is claimed without its two values is not ours."""
    told, found = change(row.change_text), measured.comparison
    if row.before is not None or row.after is not None or told is None:
        return False
    if told.form is not Form.PERCENT or told.number is None:
        return False
    before, after = found.before.estimate, found.after.estimate
    if not before or after is None or before < 0:
        return False
    percent = (Fraction(after) / Fraction(before) - 1) * 100
    claimed = told.number.value * (told.way or (1 if percent > 0 else -1))
    rounding = Fraction(1, 2 * 10**told.number.decimals)
    if found.scale is Scale.RATIO and found.interval is not None:
        ratio, width = float(claimed / 100 + 1), float(rounding / 100)
        low, high = found.interval.low, found.interval.high
        is_low = low is not None and ratio + width < low
        return is_low or (high is not None and ratio - width > high)
    return abs(claimed - percent) > rounding


def _held(measure: Row, value: Quantity | None, side: Side) -> Held | None:
    """One value beside ours; None where we have none."""
    measured = measure.measured
    if measured is None or side.estimate is None:
        return None
    is_before = side is measured.comparison.before
    cells = value_cells(measured, measure.metric.goal)[0 if is_before else 1]
    ours = " ".join(part for part in cells if part)
    return Held(
        ours=ours,
        around=interval_words(measured, side),
        is_inside=None if value is None else _is_inside(measured, value, side),
    )


def _is_inside(measured: Measured, value: Quantity, side: Side) -> bool | None:
    """Whether the value is ours; None in a unit that cannot be told in ours."""
    factor = _factor(measured, value)
    if factor is None or side.estimate is None:
        return None
    told, rounding = float(value.base * factor), float(value.rounding * factor)
    if side.interval is None:
        return abs(told - side.estimate) <= max(rounding, _NEAR * abs(side.estimate))
    low = -math.inf if side.interval.low is None else side.interval.low
    high = math.inf if side.interval.high is None else side.interval.high
    return low - rounding <= told <= high + rounding


def _factor(measured: Measured, value: Quantity) -> Fraction | None:
    """What the value's base is multiplied with to be in the measure's unit."""
    dimension = value.unit.dimension
    if measured.unit is Unit.RATIO:
        return Fraction(1, 100) if dimension is Dimension.PERCENT else None
    if measured.unit in _MONTHS:
        # A bare number is one of the measure's own time: "releases a quarter | 4 | 12".
        if dimension is Dimension.NUMBER:
            return Fraction(1)
        return _MONTHS[measured.unit] if dimension is Dimension.RATE else None
    if measured.unit is Unit.SECONDS:
        return Fraction(1) if dimension is Dimension.TIME else None
    return 1 / value.unit.size if dimension is Dimension.RATE else Fraction(1)
