"""The figures of delivery and of incidents: a new one is one more entry here."""

from __future__ import annotations

from dashboard.measures.contract import Unit
from dashboard.views.delivery import notes
from dashboard.views.delivery.figure import FigureDef
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.delivery.measuring import (
    blamed,
    broke,
    deployed,
    lasted,
    often,
    ran,
    released,
    share,
)
from slo.delivery.bands import Band, Measure, bands
from slo.delivery.figures import (
    acknowledge_times,
    change_fail,
    detect_times,
    lead_times,
    pipeline_failures,
    pipeline_times,
    recoveries,
    restore_times,
    rework,
)
from slo.delivery.frequency import frequency
from slo.evidence.comparison import Side
from slo.evidence.terms import Better

_WEEK = 7
_MEDIAN = (notes.median, notes.still_open, notes.few)


def _often(found: Gathered, now: Side) -> tuple[Band, ...]:
    days = frequency(found.deployed(found.span), found.span, found.zone).median_days_a_week
    a_day = None if now.estimate is None else now.estimate / _WEEK
    return (*bands(Measure.DAYS_A_WEEK, days), *bands(Measure.FREQUENCY, a_day))


DELIVERY = (
    FigureDef(
        id="deployment-frequency",
        title="Deployment frequency",
        unit=Unit.PER_WEEK,
        better=Better.HIGHER,
        definition="versions of a service that reached success in {environments}, each once at its "
        "first success, {rollbacks}",
        counted="deployments",
        measure=often(deployed, Unit.PER_WEEK),
        notes=(notes.told_trains, notes.told_days, notes.told_weeks),
        bands=_often,
        reads=lambda found: found.deployments,
    ),
    FigureDef(
        id="lead-time",
        title="Lead time, {ready} to production",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from the {ready} of a change to its first success in production; "
        "rollbacks have none, times that run backwards are dropped",
        counted="deployments",
        measure=lasted(deployed, lambda _, mine: lead_times(mine).lasted),
        notes=(notes.median, notes.most_waited, notes.unmatched),
        bands=lambda _, now: bands(Measure.LEAD, now.estimate),
    ),
    FigureDef(
        id="change-fail-rate",
        title="Change fail rate",
        unit=Unit.RATIO,
        better=Better.LOWER,
        definition="deployments rolled back, hotfixed, or followed by a felt incident of the same "
        "service within {fail_within} or until its next deployment; a named cause wins over time",
        counted="deployments",
        measure=share(blamed, lambda found, mine: change_fail(mine, found.failures)),
        notes=(notes.too_new, notes.blind),
        bands=lambda _, now: bands(Measure.CHANGE_FAIL, now.estimate),
    ),
    FigureDef(
        id="failed-deployment-recovery",
        title="Failed deployment recovery",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from a failed deployment's success to the end of the incidents it caused, "
        "or to the rollback or fix; those still failing count as lasting so long",
        counted="failed deployments",
        measure=lasted(
            blamed, lambda found, mine: recoveries(mine, found.failures, as_of=found.as_of)
        ),
        notes=_MEDIAN,
        bands=lambda _, now: bands(Measure.RECOVERY, now.estimate),
    ),
    FigureDef(
        id="rework-rate",
        title="Deployment rework rate",
        unit=Unit.RATIO,
        better=Better.LOWER,
        definition="unplanned deployments (fixes of a fault that users met), of those of which "
        "somebody said whether they were",
        counted="deployments",
        measure=share(
            deployed,
            lambda _, mine: rework(mine),
            noted=lambda found: bool(rework(found.deployments.kept).of),
        ),
    ),
    FigureDef(
        id="pipeline-time",
        title="Pipeline time",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median time of runs that passed; those still running count as lasting so long",
        counted="runs",
        measure=lasted(
            ran,
            lambda found, mine: pipeline_times(mine, as_of=found.as_of),
            noted=lambda found: any(
                one.is_running or one.ended_at is not None for one in found.runs.kept
            ),
        ),
        notes=(*_MEDIAN, notes.most_ran),
        reads=lambda found: found.runs,
    ),
    FigureDef(
        id="pipeline-failure-rate",
        title="Pipeline failure rate",
        unit=Unit.RATIO,
        better=Better.LOWER,
        definition="runs that failed, of those that passed or failed; cancelled runs and those "
        "that never began are neither",
        counted="runs",
        measure=share(ran, lambda _, mine: pipeline_failures(mine)),
    ),
    FigureDef(
        id="releases",
        title="Releases",
        unit=Unit.PER_MONTH,
        better=Better.HIGHER,
        definition="versions or features that customers were given; drafts are none",
        counted="releases",
        measure=often(released, Unit.PER_MONTH),
        reads=lambda found: found.releases,
    ),
)
"""What delivery is judged by, in the order in which it is shown."""

INCIDENTS = (
    FigureDef(
        id="incidents",
        title="Incidents",
        unit=Unit.PER_MONTH,
        better=Better.LOWER,
        definition="incidents that users felt and nobody had planned, counted where they began"
        "{severities}",
        counted="incidents",
        measure=often(broke, Unit.PER_MONTH),
        notes=(notes.severities, notes.open_incidents, notes.told_users),
        reads=lambda found: found.incidents,
    ),
    FigureDef(
        id="time-to-restore",
        title="Time to restore",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from the beginning of the impact to its end; open ones count as lasting "
        "so long",
        counted="incidents",
        measure=lasted(broke, lambda found, mine: restore_times(mine, as_of=found.as_of)),
        notes=_MEDIAN,
    ),
    FigureDef(
        id="time-to-detect",
        title="Time to detect",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from the beginning of the impact to its detection, where that is noted",
        counted="incidents",
        measure=lasted(
            broke,
            lambda _, mine: detect_times(mine),
            noted=lambda found: any(one.detected_at is not None for one in found.incidents.kept),
        ),
        notes=(*_MEDIAN, notes.not_noted),
    ),
    FigureDef(
        id="time-to-acknowledge",
        title="Time to acknowledge",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from an incident's creation (its beginning, where none is noted) to the "
        "first acknowledgement, where that is noted; one still waiting counts as lasting so long",
        counted="incidents",
        measure=lasted(
            broke,
            lambda found, mine: acknowledge_times(mine, as_of=found.as_of),
            noted=lambda found: any(
                one.acknowledged_at is not None for one in found.incidents.kept
            ),
        ),
        notes=(*_MEDIAN, notes.not_noted),
    ),
)
"""What incidents are judged by; the uptimes follow them."""
