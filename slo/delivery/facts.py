"""Deployments, pipeline runs, releases and incidents as values, and the rules they are read by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from slo.lengths import DAY_S
from slo.spans import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """The definitions behind every figure of delivery and incidents; printed under the figures.

    `environments` are those whose deployments count (one that says no environment counts);
    `fail_within_s` is how long a deployment may be blamed; `lead_from` names the field of a
    deployment that holds when its change was ready (`merged_at`, `committed_at`); `train_within_s`
    makes deployments of one version to several services one train; `severities` are those that
    users feel (empty: all); `count_rollbacks` counts rollbacks as deployments.
    """

    environments: tuple[str, ...] = ("production", "prod", "live")
    fail_within_s: int = DAY_S
    lead_from: str = "merged_at"
    train_within_s: int = 1_800
    severities: tuple[str, ...] = ()
    count_rollbacks: bool = False


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that could not be used of a row of that time: the row, or one field of it."""

    at: int
    why: str
    is_row: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many rows were not counted (or, `is_row` False, lack a field), and why, in words."""

    why: str
    count: int
    is_row: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What rows became: the values in the order of time, and what could not be used."""

    kept: tuple[T, ...]
    flaws: tuple[Flaw, ...] = ()

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What could not be used, of all rows, by its reason."""
        return _counted(self.flaws)

    def dropped_in(self, span: Span) -> tuple[Dropped, ...]:
        """What could not be used of the rows of a span."""
        return _counted(one for one in self.flaws if span.since <= one.at < span.until)


def _counted(flaws: Iterable[Flaw]) -> tuple[Dropped, ...]:
    counts = Counter((one.why, one.is_row) for one in flaws)
    return tuple(Dropped(why, counts[why, is_row], is_row) for why, is_row in sorted(counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A (service, environment, version) that reached success; `at` is its first success.

    `attempts` counts the tries before it too; `ready_at` is when its change was merged or
    committed, None where nobody said; `is_planned` is False for an unplanned fix (rework), None
    where nobody said; `has_failed` is what somebody said, or a rollback showed.
    """

    at: int
    key: str
    service: str
    version: str
    title: str = ""
    ready_at: int | None = None
    attempts: int = 1
    is_rollback: bool = False
    is_planned: bool | None = None
    has_failed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """One run: `has_passed` is None where it was cancelled, never began or has not ended."""

    at: int
    key: str
    service: str
    ended_at: int | None
    has_passed: bool | None
    is_running: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A feature, or a version, that customers were given."""

    at: int
    key: str
    service: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that went wrong, from the beginning of its impact; `ended_at` None while open.

    `severity` is the word of its source; `is_felt` whether customers felt it; `caused_by` the keys
    of deployments that it is linked to; times that nobody noted are None.
    """

    at: int
    key: str
    service: str
    ended_at: int | None
    severity: str = ""
    title: str = ""
    detected_at: int | None = None
    created_at: int | None = None
    acknowledged_at: int | None = None
    is_planned: bool = False
    is_felt: bool = True
    users: int | None = None
    caused_by: tuple[str, ...] = ()
