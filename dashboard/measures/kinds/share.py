"""Which share failed: deployments, pipeline runs or requests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from collectors.keys import SelectorText
from dashboard.measures.contract import Asked, Measured, MeasureKind, MeasureOptions
from dashboard.measures.goals import percent_goal
from slo.evidence.terms import Better, Goal, Op
from slo.indicator import Absent, Ratio


class Options(MeasureOptions):
    """Which share is meant; each counts what failed, so that less is better."""

    share: Literal["change-fail", "rework", "pipeline-failure"] | None = None
    """The share of deployments that failed, of deployments that were unplanned fixes, or of
    pipeline runs that failed."""
    total: SelectorText | None = None
    """All requests, in place of `share`: a counter, or rows that carry good and total."""
    good: SelectorText | None = None
    """The good ones among them; the others failed."""
    bad: SelectorText | None = None
    """The ones that failed, where those are counted instead."""
    absent: Annotated[Absent, Field(strict=False)] = Absent.NO_DATA
    """What it means when the good or bad counter does not exist: `no-data` or `zero`."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Options:
        if (self.share is None) == (self.total is None):
            raise ValueError('give one of share = "change-fail" and total = "…"')
        if self.share is not None and {"good", "bad", "absent"} & self.model_fields_set:
            raise ValueError('good, bad and absent go with total = "…", not with share')
        if self.good is not None and self.bad is not None:
            raise ValueError("give good or bad, not both; the other is what is left of total")
        return self


def measure(options: MeasureOptions, asked: Asked) -> Measured:
    """The shares of both periods, compared: single cases exactly, requests by whole days."""
    from dashboard.measures.shares import events_measured, requests_measured

    assert isinstance(options, Options)
    if options.share is not None:
        return events_measured(options.share, asked)
    (now,), (old,) = indicators(options), indicators(asked.old or options)
    return requests_measured(now, old, asked)


def indicators(options: MeasureOptions) -> tuple[Ratio, ...]:
    """The counts of requests; none where events tell."""
    assert isinstance(options, Options)
    if options.total is None:
        return ()
    return (Ratio(options.total, options.good, options.bad, options.absent),)


def goal(text: str, _options: MeasureOptions) -> Goal:
    """The goal as a ratio of what failed.

    Raises:
        ValueError: it is no percentage, or asks for many that fail.
    """
    found = percent_goal(text)
    if found.op in {Op.GT, Op.GTE}:
        raise ValueError(f'{text!r} asks for more that fail; write "<= 0.1 %"')
    return found


KIND = MeasureKind(
    Options,
    measure,
    indicators,
    better=Better.LOWER,
    goal=goal,
)
