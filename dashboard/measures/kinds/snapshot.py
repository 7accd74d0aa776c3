"""What a gauge stood at: an app rating, a cost, a score; told beside each other, never tested."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from pydantic import Field

from collectors.keys import SelectorText
from dashboard.measures.contract import Asked, Measured, MeasureKind, MeasureOptions
from dashboard.measures.goals import number_goal
from slo.evidence.terms import Goal
from slo.indicator import Indicator, Latency

_MARKS = re.compile(
    r"%|\b(?:percent|of|out|points?|pp|scores?|stars?|ratings?|grades?|index)\b", re.IGNORECASE
)
_ANY = float("inf")  # what is measured at all


class Options(MeasureOptions):
    """Which gauge, and which of its values stands for a period."""

    gauge: SelectorText = Field(examples=["'app_rating'"])
    """The measured values."""
    take: Literal["last", "median", "mean", "monthly-mean"] = "last"
    """Which value stands for a period: its last one, the median or the mean of all, or the mean
    of the means of its calendar months."""
    unit: str = ""
    """What the values are, in words: "points", "EUR a month"."""
    change: Literal["difference", "ratio"] | None = None
    """How the change is told: after less before, or after over before; when nothing is written
    the ratio for amounts ("EUR a month", "a day"), the difference for points, ratings and shares.
    """


def measure(options: MeasureOptions, asked: Asked) -> Measured:
    """The values of both periods, beside each other; either may be missing.

    An amount changes by a ratio, unless there was nothing, or less than that, before.
    """
    from dashboard.measures.snapshots import as_ratio, snapshot_measured
    from slo.evidence.comparison import Scale

    old = asked.old or options
    assert isinstance(options, Options)
    assert isinstance(old, Options)
    how = Scale(options.change or "difference")
    made = snapshot_measured(options.gauge, old.gauge, options.take, how, asked)
    if options.change is None and is_amount(options.unit):
        made = replace(made, comparison=as_ratio(made.comparison))
    return replace(made, label=options.unit)


def is_amount(unit: str) -> bool:
    """Whether twice as much of it means something: of money and counts, not of marks and shares.

    >>> [is_amount(one) for one in ("EUR a month", "a day", "points", "of 5", "%", "")]
    [True, True, False, False, False, False]
    """
    return bool(unit.strip()) and _MARKS.search(unit) is None


def indicators(options: MeasureOptions) -> tuple[Indicator, ...]:
    """The gauge, as measured values."""
    assert isinstance(options, Options)
    return (Latency(_ANY, samples=options.gauge),)


def goal(text: str, options: MeasureOptions) -> Goal:
    """The goal in the gauge's own unit.

    Raises:
        ValueError: it is no number, or one of another unit.
    """
    assert isinstance(options, Options)
    return number_goal(text, options.unit)


KIND = MeasureKind(Options, measure, indicators, better=None, goal=goal)
