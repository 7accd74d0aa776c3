"""Whether a claimed change follows from its own two numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import product

from slo.evidence.claims.changes import Change, Form
from slo.evidence.claims.quantities import Dimension, Quantity
from slo.evidence.claims.written import Number


class Finding(StrEnum):
    """What the arithmetic of one row says of its claim."""

    OK = "ok"
    WRONG = "wrong"
    AMBIGUOUS = "ambiguous"
    UNIT = "wrong unit"
    NOTHING = "nothing claimed"
    UNREADABLE = "cannot be read"
    INCOMPARABLE = "cannot be compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """The change of two values in every way it may be told; None where there is no such way.

    `percent` is of what was before, `points` for percentages, `times` after over before,
    `absolute` in the base unit, `downtime_percent` for percentages of uptime.
    """

    absolute: Fraction
    percent: Fraction | None = None
    points: Fraction | None = None
    times: Fraction | None = None
    downtime_percent: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """The finding, and the exact change where two values could be compared.

    `read_as` are both values in the other reading of a lone point, where the claim holds in that
    one only: "1.234" may be a thousand two hundred and thirty-four.
    """

    finding: Finding
    exact: Exact | None = None
    read_as: tuple[Quantity, Quantity] | None = None


_WHOLE = 100
_THOUSAND = 3


def exact_change(before: Quantity, after: Quantity) -> Exact | None:
    """The exact change; None between kinds of values, or labels, that cannot be compared.

    From zero there is no percentage and no factor, and of a negative value neither.
    """
    if before.unit.dimension is not after.unit.dimension or _labels_differ(before, after):
        return None
    was, now = before.base, after.base
    is_share = before.unit.dimension is Dimension.PERCENT
    return Exact(
        absolute=now - was,
        percent=(now - was) / was * 100 if was > 0 else None,
        points=now - was if is_share else None,
        times=now / was if was > 0 and now >= 0 else None,
        downtime_percent=(was - now) / (_WHOLE - was) * 100 if is_share and was < _WHOLE else None,
    )


def checked(before: Quantity | None, after: Quantity | None, claimed: Change | None) -> Checked:
    """Whether the claimed change follows from the two values.

    It does where the exact change rounds to it at its own number of digits. "+5x" may mean five
    times as many or five more, so it is never right; percent of a percentage are read as points.
    A claim that holds only where a lone point parts thousands is ambiguous.

    >>> from slo.evidence.claims.changes import both, change
    >>> checked(*both("820 ms", "490 ms"), change("-40 %")).finding.value
    'ok'
    >>> checked(*both("monthly", "weekly"), change("+5x")).finding.value
    'wrong'
    """
    if before is None or after is None:
        return Checked(Finding.UNREADABLE)
    exact = exact_change(before, after)
    if exact is None:
        return Checked(Finding.INCOMPARABLE)
    if claimed is None:
        return Checked(Finding.NOTHING, exact)
    if claimed.is_speed and before.unit.dimension is not Dimension.TIME:
        claimed = replace(claimed, way=1)  # "4x faster" releases are more of them
    finding = _finding(before, after, claimed, exact)
    if finding is Finding.WRONG and (other := _other_reading(before, after, claimed)):
        return Checked(Finding.AMBIGUOUS, exact, other)
    return Checked(finding, exact)


def _other_reading(
    before: Quantity, after: Quantity, claimed: Change
) -> tuple[Quantity, Quantity] | None:
    """Both values as the claim holds of them, a point taken to part thousands; None in no way."""
    for was, now in product(_readings(before), _readings(after)):
        exact = exact_change(was, now)
        if exact is not None and _finding(was, now, claimed, exact) is Finding.OK:
            return was, now
    return None


def _readings(value: Quantity) -> tuple[Quantity, ...]:
    """The value, and what it is if its point parts thousands: one to three digits, then three."""
    told = value.number
    if told.decimals != _THOUSAND or not 1 <= told.value < 10**_THOUSAND:
        return (value,)
    return value, replace(value, number=Number(told.value * 10**_THOUSAND, 0))


def _finding(before: Quantity, after: Quantity, claimed: Change, exact: Exact) -> Finding:
    match claimed.form:
        case Form.PERCENT:
            is_share = before.unit.dimension is Dimension.PERCENT
            return _percent(exact, claimed, is_share=is_share)
        case Form.POINTS:
            return Finding.UNIT if exact.points is None else _said(exact.points, claimed)
        case Form.TIMES:
            return _times(exact, claimed)
        case Form.MORE_TIMES:
            return _more_times(exact, claimed)
        case Form.ABSOLUTE:
            return _absolute(exact, claimed, after)
        case Form.STEP:
            return _step(before, after, claimed)


def _percent(exact: Exact, claimed: Change, *, is_share: bool) -> Finding:
    if claimed.is_of_downtime:
        return _said(exact.downtime_percent, claimed)
    if is_share:
        # Of 100 % a percent is a point: both readings say the same, and may mean either.
        is_either = exact.percent is not None and exact.percent == exact.points
        said = _said(exact.percent, claimed) if is_either else Finding.UNIT
        return Finding.AMBIGUOUS if said is Finding.OK else Finding.UNIT
    if exact.percent is None and not exact.absolute:
        return _said(Fraction(0), claimed)
    return _said(exact.percent, claimed)


def _times(exact: Exact, claimed: Change) -> Finding:
    """Before over after where it fell: "9x faster"; a factor has no sign of its own."""
    if not exact.times or claimed.number is None:
        return Finding.WRONG
    factor = 1 / exact.times if exact.times < 1 and claimed.number.value >= 1 else exact.times
    is_against = claimed.way * exact.absolute < 0
    return Finding.WRONG if is_against else _rounds(factor, claimed.number, claimed)


def _more_times(exact: Exact, claimed: Change) -> Finding:
    if not exact.times or claimed.number is None:
        return Finding.WRONG
    factor = exact.times if claimed.way > 0 else 1 / exact.times
    fits = (_rounds(each, claimed.number, claimed) for each in (factor, factor - 1))
    return Finding.AMBIGUOUS if Finding.OK in fits else Finding.WRONG


def _absolute(exact: Exact, claimed: Change, after: Quantity) -> Finding:
    """In the unit that was claimed; a bare number is in that of the value after."""
    told = claimed.quantity
    assert told is not None
    is_bare = told.unit.dimension is Dimension.NUMBER and not told.unit.name
    is_points = told.unit.name == "points" and after.unit.dimension is Dimension.PERCENT
    unit = after.unit if is_bare or is_points else told.unit
    if unit.dimension is not after.unit.dimension:
        return Finding.UNIT
    return _said(exact.absolute / unit.size, claimed)


def _step(before: Quantity, after: Quantity, claimed: Change) -> Finding:
    assert claimed.step is not None
    told, held = claimed.step, (before, after)
    pairs = zip(told, held, strict=True)
    is_same = all(
        one.unit.dimension is other.unit.dimension
        and abs(one.base - other.base) <= max(one.rounding, other.rounding)
        for one, other in pairs
    )
    return Finding.OK if is_same else Finding.WRONG


def _said(exact: Fraction | None, claimed: Change) -> Finding:
    """Whether the exact change rounds to the claimed one, sign and all; without a sign either."""
    if exact is None or claimed.number is None:
        return Finding.WRONG
    if claimed.way and exact and (exact > 0) != (claimed.way > 0) and claimed.number.value:
        return Finding.WRONG
    return _rounds(abs(exact), claimed.number, claimed)


def _rounds(exact: Fraction, told: Number, claimed: Change) -> Finding:
    is_right = told.is_rounded(exact) or (claimed.is_least and exact >= told.value)
    return Finding.OK if is_right else Finding.WRONG


def _labels_differ(before: Quantity, after: Quantity) -> bool:
    names = before.unit.name, after.unit.name
    is_number = before.unit.dimension is Dimension.NUMBER
    return is_number and all(names) and names[0] != names[1]
