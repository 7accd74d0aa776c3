"""What a figure is measured by: the things it counts, by the functions that migrations use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from dashboard.measures.contract import Asked, Unit
from dashboard.measures.happened import Found
from dashboard.measures.lengths import lasted_compared
from dashboard.measures.rates import rate_compared
from dashboard.measures.shares import share_compared
from dashboard.views.delivery.figure import Measure
from dashboard.views.delivery.gathering import Gathered
from slo.delivery.facts import Deployment, Incident, PipelineRun, Release
from slo.delivery.figures import Happened, counted, felt
from slo.evidence.comparison import Comparison, Hits, Lasted
from slo.facts import EventKind

Thing = TypeVar("Thing", bound=Happened)
Told = TypeVar("Told")
Things = Callable[[Gathered], Found[Thing]]


def deployed(found: Gathered) -> Found[Deployment]:
    """The deployments that count."""
    kept = counted(found.deployments.kept, found.rules)
    return Found(kept, found.observations[EventKind.DEPLOYMENT])


def blamed(found: Gathered) -> Found[Deployment]:
    """The same, known to have failed as far as incidents were watched too."""
    return replace(deployed(found), beside=found.observations[EventKind.INCIDENT])


def ran(found: Gathered) -> Found[PipelineRun]:
    """The pipeline runs."""
    return Found(found.runs.kept, found.observations[EventKind.PIPELINE_RUN])


def released(found: Gathered) -> Found[Release]:
    """The releases."""
    return Found(found.releases.kept, found.observations[EventKind.RELEASE])


def broke(found: Gathered) -> Found[Incident]:
    """The incidents that users felt and nobody had planned."""
    return Found(felt(found.incidents.kept), found.observations[EventKind.INCIDENT])


def _always(_found: Gathered) -> bool:
    return True


def often(things: Things[Happened], unit: Unit) -> Measure:
    """How often the things happened."""

    def measure(found: Gathered) -> Comparison | None:
        mine = things(found)
        return rate_compared(mine, found.asked, unit) if mine.observed.sources else None

    return measure


def share(
    things: Things[Thing],
    hits: Callable[[Gathered, Sequence[Thing]], Hits],
    *,
    noted: Callable[[Gathered], bool] = _always,
) -> Measure:
    """How many of the things; None where nobody ever `noted` what tells."""
    return _told(things, hits, share_compared, noted)


def lasted(
    things: Things[Thing],
    times: Callable[[Gathered, Sequence[Thing]], Lasted],
    *,
    noted: Callable[[Gathered], bool] = _always,
) -> Measure:
    """How long the things took; None where nobody ever `noted` it."""
    return _told(things, times, lasted_compared, noted)


def _told(
    things: Things[Thing],
    read: Callable[[Gathered, Sequence[Thing]], Told],
    compared: Callable[[Found[Thing], Callable[[Sequence[Thing]], Told], Asked], Comparison],
    noted: Callable[[Gathered], bool],
) -> Measure:
    """What `compared` makes of what is read of the things; None where nobody noted it."""

    def measure(found: Gathered) -> Comparison | None:
        mine = things(found)
        if not (mine.observed.sources and noted(found)):
            return None
        return compared(mine, lambda some: read(found, some), found.asked)

    return measure
