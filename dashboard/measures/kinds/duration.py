"""How long things took: pipelines, changes on their way, recovery, and what incidents lasted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dashboard.measures.contract import Asked, Measured, MeasureKind, MeasureOptions
from dashboard.measures.goals import duration_goal
from slo.evidence.terms import Better, Goal
from slo.indicator import Indicator


class Options(MeasureOptions):
    """Which duration is meant."""

    duration: Literal["pipeline", "lead", "recovery", "restore", "detect", "acknowledge"] = Field(
        examples=['"pipeline"']
    )
    """How long pipeline runs took (`pipeline`), changes from merge to production (`lead`), failed
    deployments until the service was restored (`recovery`), incidents until they were restored
    (`restore`), noticed (`detect`) or acknowledged (`acknowledge`). What has not ended counts as
    lasting at least so long."""


def measure(options: MeasureOptions, asked: Asked) -> Measured:
    """The durations of what began in either period, compared; open ones are not left out."""
    from dashboard.measures.lengths import lengths_measured

    assert isinstance(options, Options)
    return lengths_measured(options.duration, asked)


def indicators(_options: MeasureOptions) -> tuple[Indicator, ...]:
    """None: events are collected whether or not anybody asks for them."""
    return ()


def goal(text: str, _options: MeasureOptions) -> Goal:
    """The goal in seconds, for the median.

    Raises:
        ValueError: it is no time.
    """
    return duration_goal(text)


KIND = MeasureKind(Options, measure, indicators, better=Better.LOWER, goal=goal)
