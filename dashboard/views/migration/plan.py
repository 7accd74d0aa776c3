"""How many more days an open verdict needs, if all goes on as it did so far: a plan, no evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dashboard.measures.contract import RATES, Measured
from dashboard.views.migration.model import Row
from slo.evidence import planning
from slo.evidence.checks.waiting import days_for_rate
from slo.evidence.comparison import Count
from slo.evidence.planning import alpha_within, more_days_of_rate
from slo.evidence.terms import Multiple, Role, Verdict
from slo.lengths import DAY_S

_OPEN = frozenset({Verdict.NO_EVIDENCE, Verdict.NOT_ENOUGH})
_LEAST_DAYS = 14  # a few days say too little of how it goes on


def plan_notes(rows: Sequence[Row], how: Multiple, alpha: float) -> tuple[str, ...]:
    """When each open verdict of a goal may be expected; those without a plan are named together.

    Each is planned at what it needs among the others: adjusted p-values are those that count.
    """
    family = [_family_p(row) for row in rows]
    open_ones = [
        (place, row)
        for place, row in enumerate(rows)
        if row.verdict in _OPEN and row.metric.role is Role.GOAL and row.measured is not None
    ]
    early = [row for _, row in open_ones if row.after.length_s < _LEAST_DAYS * DAY_S]
    said = {
        row.metric.title: plan_words(row, alpha_within(family, place, how, alpha))
        for place, row in open_ones
        if row not in early
    }
    never = [title for title, words in said.items() if not words]
    notes = [words for words in said.values() if words]
    if never:
        it = "it" if len(never) == 1 else "them"
        notes.append(f"{', '.join(never)}: waiting alone will not decide {it}.")
    if early:
        titles = ", ".join(row.metric.title for row in early)
        notes.append(f"{titles}: too early to say how many days a verdict needs.")
    return tuple(notes)


def plan_words(row: Row, alpha: float) -> str:
    """When the open verdict of a row may be expected; "" where waiting alone will not do."""
    assert row.measured is not None
    days = more_days(row, row.measured, alpha)
    if not days:
        return ""
    noun = "day" if days == 1 else "days"
    return (
        f"{row.metric.title}: about {_told(days)} more {noun} until a verdict,"
        f" if all goes on as it did so far{_with_power(row.measured, alpha, days)}."
    )


def more_days(row: Row, measured: Measured, alpha: float) -> int | None:
    """Further days after until a verdict may be expected; None where no length of time is known."""
    found = measured.comparison
    if measured.unit in RATES and min(found.before.exposure_s, found.after.exposure_s) < DAY_S:
        return None
    if measured.unit in RATES:
        sides = [Count(side.n, side.exposure_s) for side in (found.before, found.after)]
        return more_days_of_rate(sides[0], sides[1], alpha=alpha, clusters=found.clusters)
    days_after = (found.after.exposure_s or row.after.length_s) / DAY_S
    return planning.more_days(found, days_after=days_after, alpha=alpha)


def _family_p(row: Row) -> float | None:
    """The p-value with which the row stands among the others; None where it is not tested."""
    return None if row.p_adjusted is None or row.comparison is None else row.comparison.p_value


def _with_power(measured: Measured, alpha: float, days: int) -> str:
    """After how many days a verdict on events is likely and not just even; "" where it is no more."""
    if measured.unit not in RATES:
        return ""
    found = measured.comparison
    sides = [Count(side.n, side.exposure_s) for side in (found.before, found.after)]
    likely = days_for_rate(sides[0], sides[1], alpha=alpha, clusters=found.clusters)
    if likely is None or _told(likely) == _told(days) or likely < days:
        return ""
    return f"; with a chance of four in five after {_told(likely)}"


def _told(days: int) -> str:
    """Two digits of a plan are enough, rounded up.

    >>> _told(1234), _told(47), _told(3)
    ('1,300', '47', '3')
    """
    rest = 10 ** max(len(str(days)) - 2, 0)
    return f"{math.ceil(days / rest) * rest:,}"
