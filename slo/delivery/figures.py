"""The figures of a period, as the counts and durations that evidence is made from.

Every function takes what belongs to the period: `within` tells which that is.

Source: dora.dev/guides/dora-metrics, whose five measures these are, with the corrections that
the tests of this package name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol, TypeVar

from slo.delivery.facts import DeliveryRules, Deployment, Incident, PipelineRun
from slo.delivery.failures import Failure
from slo.delivery.fields import plain
from slo.evidence.comparison import Hits, Lasted
from slo.spans import Span

_GRAVE = frozenset({"1", "sev1", "s1", "p1", "severity1", "critical", "blocker"})


class Happened(Protocol):
    """Anything with a time."""

    @property
    def at(self) -> int:
        """When it happened."""


Thing = TypeVar("Thing", bound=Happened)


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """From ready to deployed; `unmatched` deployments have no such time that could be used."""

    lasted: Lasted
    unmatched: int


def within(things: Iterable[Thing], period: Span) -> tuple[Thing, ...]:
    """The things that happened in the period, which holds its first second and not its last."""
    return tuple(one for one in things if period.since <= one.at < period.until)


def counted(deployments: Iterable[Deployment], rules: DeliveryRules) -> tuple[Deployment, ...]:
    """The deployments that count: rollbacks only where the rules say so."""
    return tuple(one for one in deployments if rules.count_rollbacks or not one.is_rollback)


def felt(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """The incidents that users felt and nobody had planned."""
    return tuple(one for one in incidents if one.is_felt and not one.is_planned)


def newest(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """The latest first."""
    return tuple(sorted(deployments, key=lambda one: (one.at, one.service, one.key), reverse=True))


def is_grave(incident: Incident) -> bool:
    """Whether it is of the gravest severity, whatever its source calls that.

    >>> is_grave(Incident(at=0, key="i", service="", ended_at=None, severity="SEV-1"))
    True
    """
    return plain(incident.severity) in _GRAVE


def lead_times(deployments: Iterable[Deployment]) -> LeadTimes:
    """How long each change waited until users had it; rollbacks carry no change."""
    forward = [one for one in deployments if not one.is_rollback]
    waited = tuple(float(one.at - one.ready_at) for one in forward if one.ready_at is not None)
    return LeadTimes(Lasted(waited), len(forward) - len(waited))


def change_fail(deployments: Sequence[Deployment], failed: Iterable[Failure]) -> Hits:
    """How many of the deployments failed: never more than there are.

    >>> change_fail([], [])
    Hits(hits=0, of=0)
    """
    bad = {_identity(one.deployment) for one in failed}
    return Hits(sum(_identity(one) in bad for one in deployments), len(deployments))


def recoveries(
    deployments: Iterable[Deployment], failed: Iterable[Failure], *, as_of: int
) -> Lasted:
    """From each failed deployment of these to the service restored; those still failing, open.

    A failure of which nothing tells when it was over is in neither.
    """
    mine = {_identity(one) for one in deployments}
    meant = [one for one in failed if _identity(one.deployment) in mine]
    return Lasted(
        tuple(
            float(one.recovered_at - one.deployment.at)
            for one in meant
            if one.recovered_at is not None
        ),
        tuple(float(as_of - one.deployment.at) for one in meant if one.is_open),
    )


def rework(deployments: Iterable[Deployment]) -> Hits:
    """How many were unplanned, of those of which somebody said."""
    said = [one for one in deployments if one.is_planned is not None and not one.is_rollback]
    return Hits(sum(one.is_planned is False for one in said), len(said))


def pipeline_times(runs: Iterable[PipelineRun], *, as_of: int) -> Lasted:
    """How long runs that passed took; a running one is open.

    A run that failed tells how long failing takes, so it is left out.
    """
    runs = [*runs]
    passed = (one for one in runs if one.has_passed and one.ended_at is not None)
    return Lasted(
        tuple(float((one.ended_at or one.at) - one.at) for one in passed),
        tuple(float(as_of - one.at) for one in runs if one.is_running),
    )


def pipeline_failures(runs: Iterable[PipelineRun]) -> Hits:
    """How many runs failed, of those that passed or failed: a cancelled run did neither."""
    ended = [one for one in runs if one.has_passed is not None]
    return Hits(sum(one.has_passed is False for one in ended), len(ended))


def restore_times(incidents: Iterable[Incident], *, as_of: int) -> Lasted:
    """From the beginning of the impact to its end; what is still going on is open."""
    unplanned = [one for one in incidents if not one.is_planned]
    return Lasted(
        tuple(float(one.ended_at - one.at) for one in unplanned if one.ended_at is not None),
        tuple(float(as_of - one.at) for one in unplanned if one.ended_at is None),
    )


def detect_times(incidents: Iterable[Incident]) -> Lasted:
    """From the beginning of the impact until somebody noticed, where that was noted.

    None is open: what is recorded as an incident was noticed.
    """
    unplanned = (one for one in incidents if not one.is_planned)
    return Lasted(
        tuple(float(one.detected_at - one.at) for one in unplanned if one.detected_at is not None)
    )


def acknowledge_times(incidents: Iterable[Incident], *, as_of: int) -> Lasted:
    """From an incident's creation (its beginning, where none is noted) to the first to take it.

    One that is still going on and that nobody took is open, if acknowledgements are noted at all;
    one that ended without was not noted.
    """
    unplanned = [one for one in incidents if not one.is_planned]
    taken = [one for one in unplanned if one.acknowledged_at is not None]
    waiting = [one for one in unplanned if one.acknowledged_at is None and one.ended_at is None]
    return Lasted(
        tuple(float((one.acknowledged_at or 0) - _created(one)) for one in taken),
        tuple(float(as_of - _created(one)) for one in waiting) if taken else (),
    )


def median_s(values: Sequence[float]) -> float | None:
    """The middle value, between the two middle ones of an even number; None of nothing.

    >>> median_s([1.0, 2.0, 10.0, 20.0]), median_s([])
    (6.0, None)
    """
    return float(median(values)) if values else None


def at_most_s(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least such a share do not exceed; None of nothing.

    >>> at_most_s([float(value) for value in range(1, 11)], 0.9)
    9.0
    """
    if not values:
        return None
    # One part in 10^12 is the float's own: 0.9 of 10 is 9, not a little more.
    place = math.ceil(share * len(values) * (1 - 1e-12)) - 1
    return sorted(values)[max(0, place)]


def _created(incident: Incident) -> int:
    return incident.at if incident.created_at is None else incident.created_at


def _identity(deployment: Deployment) -> tuple[int, str, str]:
    return deployment.at, deployment.service, deployment.key
