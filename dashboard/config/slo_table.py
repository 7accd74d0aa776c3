"""The table `[[slo]]` as it is written, and the rows of its alert policy."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    InstanceOf,
    SkipValidation,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from collectors.described import Described
from collectors.keys import (
    DURATION,
    LONGEST_S,
    Length,
    SelectorText,
    Threshold,
    length_s,
    percentage,
    quoted,
)
from dashboard.config.names import Name
from dashboard.config.zones import Zone
from slo.indicator import Absent, Combine, Combined, Op
from slo.objective import Objective
from slo.tally import Treatment

SLICES_S = (60, 180, 300, 900)
"""The lengths of slices: they divide a quarter of an hour, so that every level can hold them."""
_MOST_DIGITS = 15
_MOST_EVENTS = 10**15  # a store holds whole numbers of 64 bits, a float those below 2^53
_MOST_OF_SHARE = 28  # a factor of 14 for an hour of 28 days is 2.08333… %, written in so many
_NUMBER = {"type": "number"}


def _minutes(value: object) -> int:
    minutes_s = length_s(value)
    if minutes_s % 60:
        raise ValueError('must be whole minutes such as "5m"; events are counted by the minute')
    return minutes_s


def _part(value: object) -> Fraction:
    percent = percentage(value)
    if not 0 < percent <= 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage of the slice above 0 and up to 100")
    return Fraction(percent) / 100


def _number(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("must be a number such as 0.75, without quotes")  # noqa: TRY004 (pydantic)
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError("must be a number such as 0.75, not one beyond all measure")
    return Fraction(number)


def _weight(value: object) -> Fraction:
    weight = _number(value)
    if weight <= 0:
        raise ValueError("must be greater than 0; leave out a member that weighs nothing")
    return weight


def _slice(value: object) -> int:
    slice_s = length_s(value)
    if slice_s not in SLICES_S:
        raise ValueError("must be 1m, 3m, 5m or 15m, which divide a quarter of an hour")
    return slice_s


def _percentile(value: object) -> str:
    text = quoted(value, "p95")
    if re.fullmatch(r"p[0-9]{1,2}(\.[0-9]{1,4})?", text) is None:
        raise ValueError('must be "p" and a percentage below 100 such as "p95" or "p99.9"')
    return text


def _objective(value: object) -> Objective:
    return Objective.from_percent(percentage(value))


def _share(value: object) -> Fraction:
    percent = percentage(value, _MOST_OF_SHARE)
    if not 0 < percent <= 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage of the budget above 0 and up to 100")
    return Fraction(percent) / 100


Minutes = Annotated[int, BeforeValidator(_minutes), WithJsonSchema(DURATION)]
Share = Annotated[
    InstanceOf[Fraction],
    BeforeValidator(_share),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 100}),
]
Part = Annotated[
    InstanceOf[Fraction],
    BeforeValidator(_part),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 100}),
]
Number = Annotated[InstanceOf[Fraction], BeforeValidator(_number), WithJsonSchema(_NUMBER)]
Weight = Annotated[
    InstanceOf[Fraction],
    BeforeValidator(_weight),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
Slice = Annotated[
    int,
    BeforeValidator(_slice),
    WithJsonSchema({"type": "string", "enum": ["1m", "3m", "5m", "15m"]}),
]
Percentile = Annotated[
    str,
    BeforeValidator(_percentile),
    WithJsonSchema({"type": "string", "pattern": "^p[0-9]{1,2}(\\.[0-9]{1,4})?$"}),
]
Percent = Annotated[
    InstanceOf[Objective],
    BeforeValidator(_objective),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 100}),
]


class AlertTable(Described):
    """One row of a burn-rate policy: both windows must burn that fast."""

    severity: Literal["page", "ticket"] = Field(examples=['"page"'])
    """Whether it wakes a person or waits for the morning."""
    budget: Share = Field(examples=["2"])
    """Percent of the error budget spent within the long window at that speed."""
    long: Minutes = Field(examples=['"1h"'])
    """The window that decides."""
    short: Minutes = Field(examples=['"5m"'])
    """The window that ends the alert soon after the cause has ended."""
    min_bad_events: int | None = Field(None, ge=0, le=_MOST_EVENTS)
    """Fires at so many bad events in the long window or more; the SLO's own when not written."""

    @field_validator("short")
    @classmethod
    def _is_shorter(cls, short: int, others: ValidationInfo) -> int:
        if short >= others.data.get("long", LONGEST_S + 1):
            raise ValueError("must be shorter than long")
        return short


class SloTable(Described):
    """One promise: an objective over a window, and one indicator that measures it."""

    name: Name = Field(examples=['"checkout-latency"'])
    """Unique name; beside an SLO `shop` none that begins with `shop/`, as its members do."""
    service: str = ""
    """The service it belongs to."""
    objective: Percent = Field(examples=["99.9"])
    """Percent of events (or of time) that must be good."""
    window: SkipValidation[str | list[str]] = "30d"
    """A rolling length such as `30d`, or `week`, `month`, `quarter`, `year`.

    Of several, `["30d", "month"]`, the first decides alerts and `check`; all are shown.
    """
    timezone: Zone | None = None
    """Where a calendar window's midnight is; the file's time zone when nothing is written."""
    source: str | None = None
    """The source that is read; needed when there are several."""
    histogram: SelectorText | None = None
    """Latency from the buckets of a Prometheus histogram."""
    samples: SelectorText | None = None
    """Latency from single measured values in seconds."""
    latency: Threshold | None = Field(None, examples=['"500ms"'])
    """The threshold: events at or under it are good."""
    only_if: SelectorText | None = None
    """A 0/1 gauge: samples taken while it is not 1 are left out."""
    total: SelectorText | None = None
    """All events: a counter, rows that carry good and total, or requests that are 1 or 0 each."""
    good: SelectorText | None = None
    """The good ones among them."""
    bad: SelectorText | None = None
    """The bad ones among them, where those are counted instead."""
    gauge: SelectorText | None = None
    """The time during which a gauge keeps to `op` and `value`."""
    op: Annotated[Op, Field(strict=False)] | None = Field(None, examples=['"<="'])
    """How the gauge must stand to `value` to be good: `<`, `<=`, `>` or `>=`."""
    value: Number | None = Field(None, examples=["0.75"])
    """The bound, in the gauge's own unit."""
    points: SelectorText | None = None
    """Latency where only percentiles are there: a gauge of p95 points in seconds.

    With `latency`. What it counts is time, never requests, and it says so.
    """
    percentile: Percentile = "p95"
    """What the points are, for the words alone."""
    success_ratio: SelectorText | None = None
    """A gauge between 0 and 1 that is the ratio of good events already, weighed by time."""
    failure_ratio: SelectorText | None = None
    """The same of bad events."""
    method: Literal["occurrences", "timeslices", "ratio-timeslices"] | None = None
    """What is counted: events or seconds as they come, or slices of time (OpenSLO's words)."""
    slice: Slice | None = Field(None, examples=['"5m"'])
    """The length of a slice: 1, 3, 5 or 15 minutes."""
    slice_objective: Part | None = Field(None, examples=["95"])
    """Percent of a slice that must be good for the slice to be good; with `timeslices`."""
    composite: Annotated[Combined, Field(strict=False)] | None = None
    """How `members` make this one.

    `worst-member`, `sum-of-events`, `weighted-burn` or `union-of-bad-slices`; there is no default.
    """
    members: list[Name] = Field(default_factory=list)
    """The SLOs that a composite is made of, by name; composites too, where they have what it needs."""
    weights: list[Weight] = Field(default_factory=list)
    """How much each member counts in a `weighted-burn`, in their order; 3 and 1 are 75 % and 25 %."""
    group_by: list[str] = Field(default_factory=list)
    """Labels: each of their values is a member with a budget of its own, up to 200.

    A member that pages pages; the sum of all is judged, too. Of more values the first in the
    alphabet are members.
    """
    breakdown: list[str] = Field(default_factory=list)
    """Labels by which bad events are told apart, each on its own.

    Of counters the ten values with the most of them an hour are kept.
    """
    absent: Annotated[Absent, Field(strict=False)] | None = None
    """What it means when the good or bad counter does not exist: `no-data` or `zero`."""
    uptime: SelectorText | None = None
    """Time up out of time up or down, from a 0/1 status."""
    valid_for: Length | None = None
    """How long an observed status, or a value of a gauge, holds when no other follows."""
    combine: Annotated[Combine, Field(strict=False)] | None = None
    """When a service seen by several probes is up: `any`, `majority` or `all` of them are."""
    corrections: Annotated[Treatment, Field(strict=False)] | None = None
    """What becomes of counts under a correction: `removed` (the default), or `as-good` (of slices)."""
    min_bad_events: int = Field(0, ge=0, le=_MOST_EVENTS)
    """No row fires below so many bad events, of time seconds, in its long window: for little traffic."""
    notify: list[Name] = Field(default_factory=list)
    """The channels that are told of its alerts, by name; its service's when nothing is written."""
    policy: str = ""
    """What is done when little of the budget is left: a `[[policy]]`, by name."""
    effective: str = ""
    """From when on this version holds, such as "2026-12-01"; from when it is read when empty."""
    alert: list[AlertTable] = Field(default_factory=list)
    """Burn-rate rows in place of the default policy."""
