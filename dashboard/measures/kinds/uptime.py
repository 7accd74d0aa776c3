"""How much of the time it was up: by what probes saw, or by the incidents that users felt."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from collectors.keys import Length, SelectorText
from dashboard.measures.contract import Asked, Measured, MeasureKind, MeasureOptions
from dashboard.measures.goals import percent_goal
from slo.evidence.terms import Better, Goal
from slo.indicator import Combine, Uptime


class Options(MeasureOptions):
    """What says whether it was up."""

    uptime: SelectorText | None = None
    """A 0/1 status: time up out of the time that is known."""
    valid_for: Length = 300
    """How long an observed status holds when no other follows."""
    combine: Annotated[Combine, Field(strict=False)] = Combine.MAJORITY
    """When a service seen by several probes is up: `any`, `majority` or `all` of them are."""
    events: Literal["incident"] | None = None
    """"incident" in place of `uptime`: down while any incident lasted that users felt; planned
    time counts neither as up nor as down."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Options:
        if (self.uptime is None) == (self.events is None):
            raise ValueError('give one of uptime = "…" and events = "incident"')
        if self.events is not None and {"valid_for", "combine"} & self.model_fields_set:
            raise ValueError('valid_for and combine go with uptime = "…", not with events')
        return self


def measure(options: MeasureOptions, asked: Asked) -> Measured:
    """The shares of time up in both periods, compared; time that nobody watched is in neither."""
    from dashboard.measures.uptimes import incidents_measured, probes_measured

    (now,), (old,) = indicators(options) or (None,), indicators(asked.old or options) or (None,)
    if now is None or old is None:
        return incidents_measured(asked)
    return probes_measured(now, old, asked)


def indicators(options: MeasureOptions) -> tuple[Uptime, ...]:
    """The probes; none where incidents tell."""
    assert isinstance(options, Options)
    if options.uptime is None:
        return ()
    return (Uptime(options.uptime, options.valid_for, options.combine),)


def goal(text: str, _options: MeasureOptions) -> Goal:
    """The goal as a ratio of time up.

    Raises:
        ValueError: it is no percentage.
    """
    return percent_goal(text)


KIND = MeasureKind(Options, measure, indicators, better=Better.HIGHER, goal=goal)
