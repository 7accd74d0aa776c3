"""What a `[[migration]]` asks for: two periods, what is left out, and the measures to judge by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.measures.contract import MeasureOptions
from slo.evidence.terms import Better, Goal, Multiple, Role
from slo.indicator import Ratio
from slo.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDef:
    """One measure: `kind` names a file of dashboard/measures/kinds, `options` are its keys.

    `service` "" means all services; `max_worse` and `same_within` are ratios (0.2 for 20 %);
    `goal_text` is the goal as it was written.
    """

    id: str
    title: str
    kind: str
    options: MeasureOptions
    role: Role
    better: Better | None
    source: str | None = None
    service: str = ""
    goal: Goal | None = None
    goal_text: str = ""
    max_worse: Fraction | None = None
    same_within: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedService:
    """A service with a cutover of its own: measured from `settle_s` after it.

    `old` and `new` count the traffic on either system, None where nobody does.
    """

    name: str
    cutover: int | None = None
    settle_s: int = 0
    source: str | None = None
    old: Ratio | None = None
    new: Ratio | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideDef:
    """Two series that ran on the same days, compared by one kind of measure."""

    title: str
    kind: str
    source: str | None
    old: MeasureOptions
    new: MeasureOptions
    old_name: str = "Old"
    new_name: str = "New"
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class BreakDef:
    """From `at` on measures are not what they were; `metrics` empty means all of them."""

    at: int
    text: str
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationDef:
    """One migration; spans are local midnights in `zone`, `evaluate_at` is the planned look.

    `claims` is the document whose claims are checked, None where none is named.
    """

    name: str
    title: str
    zone: ZoneInfo
    before: Span
    after: Span
    transition: Span | None
    evaluate_at: int
    metrics: tuple[MetricDef, ...]
    confidence: float = 0.95
    multiple: Multiple = Multiple.HOLM
    min_coverage: Fraction = Fraction(80, 100)
    services: tuple[MovedService, ...] = ()
    besides: tuple[BesideDef, ...] = ()
    breaks: tuple[BreakDef, ...] = ()
    claims: Path | None = None
