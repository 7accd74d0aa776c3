"""What a migration report holds: a row a measure, the sceptic's checks, progress, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dashboard.config.migration_def import MetricDef, MigrationDef
from dashboard.measures.contract import Measured
from slo.evidence.comparison import Comparison
from slo.evidence.terms import Flag, GoalResult, Verdict
from slo.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure with its verdict; `goal` is None where none was set.

    `before` and `after` are the spans it was measured over: a moved service has its own.
    `p_adjusted` is that of the family; `reasons` are sentences: why it is not tested, what
    would be enough, what was found by the checks. `during` is what was measured between the two
    periods: shown, never compared; None where nothing lies between.
    """

    metric: MetricDef
    before: Span
    after: Span
    measured: Measured | None
    verdict: Verdict
    goal: GoalResult | None
    p_adjusted: float | None = None
    flags: tuple[Flag, ...] = ()
    reasons: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    during: Measured | None = None

    @property
    def comparison(self) -> Comparison | None:
        """What was found, None where nothing could be measured."""
        return None if self.measured is None else self.measured.comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLine:
    """How much of a service's traffic is on the new system, by local day; None where none came.

    `moved_on` is the first day from which all of it is new for good; `still_old` counts what came
    to the old system in the last seven days.
    """

    service: str
    days: tuple[tuple[int, Fraction | None], ...]
    cutover: int | None
    moved_on: int | None
    old: float
    new: float
    still_old: float


@dataclass(frozen=True, slots=True)
class Progress:
    """The move of the traffic: a line a service, and all of them together."""

    span: Span
    whole: MovedLine
    services: tuple[MovedLine, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Old against new on the same days."""

    title: str
    old_name: str
    new_name: str
    span: Span
    days: int
    measured: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationReport:
    """The whole report at a moment; `is_interim` while the planned look lies ahead.

    `notes` are one sentence each: placebo, largest outage, controls, traffic, season, plan.
    """

    migration: MigrationDef
    as_of: int
    is_interim: bool
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    progress: Progress | None = None
    besides: tuple[Beside, ...] = ()
    generated: tuple[str, ...] = ()
