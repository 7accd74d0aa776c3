"""Deployments, pipeline runs, releases and incidents as values, and the rules they are read by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_DAY_S = 86_400


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
    fail_within_s: int = _DAY_S
    lead_from: str = "merged_at"
    train_within_s: int = 1_800
    severities: tuple[str, ...] = ()
    count_rollbacks: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows that were not counted, and why, in words."""

    why: str
    count: int


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What rows became: the values in the order of time, and the rows that were not counted."""

    kept: tuple[T, ...]
    dropped: tuple[Dropped, ...] = ()


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
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRun:
    """One run: `has_passed` is None where it was cancelled, never began or has not ended."""

    at: int
    key: str
    service: str
    ended_at: int | None
    has_passed: bool | None
    is_running: bool = False
    source: str = ""


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
