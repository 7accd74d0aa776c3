"""The tables of a `[[migration]]` as they are written: their keys, defaults and meanings."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, InstanceOf, WithJsonSchema

from collectors.described import Described
from collectors.keys import DURATION, SelectorText, length_s, percentage, quoted
from dashboard.config.days import Day, Days
from dashboard.config.names import Name, Slug
from dashboard.config.zones import Zone
from slo.durations import seconds
from slo.evidence.terms import Better, Multiple, Role

_LEAST_CONFIDENCE, _MOST_CONFIDENCE = 50, Fraction(9999, 100)


def _confidence(value: object) -> Fraction:
    percent = Fraction(percentage(value))
    if not _LEAST_CONFIDENCE <= percent <= _MOST_CONFIDENCE:
        raise ValueError("must be a percentage from 50 to 99.99 such as 95")
    return percent / 100


def _coverage(value: object) -> Fraction:
    percent = Fraction(percentage(value))
    if percent != 0 and not 1 <= percent <= 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage from 1 to 100 such as 80, or 0 for any")
    return percent / 100


def _same(value: object) -> Fraction:
    percent = Fraction(percentage(value))
    if not 0 < percent <= 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage above 0 and up to 100 such as 10")
    return percent / 100


def _worse(value: object) -> Fraction:
    percent = Fraction(percentage(value))
    if not 0 <= percent <= 1000:  # noqa: PLR2004 (eleven times as much)
        raise ValueError("must be a percentage from 0 to 1000 such as 20")
    return percent / 100


def _settling(value: object) -> int:
    """Like every length, or nothing."""
    return 0 if seconds(quoted(value, "14d")) == 0 else length_s(value)


def _document(value: str) -> str:
    if not value or not value.isprintable():
        raise ValueError('must be the path of a Markdown document such as "claims.md"')
    return value


def _range(least: float, most: float) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": least, "maximum": most})


Ratio = InstanceOf[Fraction]
Confidence = Annotated[Ratio, BeforeValidator(_confidence), _range(50, 99.99)]
Coverage = Annotated[Ratio, BeforeValidator(_coverage), _range(0, 100)]
Same = Annotated[Ratio, BeforeValidator(_same), _range(0, 100)]
Worse = Annotated[Ratio, BeforeValidator(_worse), _range(0, 1000)]
Settling = Annotated[int, BeforeValidator(_settling), WithJsonSchema(DURATION)]
WayBetter = Annotated[Better, Field(strict=False)]


class MetricTable(Described):
    """One measure, before and after: these keys are every kind's, the others belong to the kind."""

    model_config = ConfigDict(extra="ignore")

    id: Slug = Field(examples=['"api-p95"'])
    """Unique name within the migration."""
    title: Name | None = None
    """What people read; the id when nothing is written."""
    kind: str = Field(examples=['"latency_quantile"'])
    """Which kind of measure it is."""
    source: str | None = None
    """The source that is read; needed when its series could be of several.

    Events (deployments, incidents) are those of every source when nothing is written.
    """
    service: str = ""
    """The service it is about, and whose cutover counts; all when nothing is written."""
    better: WayBetter | None = None
    """Which way is an improvement; by kind, or as the goal says, when nothing is written."""
    role: Annotated[Role, Field(strict=False)] = Role.GOAL
    """What it is there for: `goal`s are judged together, a `guardrail` must not get worse by more
    than `max_worse`, `context` is shown and never judged."""
    goal: str = ""
    """What is aimed at, such as `"< 500ms"`, `">= 99.95 %"`, `">= 1 a week"`."""
    max_worse: Worse | None = None
    """By how many percent a guardrail may get worse."""
    same_within: Same | None = None
    """Within how many percent a goal that did not change is called about the same."""


class MovedServiceTable(Described):
    """A service that was moved on a day of its own, and is compared before and after that day."""

    name: Name = Field(examples=['"checkout"'])
    """The service, as events and metrics call it."""
    cutover: Day | None = None
    """The day on which it was moved; none while that is still to come."""
    settle: Settling | None = None
    """How long after the cutover nothing is compared; `"0d"`, like nothing, is not at all."""
    source: str | None = None
    """The source of `old` and `new`; needed when there are several."""
    old: SelectorText | None = None
    """Requests that the old system served: a counter, or rows that carry good and total."""
    new: SelectorText | None = None
    """Requests that the new system served."""


class BesideTable(Described):
    """Old and new on the same days: these keys are every kind's, the others belong to the kind."""

    model_config = ConfigDict(extra="ignore")

    title: Name = Field(examples=['"checkout p95"'])
    """What people read; unique within the migration."""
    kind: str = Field(examples=['"latency_quantile"'])
    """Which kind of measure it is: one that reads a series."""
    old: SelectorText = Field(examples=["'request_seconds{side=\"old\"}'"])
    """The series of the old system; it stands where the kind has its own."""
    new: SelectorText = Field(examples=["'request_seconds{side=\"new\"}'"])
    """The series of the new system."""
    source: str | None = None
    """The source that is read; needed when there are several."""
    old_name: Name = "Old"
    """What the old one is called."""
    new_name: Name = "New"
    """What the new one is called, such as `"Canary"`."""
    days: Days | None = None
    """When both ran: the first day and the one after the last; else the whole migration."""


class BreakTable(Described):
    """A day from which on measures are not what they were before."""

    at: Day = Field(examples=["2025-03-01"])
    """The day that begins with the new way of measuring."""
    text: Name = Field(examples=['"the feed publishes fewer incidents"'])
    """What changed."""
    metrics: list[str] | None = Field(None, min_length=1)
    """The ids of the metrics that it breaks; all when nothing is written."""


class MigrationTable(Described):
    """A migration: two periods, what lies between them, and the measures to judge it by.

    Days are local: each begins at midnight in the time zone of the migration.
    """

    name: Slug = Field(examples=['"monolith-to-cloud"'])
    """Unique name."""
    title: Name | None = None
    """What people read; the name when nothing is written."""
    timezone: Zone | None = None
    """Where the midnights are; the file's time zone when nothing is written."""
    before: Days = Field(examples=["[2025-01-01, 2025-07-01]"])
    """The period before: its first day, and the one after its last."""
    after: Days = Field(examples=["[2025-10-01, 2026-04-01]"])
    """The period after, likewise; the two need not be equally long."""
    transition: Days | None = None
    """What is shown and never compared; what lies between the two when nothing is written."""
    evaluate_on: Day | None = None
    """The day of the one look that counts: the end of `after` when nothing is written, or later.

    Reports before that day are marked as interim.
    """
    confidence: Confidence = Field(Fraction(95, 100), json_schema_extra={"default": 95})
    """Percent of the ranges; what remains is the risk of a verdict by chance."""
    multiple: Annotated[Multiple, Field(strict=False)] = Multiple.HOLM
    """How goals that are judged together are held to that risk: `holm`, `bh` or `none`."""
    min_coverage: Coverage = Field(Fraction(80, 100), json_schema_extra={"default": 80})
    """Percent of each period that must have been measured for a verdict."""
    claims: Annotated[str, AfterValidator(_document)] | None = None
    """The Markdown document whose claims are held against the report, such as `"claims.md"`: a path
    relative to this file. It is read with each report, so it may be written later."""


INNER: Mapping[str, type[Described]] = {
    "metric": MetricTable,
    "service": MovedServiceTable,
    "beside": BesideTable,
    "break": BreakTable,
}
"""The tables inside a migration, each a list."""
