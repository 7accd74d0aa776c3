"""How often something happened: deployments, releases, incidents or pipeline runs in a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from dashboard.measures.contract import Asked, Measured, MeasureKind, MeasureOptions, Unit
from dashboard.measures.goals import rate_goal
from slo.evidence.terms import Better, Goal
from slo.indicator import Indicator

if TYPE_CHECKING:
    from dashboard.measures.happened import Found
    from slo.delivery.figures import Happened

_UNITS = {
    "week": Unit.PER_WEEK,
    "month": Unit.PER_MONTH,
    "quarter": Unit.PER_QUARTER,
    "year": Unit.PER_YEAR,
}
_BETTER = {
    "deployment": Better.HIGHER,
    "release": Better.HIGHER,
    "incident": Better.LOWER,
    "pipeline_run": None,
}
_NAMES = {
    "deployment": "deployments",
    "release": "releases",
    "incident": "incidents",
    "pipeline_run": "pipeline runs",
}


class Options(MeasureOptions):
    """Which events are counted, and by which unit of time they are told."""

    events: Literal["deployment", "release", "incident", "pipeline_run"] = Field(
        examples=['"deployment"']
    )
    """What is counted."""
    unit: Literal["week", "month", "quarter", "year"] = "month"
    """The time in which so many happen: a month is a twelfth of 365.2425 days."""
    severity: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Only incidents of these severities; all that users felt when nothing is written."""

    @field_validator("severity")
    @classmethod
    def _is_of_incidents(cls, severity: tuple[str, ...], others: ValidationInfo) -> tuple[str, ...]:
        if severity and others.data.get("events") not in {None, "incident"}:
            raise ValueError('belongs to events = "incident"; nothing else has a severity')
        return severity


def measure(options: MeasureOptions, asked: Asked) -> Measured:
    """The rates of both periods, compared; counts that come in clusters are divided by their size.

    Only events in observed time are counted, and only that time divides them.
    """
    from dashboard.measures.rates import rate_measured

    assert isinstance(options, Options)
    name = _NAMES[options.events]
    return rate_measured(_found(options, asked), asked, _UNITS[options.unit], name)


def _found(options: Options, asked: Asked) -> Found[Happened]:
    from dashboard.measures import happened

    match options.events:
        case "deployment":
            return happened.found_deployments(asked)
        case "release":
            return happened.found_releases(asked)
        case "incident":
            return happened.found_incidents(asked, options.severity)
        case "pipeline_run":
            return happened.found_runs(asked)


def indicators(_options: MeasureOptions) -> tuple[Indicator, ...]:
    """None: events are collected whether or not anybody asks for them."""
    return ()


def goal(text: str, options: MeasureOptions) -> Goal:
    """The goal in events a unit of the options.

    Raises:
        ValueError: it is no rate.
    """
    assert isinstance(options, Options)
    return rate_goal(text, _UNITS[options.unit])


def better_by(options: MeasureOptions) -> Better | None:
    """Fewer incidents, more deployments and releases; of pipeline runs nobody can say."""
    assert isinstance(options, Options)
    return _BETTER[options.events]


KIND = MeasureKind(
    Options,
    measure,
    indicators,
    better=None,
    goal=goal,
    better_by=better_by,
)
