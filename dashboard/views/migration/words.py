"""How a comparison is worded: values, change and range in the measure's own way of speaking."""

from __future__ import annotations

import math
from fractions import Fraction

from dashboard.measures.contract import RATES, Measured, Unit
from dashboard.views.rounding import (
    MOST_DECIMALS,
    exact,
    pair,
    ranged,
    rounded,
    signed,
    significant,
    times,
)
from dashboard.views.words import NOTHING, decimal_words, share_words
from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.terms import Goal
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, down_minutes

Cell = tuple[str, str]
"""A main line and a small one below it."""
_LENGTHS = (
    (1e-3, "ms", 1.0),
    (1.0, "s", 2.0 * MINUTE_S),
    (float(MINUTE_S), "min", 2.0 * HOUR_S),
    (float(HOUR_S), "h", 5.0 * DAY_S),
)
_DAY = (float(DAY_S), "d")
_LONG = 3.0
_NEARLY = 0.99


def value_cells(measured: Measured, goal: Goal | None) -> tuple[Cell, Cell]:
    """Before and after, both in one unit, with as many decimals as their size and goal need."""
    found = measured.comparison
    values = (found.before.estimate, found.after.estimate)
    scaled, held, main_unit, small = _scaled(measured, values, goal)
    decimals = [0 if one is None else _decimals(measured.unit, one, scaled, held) for one in scaled]
    said = pair(scaled, decimals, () if held is None else (held, *_ends(measured.unit)))
    cells = [(NOTHING, "") if text == NOTHING else (f"{text}{main_unit}", small) for text in said]
    return cells[0], cells[1]


def counted_cells(found: Comparison) -> tuple[Cell, Cell]:
    """How many there were, and in how many observed days: for counts too few for a rate."""
    before, after = (_counted(side) for side in (found.before, found.after))
    return before, after


def _counted(side: Side) -> Cell:
    days = f"in {round(side.exposure_s / DAY_S):,} d"
    return (NOTHING, "") if side.estimate is None else (f"{side.n:,}", days)


def change_cell(measured: Measured, goal: Goal | None = None) -> Cell:
    """The change and its range; "–" where a side is unknown. Never "+5x"."""
    found = measured.comparison
    if found.change is None:
        return _without_change(measured)
    if found.scale is Scale.DIFFERENCE:
        return _difference(measured, found.change, goal)
    if measured.unit in RATES:
        return _often(found, found.change)
    if not math.isfinite(found.change):
        return "none before", ""
    return _with_amount(measured, _percent(measured.unit, found.change, found.interval))


def relative_cell(measured: Measured) -> Cell:
    """The change in percent of before, for limits that are percent; "–" where it has none."""
    found = measured.comparison
    before, after = found.before.estimate, found.after.estimate
    if before is None or after is None or before <= 0:
        return NOTHING, ""
    interval = found.interval if found.scale is Scale.RATIO else None
    return _with_amount(measured, _percent(Unit.NUMBER, after / before, interval))


def _with_amount(measured: Measured, cell: Cell) -> Cell:
    """The change in percent, and below it the change of a plain number that has no range."""
    before, after = measured.comparison.before.estimate, measured.comparison.after.estimate
    if cell[1] or measured.unit is not Unit.NUMBER or before is None or after is None:
        return cell
    return cell[0], _difference(measured, after - before, None)[0]


def downtime_words(found: Comparison) -> str:
    """What an uptime means in minutes of thirty days, before and after; "" where unknown.

    >>> side = Side(estimate=0.998, n=15), Side(estimate=0.9997, n=3)
    >>> downtime_words(Comparison(before=side[0], after=side[1], scale=Scale.DIFFERENCE, change=0.0017))
    '86 → 13 min per 30 d'
    """
    shares = (found.before.estimate, found.after.estimate)
    if None in shares:
        return ""
    minutes = [down_minutes(1 - share) for share in shares if share is not None]
    said = [_plain(one, 10) for one in minutes]
    return f"{said[0]} → {said[1]} min per 30 d"


def coverage_words(found: Comparison | None) -> str:
    """How much of each period was observed; "–" where no one can know."""
    if found is None:
        return NOTHING
    said = [_covered(side.coverage) for side in (found.before, found.after)]
    return NOTHING if said == [NOTHING, NOTHING] else " · ".join(said)


def _covered(share: float | None) -> str:
    """Rounded down, in hundredths of a percent where next to nothing is missing.

    >>> _covered(0.99996), _covered(0.996), _covered(0.914), _covered(1.0)
    ('99.99 %', '99.6 %', '91 %', '100 %')
    """
    if share is None or not _NEARLY <= share < 1:
        return share_words(None if share is None else Fraction(share))
    return f"{decimal_words(exact(share) * 100, 2).rstrip('0').rstrip('.')} %"


def counts_words(measured: Measured) -> str:
    """What both sides stand on: events, outages, days, so many of so many, with what is open."""
    before, after = measured.comparison.before, measured.comparison.after
    if before.hits is not None and after.hits is not None:
        return f"{before.hits:,} of {before.n:,} and {after.hits:,} of {after.n:,}"
    if measured.counted == "days":
        return f"by day, {before.n:,} and {after.n:,} d"
    if measured.counted in {"values", "value"} and before.n == after.n == 1:
        return "one value each"
    noun = "" if measured.unit in RATES else _noun(measured.counted, before, after)
    said = f"{before.n:,} and {after.n:,} {noun}".rstrip()
    still_open = before.still_open + after.still_open
    return f"{said}, {still_open:,} open" if still_open else said


def interval_words(measured: Measured, side: Side, goal: Goal | None = None) -> str:
    """The range of one side in its unit; "" where it has none."""
    if side.interval is None:
        return ""
    ends = [side.interval.low, side.interval.high]
    known = [one for one in ends if one is not None and math.isfinite(one)]
    estimate = () if side.estimate is None else (side.estimate,)
    scaled, held, unit, small = _scaled(measured, (*known, *estimate), goal)
    texts = [
        rounded(one, _decimals(measured.unit, one, scaled, held))
        for one in scaled[: len(known)]
        if one is not None
    ]
    low = texts.pop(0) if ends[0] in known else None
    high = texts.pop(0) if ends[1] in known else None
    return ranged(low, high, f"{unit}{f' {small}' if small else ''}")


def _scaled(
    measured: Measured, values: tuple[float | None, ...], goal: Goal | None
) -> tuple[tuple[float | None, ...], float | None, str, str]:
    """The values and the goal in the unit that is shown, with what follows them and stands below."""
    if measured.unit is Unit.SECONDS:
        factor, name = length_unit(values, goal)
        unit, small = f" {name}", ""
    elif measured.unit is Unit.RATIO:
        factor, unit, small = 0.01, " %", ""
    elif measured.unit is Unit.NUMBER:
        factor, unit, small = 1.0, "", measured.label
        unit, small = (" %", "") if small == "%" else (unit, small)
    else:
        factor, unit, small = 1.0, "", measured.unit.value
    shown = tuple(None if one is None else _exactly(one, factor) for one in values)
    return shown, None if goal is None else _exactly(goal.value, factor), unit, small


def _exactly(value: float, factor: float) -> float:
    """The value in the other unit, with no digits that only the division made."""
    return float(exact(value) / exact(factor)) if math.isfinite(value) else value


def length_unit(values: tuple[float | None, ...], goal: Goal | None) -> tuple[float, str]:
    """Seconds of one unit for both sides: that in which the longer one reads well."""
    longest = max((one for one in values if one is not None), default=0.0)
    if goal is not None and goal.value < 1 and longest < 10:  # noqa: PLR2004
        return 1e-3, "ms"
    return next(((factor, name) for factor, name, end in _LENGTHS if longest < end), _DAY)


def _decimals(
    unit: Unit, value: float, all_of: tuple[float | None, ...], goal: float | None
) -> int:
    if unit is Unit.RATIO:
        return _percent_decimals(all_of, goal)
    if unit is Unit.NUMBER:
        return max((significant(one, 3) for one in all_of if one is not None), default=0)
    if value >= 10 or value == 0:  # noqa: PLR2004
        return 0
    return 1 if abs(round(value, 1) - value) <= value / 20 else significant(value, 2)


def _percent_decimals(all_of: tuple[float | None, ...], goal: float | None) -> int:
    """As many as the goal has, where they tell the values apart; else what the scale needs."""
    known = {one for one in all_of if one is not None}
    if goal is not None:
        held = significant(goal, 9)
        ends = (goal, *_ends(Unit.RATIO))
        is_apart = len({rounded(one, held, ends) for one in known}) == len(known)
        return held if is_apart else max(held, _percent_decimals(all_of, None))
    # So many that the distance to the nearer end of the scale can be read.
    farthest = max((min(one, 100 - one) for one in all_of if one is not None), default=0.0)
    if farthest >= 10 or farthest <= 0:  # noqa: PLR2004
        return 0
    return min(1 - math.floor(math.log10(farthest)), MOST_DECIMALS)


def _ends(unit: Unit) -> tuple[float, ...]:
    """What a share never reads as unless it is: nothing and everything."""
    return (0.0, 100.0) if unit is Unit.RATIO else ()


def _without_change(measured: Measured) -> Cell:
    before, after = (
        measured.comparison.before.estimate,
        measured.comparison.after.estimate,
    )
    is_none_before = before == 0 and after is not None and after > 0
    return ("none before", _often_range(measured.comparison)) if is_none_before else (NOTHING, "")


def _difference(measured: Measured, change: float, goal: Goal | None) -> Cell:
    """After less before, in points of a share or in the measure's own numbers."""
    found = measured.comparison
    values = (found.before.estimate, found.after.estimate)
    scaled, held, _, label = _scaled(measured, values, goal)
    factor = 0.01 if measured.unit is Unit.RATIO else 1.0
    if measured.unit is Unit.RATIO:
        decimals, unit = _percent_decimals(scaled, held), " pp"
    elif measured.unit is Unit.SECONDS:
        factor, name = length_unit(values, goal)
        decimals, unit = 0, f" {name}"
    else:
        decimals = max((significant(one, 3) for one in scaled if one is not None), default=0)
        unit = "" if label.startswith("of ") or not label else f" {label}"
        unit = " pp" if label == "%" else unit
    main = signed(_exactly(change, factor), decimals)
    low, high = _both(found.interval)
    ends = [None if one is None else signed(_exactly(one, factor), decimals) for one in (low, high)]
    return f"{main}{unit}", ranged(ends[0], ends[1], unit)


def often_cell(found: Comparison) -> Cell:
    """A ratio of rates and its range; "–" where there is none."""
    return (NOTHING, "") if found.change is None else _often(found, found.change)


def _often(found: Comparison, change: float) -> Cell:
    if not math.isfinite(change):
        return "none before", _often_range(found)
    if change == 0:
        return "none after", _often_range(found)
    return f"{times(change)}x as often", _often_range(found)


def _often_range(found: Comparison) -> str:
    low, high = _both(found.interval)
    low = None if low == 0 and high is not None else low
    said = [None if one is None else times(one) for one in (low, high)]
    return ranged(said[0], said[1], "x")


def _percent(unit: Unit, change: float, interval: Interval | None) -> Cell:
    """A ratio in percent more or less; what lasts three times as long or longer is told so."""
    low, high = _both(interval)
    low = low or None  # that nothing at all would be left is no bound
    if change >= _LONG:
        ends = [None if one is None else times(one) for one in (low, high)]
        word = "as long" if unit is Unit.SECONDS else "as much"
        return f"{times(change)}x {word}", ranged(ends[0], ends[1], "x")
    said = [None if one is None else _more(one) for one in (low, high)]
    return f"{_more(change)} %", ranged(said[0], said[1], " %")


def _more(ratio: float) -> str:
    return signed(_exactly(ratio, 0.01) - 100, 0)


def _both(interval: Interval | None) -> tuple[float | None, float | None]:
    """The ends that are bounded."""
    ends = (None, None) if interval is None else (interval.low, interval.high)
    low, high = (one if one is not None and math.isfinite(one) else None for one in ends)
    return low, high


def _plain(value: float, whole_from: float) -> str:
    return rounded(value, 0 if value >= whole_from or value == 0 else 1)


def _noun(counted: str, before: Side, after: Side) -> str:
    """What is counted, left out where the measure's own name says it."""
    if counted in {"", "events", "values"}:
        return ""
    return counted.removesuffix("s") if before.n == after.n == 1 else counted
