"""What a report holds: each SLO at both ends of the period, its spends, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dashboard.views.attribution.falls import CauseKind
from dashboard.views.slos.slo_view import SloView
from slo.facts import EventKind
from slo.periods import NamedPeriod
from slo.spans import Span
from slo.tally import Tally


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report is called and about: all SLOs where no service is named."""

    name: str
    service: str | None
    period: NamedPeriod


@dataclass(frozen=True, slots=True)
class SloLine:
    """One SLO over a period.

    `then` and `now` are how it stood at the period's start and end, `counted` what was counted
    between them, `spent` the share of a whole budget that this took, `coverage` the share of the
    period that was measured, and `holes` the stretches of it in which nothing was.
    """

    now: SloView
    then: SloView
    counted: Tally | None
    spent: Fraction | None
    coverage: Fraction | None
    holes: tuple[Span, ...]

    @property
    def moved(self) -> Fraction | None:
        """By how much of the budget what is left has changed; None where one end is unknown."""
        if self.now.budget_remaining is None or self.then.budget_remaining is None:
            return None
        return self.now.budget_remaining - self.then.budget_remaining


@dataclass(frozen=True, slots=True)
class Spend:
    """A stretch in which that share of an SLO's budget went, and who is held to have spent it, if anybody."""

    slo: str
    service: str
    span: Span
    share: Fraction
    cause_kind: CauseKind
    cause: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An incident, deployment or release; `lasted_s` is its part of the period, if it lasts."""

    kind: EventKind
    key: str
    title: str
    service: str
    at: int
    ended_at: int | None
    lasted_s: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report; its SLOs stand in the order of need, what happened in that of time.

    `before` counts by kind what happened in the period before.
    """

    heading: Heading
    slos: tuple[SloLine, ...]
    spends: tuple[Spend, ...]
    happenings: tuple[Happening, ...]
    before: tuple[tuple[EventKind, int], ...]

    @property
    def views(self) -> tuple[SloView, ...]:
        """How each SLO stood at the period's end."""
        return tuple(line.now for line in self.slos)

    def of(self, kind: EventKind) -> tuple[Happening, ...]:
        """What happened of one kind."""
        return tuple(one for one in self.happenings if one.kind is kind)
