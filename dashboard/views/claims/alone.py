"""What a claim's own numbers show where no data can be asked: a budget, chance, single readings."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from dashboard.measures.contract import Unit
from dashboard.views.claims.reading import ClaimedRow
from dashboard.views.migration.model import Row
from dashboard.views.rounding import rounded, significant
from slo.evidence.claims.alone import ALPHA, MOST_PERIODS, chance, periods_needed
from slo.evidence.claims.changes import change
from slo.evidence.claims.quantities import Dimension, Quantity, quantity
from slo.evidence.claims.statements import Role, Statement
from slo.evidence.claims.subjects import Subject, subject
from slo.evidence.claims.written import plain
from slo.lengths import down_minutes

_EVENTS = frozenset({"deployments", "releases", "incidents", "outages"})
_READINGS = frozenset({"rating", "lighthouse"})
_HUNDRED = 100
_MONTH = "a month"


def alone_words(row: ClaimedRow, objective: Fraction | None) -> str:
    """What the row's two values show by themselves; "" where they show nothing.

    `objective` is the uptime that was aimed at, in percent, None where nothing names one.
    """
    if row.before is None or row.after is None:
        return ""
    about, values = subject(row.metric), (row.before, row.after)
    if {each.unit.dimension for each in values} == {Dimension.PERCENT}:
        return _budget(values, objective) if "uptime" in about.topics else ""
    if _is_reading(row, about, values):
        return "single readings, no range"
    return _counted(row, about, values)


def objective_of(
    row: ClaimedRow, measure: Row | None, stated: Iterable[Statement]
) -> Fraction | None:
    """The uptime that was aimed at, in percent: the row's, the measure's, or the document's.

    The document's counts where it names one only, and not of another thing.
    """
    own = quantity(row.goal_text.lstrip("<>≤≥= "))
    if own is not None:
        return own.base if own.unit.dimension is Dimension.PERCENT else None
    if measure is not None and measure.metric.goal is not None:
        is_ratio = measure.measured is None or measure.measured.unit is Unit.RATIO
        value = Fraction(repr(measure.metric.goal.value)) * _HUNDRED
        return value if is_ratio else None
    about = subject(row.metric)
    told = {
        one.quantity.base
        for one in stated
        if one.role is Role.GOAL
        and one.quantity is not None
        and one.quantity.unit.dimension is Dimension.PERCENT
        and about.is_same(one.about)
    }
    return told.pop() if len(told) == 1 else None


def _budget(values: tuple[Quantity, Quantity], objective: Fraction | None) -> str:
    """How much of what the objective leaves each side used."""
    if objective is None or not 0 < objective < _HUNDRED:
        return ""
    if not all(0 <= each.base <= _HUNDRED for each in values):
        return ""
    left = _HUNDRED - objective
    minutes = _plain(down_minutes(left / _HUNDRED))
    before, after = (_plain((_HUNDRED - each.base) / left * _HUNDRED) for each in values)
    goal = rounded(float(objective), significant(float(objective), 6), [100.0])
    return (
        f"of the {minutes} min per 30 d that {goal} % leaves, before used {before} %,"
        f" after {after} %"
    )


def _is_reading(row: ClaimedRow, about: Subject, values: tuple[Quantity, Quantity]) -> bool:
    """Whether the values are marks of something, such as stars or points."""
    if any(each.unit.dimension is not Dimension.NUMBER for each in values):
        return False
    told = change(row.change_text)
    claimed = () if told is None or told.quantity is None else (told.quantity,)
    is_points = any(each.unit.name == "points" for each in (*values, *claimed))
    return is_points or bool(about.topics & _READINGS) or "score" in plain(row.metric).split()


def _counted(row: ClaimedRow, about: Subject, values: tuple[Quantity, Quantity]) -> str:
    """Whether so many events could be chance, each side seen for as long as its unit says."""
    before, after = values
    is_of_events = bool(about.topics) and about.topics <= _EVENTS and before.base != after.base
    if not is_of_events or min(before.base, after.base) < 0:
        return ""
    kinds = {before.unit.dimension, after.unit.dimension}
    if kinds == {Dimension.RATE}:
        return _of_rates(before, after)
    is_bare = kinds == {Dimension.NUMBER} and not (before.unit.name or after.unit.name)
    is_plain = len(about.topics) == 1 and not about.things and "downtime" not in plain(row.metric)
    p = chance(before.base, after.base) if is_bare and is_plain else None
    return "" if p is None else f"counted over equal times it would be {_evidence(p)}"


def _of_rates(before: Quantity, after: Quantity) -> str:
    """In periods of the unit that both are told in, or else in months."""
    is_one = before.unit.size == after.unit.size
    size, name = (before.unit.size, before.unit.name) if is_one else (Fraction(1), _MONTH)
    period = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "q": "quarter", "yr": "year"}
    period_name = period.get(name.removeprefix("a "), name.removeprefix("a "))
    rates = before.base / size, after.base / size
    p = chance(*rates)
    if p is not None:
        return f"one {period_name} each would be {_evidence(p)}"
    needed = periods_needed(*rates)
    if needed is None:
        return f"needs more than {MOST_PERIODS} {period_name}s a side to be told from chance"
    plural = period_name if needed == 1 else f"{period_name}s"
    return f"needs at least {needed} {plural} a side to be told from chance"


def _evidence(p: float) -> str:
    words = "p < 0.0001" if p < 0.0001 else f"p = {rounded(p, significant(p, 2))}"  # noqa: PLR2004
    return f"{'evidence' if p < ALPHA else 'no evidence'} ({words})"


def _plain(value: Fraction) -> str:
    return rounded(float(value), significant(float(value), 3))
