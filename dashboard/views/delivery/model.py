"""What the page of delivery and incidents holds, in words where people read them."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.views.slos.marks import Tone
from dashboard.views.words import NOTHING
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Choice:
    """Which deliveries and incidents are meant: a span, a service, a team; "" for all.

    `zone` is an IANA name, whose days are meant; "" is the configuration's.
    """

    span: Span
    service: str = ""
    team: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One figure: its value over the span, its range, what it stands on, the span before.

    `bands` are the published bands that the value lies in, each with its year.
    """

    id: str
    title: str
    value: str
    interval: str
    n: str
    before: str
    says: str
    definition: str
    dropped: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[str, ...]:
        """How it is counted, what was left out, and in which published bands it lies: no verdict."""
        return (self.definition, *self.dropped, *self.bands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An incident on the strip: the bin in which it began, how long its impact lasted, how bad."""

    place: int
    words: str
    title: str
    is_grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One service: deployments per bin of the span, its incidents, and both summed up."""

    service: str
    deployments: tuple[int, ...]
    marks: tuple[Mark, ...]
    deployed: str
    impact: str


@dataclass(frozen=True, slots=True)
class Strips:
    """Bins of whole local days or weeks, with their labels; `weekends` are places of such days.

    `quiet` says how many services are left out because nothing of the span is known of them.
    """

    bins: tuple[str, ...]
    heads: tuple[tuple[int, str], ...]
    weekends: frozenset[int]
    rows: tuple[Strip, ...]
    quiet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLine:
    """One deployment in words; `state` is how it went: fine, failed, rolled back, failing now.

    `cost` is the share of an error budget that it spent, `cost_of` the objective whose it is.
    """

    when: str
    service: str
    version: str
    title: str
    lead: str
    state: str
    tone: Tone = Tone.PLAIN
    cost: str = NOTHING
    cost_of: str = ""
    cost_tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """One incident, or outage that a probe saw, in words."""

    when: str
    service: str
    title: str
    severity: str
    impact: str
    detected: str
    restored: str
    users: str
    is_open: bool = False
    is_outage: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """Some lines of a long list: which page it is, of how many, and how many lines in all."""

    page: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """The whole page; empty tuples where nothing of the kind was ever collected.

    `freshness` is that of the oldest source behind it, `is_late` where one of them is late.
    """

    headline: str
    scope: str
    freshness: str
    choice: Choice
    services: tuple[str, ...]
    teams: tuple[str, ...]
    figures: tuple[FigureLine, ...]
    incident_figures: tuple[FigureLine, ...]
    strips: Strips
    deployments: tuple[DeploymentLine, ...]
    deployment_slice: Slice
    incidents: tuple[IncidentLine, ...]
    incident_slice: Slice
    notes: tuple[str, ...] = ()
    generated: str = ""
    is_late: bool = False
