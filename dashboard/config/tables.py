"""The tables of config.toml as they are written: their keys, units, defaults and meanings."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
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
)
from dashboard.config.delivery_table import DeliveryTable
from dashboard.config.names import Name
from dashboard.config.report_table import ReportTable
from dashboard.config.zones import Zone
from slo.indicator import Absent, Combine
from slo.objective import Objective

KEPT_S = 400 * 86_400


def _minutes(value: object) -> int:
    minutes_s = length_s(value)
    if minutes_s % 60:
        raise ValueError('must be whole minutes such as "5m"; events are counted by the minute')
    return minutes_s


def _objective(value: object) -> Objective:
    return Objective.from_percent(percentage(value))


def _share(value: object) -> Fraction:
    percent = percentage(value)
    if not 0 < percent <= 100:  # noqa: PLR2004 (a percentage)
        raise ValueError("must be a percentage of the budget above 0 and up to 100")
    return Fraction(percent) / 100


def _link(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in {"http", "https"} and bool(parts.netloc)
    except ValueError:
        is_address = False
    if value and not (is_address and value.isprintable() and " " not in value):
        raise ValueError("must be an address that begins with https:// or http://")
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", value):
        raise ValueError('must be a host name in small letters, without port: "slo.example.org"')
    return value


Host = Annotated[str, AfterValidator(_host)]
Minutes = Annotated[int, BeforeValidator(_minutes), WithJsonSchema(DURATION)]
Link = Annotated[str, AfterValidator(_link)]
Share = Annotated[
    InstanceOf[Fraction],
    BeforeValidator(_share),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 100}),
]
Percent = Annotated[
    InstanceOf[Objective],
    BeforeValidator(_objective),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 100}),
]


class ServiceTable(Described):
    """What users depend on, and where its people look first."""

    name: Name = Field(examples=['"checkout"'])
    """The name that SLOs and files use."""
    team: str = ""
    """Who owns it."""
    owner: str = ""
    """Whom to ask."""
    runbook: Link = ""
    """Link to what to do; `{service}`, `{from}` and `{to}` are filled in."""
    dashboard: Link = ""
    """Link to where its people look, filled in alike."""
    logs: Link = ""
    """Link to its logs, filled in alike."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Free words to group by."""


class SourceTable(Described):
    """Where facts come from: these keys are every kind's, the others belong to the kind."""

    model_config = ConfigDict(extra="ignore")

    name: Name | None = None
    """What SLOs call it; the kind when nothing is written."""
    kind: str = Field(examples=['"prometheus"'])
    """Which kind of source it is."""
    every: Length = 60
    """How often it is asked."""
    backfill: Length = 30 * 86_400
    """How far back its history is fetched, newest first."""
    generated: bool = False
    """Whether its figures are made up, to try things on; whatever shows them then says so."""


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

    @field_validator("short")
    @classmethod
    def _is_shorter(cls, short: int, others: ValidationInfo) -> int:
        if short >= others.data.get("long", LONGEST_S + 1):
            raise ValueError("must be shorter than long")
        return short


class SloTable(Described):
    """One promise: an objective over a window, and one indicator that measures it."""

    name: Name = Field(examples=['"checkout-latency"'])
    """Unique name."""
    service: str = ""
    """The service it belongs to."""
    objective: Percent = Field(examples=["99.9"])
    """Percent of events (or of time) that must be good."""
    window: str = "30d"
    """A rolling length such as `30d`, or `week`, `month`, `quarter`, `year`."""
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
    absent: Annotated[Absent, Field(strict=False)] | None = None
    """What it means when the good or bad counter does not exist: `no-data` or `zero`."""
    uptime: SelectorText | None = None
    """Time up out of time up or down, from a 0/1 status."""
    valid_for: Length | None = None
    """How long an observed status holds when no other follows."""
    combine: Annotated[Combine, Field(strict=False)] | None = None
    """When a service seen by several probes is up: `any`, `majority` or `all` of them are."""
    alert: list[AlertTable] = Field(default_factory=list)
    """Burn-rate rows in place of the default policy."""


class RootTable(Described):
    """The keys that stand outside of every table, and the tables there are."""

    include: list[str] = Field(default_factory=list)
    """Further files, relative to this one; `*` matches many."""
    store: Any = None
    """Where facts are kept: a database URL, or { env = "NAME" } where it holds a password."""
    timezone: Zone = ZoneInfo("UTC")
    """The zone of calendar windows."""
    keep_minutes: Length = KEPT_S
    """How long single minutes are kept: at least the longest rolling window and a day.

    Quarter hours, hours, days, events and observations stay for ever; windows that reach
    further back than minutes begin on a quarter hour.
    """
    hosts: list[Host] = Field(default_factory=list)
    """Names by which a proxy on this machine calls the pages; read when they begin to be served."""
    service: list[ServiceTable] = Field(default_factory=list)
    """What users depend on."""
    source: list[SourceTable] = Field(default_factory=list)
    """Where facts come from."""
    slo: list[SloTable] = Field(default_factory=list)
    """What is promised."""
    report: list[ReportTable] = Field(default_factory=list)
    """What is sent on a schedule."""
    delivery: DeliveryTable = Field(default_factory=DeliveryTable)
    """By which rules deployments and incidents are counted: one table, `[delivery]`."""
    migration: list[Any] = Field(default_factory=list)
    """What was moved, and which figures before and after it are compared."""
