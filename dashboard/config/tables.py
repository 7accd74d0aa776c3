"""The tables of config.toml as they are written: their keys, units, defaults and meanings."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field

from collectors.described import Described
from collectors.keys import Length
from dashboard.config.corrections import CorrectionsTable
from dashboard.config.delivery_table import DeliveryTable
from dashboard.config.names import Name
from dashboard.config.slo_table import SloTable
from dashboard.config.zones import Zone
from slo.lengths import DAY_S

KEPT_S = 400 * DAY_S


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
Link = Annotated[str, AfterValidator(_link)]


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
    notify: list[Name] = Field(default_factory=list)
    """The channels that are told of its alerts, by name; see `[[channel]]`."""


class SourceTable(Described):
    """Where facts come from: these keys are every kind's, the others belong to the kind."""

    model_config = ConfigDict(extra="ignore")

    name: Name | None = None
    """What SLOs call it; the kind when nothing is written."""
    kind: str = Field(examples=['"prometheus"'])
    """Which kind of source it is."""
    every: Length = 60
    """How often it is asked."""
    backfill: Length = 30 * DAY_S
    """How far back its history is fetched, newest first."""
    generated: bool = False
    """Whether its figures are made up, to try things on; whatever shows them then says so."""


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
    # Tables that few files have are of any shape here: who reads them loads their model.
    report: list[Any] = Field(default_factory=list)
    """What is sent on a schedule."""
    delivery: DeliveryTable = Field(default_factory=DeliveryTable)
    """By which rules deployments and incidents are counted: one table, `[delivery]`."""
    alerts: Any = Field(None, json_schema_extra={"type": "object"})
    """How alerts are judged and told: one table, `[alerts]`."""
    corrections: CorrectionsTable = Field(default_factory=CorrectionsTable)
    """What does not count as it was measured without being said each time: `[corrections]`."""
    channel: list[Any] = Field(default_factory=list)
    """Where alerts are sent to."""
    policy: list[Any] = Field(default_factory=list)
    """What is done when little of a budget is left."""
    migration: list[Any] = Field(default_factory=list)
    """What was moved, and which figures before and after it are compared."""
