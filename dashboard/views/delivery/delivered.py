"""The figures of delivery: how often, how fast, how safely, and the pipeline before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.views.delivery.figure import Figure, Unit, lasted, rate, share
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.words import duration_words, length_words
from slo.delivery.bands import Measure, bands
from slo.delivery.facts import Deployment
from slo.delivery.figures import (
    LeadTimes,
    at_most_s,
    change_fail,
    counted,
    lead_times,
    pipeline_failures,
    pipeline_times,
    recoveries,
    rework,
    within,
)
from slo.delivery.frequency import Frequency, frequency, trains
from slo.evidence.terms import Better
from slo.facts import EventKind
from slo.spans import Span

NO_UPPER_END = "too few for an upper end"
_MOST, _WEEK = 0.9, 7
_DEPLOYMENT = (EventKind.DEPLOYMENT,)
_BLAMED = (EventKind.DEPLOYMENT, EventKind.INCIDENT)
_PIPELINE_RUN = (EventKind.PIPELINE_RUN,)


def delivery_figures(found: Gathered) -> tuple[Figure, ...]:
    """Every figure of delivery, those without data among them."""
    return (
        _frequency(found),
        _banded(_lead(found), Measure.LEAD),
        _banded(_fails(found), Measure.CHANGE_FAIL),
        _banded(_recovery(found), Measure.RECOVERY),
        _rework(found),
        _pipeline_time(found),
        _pipeline_fails(found),
        _releases(found),
    )


def deployed(found: Gathered, span: Span) -> tuple[Deployment, ...]:
    """The deployments of a span that count."""
    return within(counted(found.deployments.kept, found.rules), span)


def _frequency(found: Gathered) -> Figure:
    rollbacks = "rollbacks too" if found.rules.count_rollbacks else "rollbacks not counted"
    figure = Figure(
        id="deployment-frequency",
        title="Deployment frequency",
        unit=Unit.PER_WEEK,
        better=Better.HIGHER,
        definition="versions of a service that reached success in "
        f"{', '.join(found.rules.environments)}, each once at its first success, {rollbacks}",
        dropped=found.deployments.dropped,
        counted="deployments",
    )
    things = counted(found.deployments.kept, found.rules)
    figure = rate(figure, found, EventKind.DEPLOYMENT, things)
    if figure.now is None or figure.now.estimate is None:
        return figure
    often = frequency(deployed(found, found.span), found.span, found.zone)
    lies_in = (
        *bands(Measure.DAYS_A_WEEK, often.median_days_a_week),
        *bands(Measure.FREQUENCY, figure.now.estimate / _WEEK),
    )
    return replace(figure, notes=(*_often(found, often), *figure.notes), bands=lies_in)


def _often(found: Gathered, often: Frequency) -> tuple[str, ...]:
    mine = deployed(found, found.span)
    count = len(trains(mine, found.rules))
    several = f"{count} release train{'s' if count > 1 else ''}" if count else ""
    notes = [several, f"deployed on {often.days_with} of {often.days} days"]
    median = often.median_days_a_week
    if median is not None and len(often.weeks) > 1:
        notes.append(f"on {median:g} day{'' if median == 1 else 's'} of the median week")
    return tuple(filter(None, notes))


def _banded(figure: Figure, measure: Measure) -> Figure:
    """The figure with the published bands that its value lies in."""
    value = None if figure.now is None else figure.now.estimate
    return replace(figure, bands=bands(measure, value))


def _lead(found: Gathered) -> Figure:
    since = found.rules.lead_from
    told = {"merged_at": "merge", "committed_at": "first commit"}.get(since, since)
    figure = Figure(
        id="lead-time",
        title=f"Lead time, {told} to production",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition=f"median from `{since}` of a deployment to its first success; rollbacks have "
        "none, times that run backwards are dropped",
        counted="deployments",
    )
    figure = lasted(figure, found, _DEPLOYMENT, lambda span: _leads(found, span).lasted)
    if figure.now is None:
        return figure
    now = _leads(found, found.span)
    nine = at_most_s(now.lasted.ended_s, _MOST)
    within_words = "" if nine is None else f"9 in 10 within {duration_words(int(nine))}"
    missing = f"{now.unmatched:,} could not be matched to a {told}" if now.unmatched else ""
    return replace(figure, notes=_told("median" if nine else "", within_words, missing))


def _leads(found: Gathered, span: Span) -> LeadTimes:
    return lead_times(deployed(found, span))


def _fails(found: Gathered) -> Figure:
    within_words = length_words(found.rules.fail_within_s)
    figure = Figure(
        id="change-fail-rate",
        title="Change fail rate",
        unit=Unit.RATIO,
        better=Better.LOWER,
        definition="deployments rolled back, hotfixed, or followed by a felt incident of the same "
        f"service within {within_words} or until its next deployment; a named cause wins over time",
        counted="deployments",
    )
    figure = share(
        figure,
        found,
        _BLAMED,
        lambda span: change_fail(deployed(found, span), found.failures),
    )
    if figure.now is None:
        return figure
    young = sum(
        found.as_of - one.at < found.rules.fail_within_s for one in deployed(found, found.span)
    )
    blind = (
        ""
        if found.is_collected(EventKind.INCIDENT)
        else "no incidents collected: rollbacks and hotfixes alone"
    )
    fresh = f"{young:,} younger than {within_words}" if young else ""
    return replace(figure, notes=_told(fresh, blind))


def _recovery(found: Gathered) -> Figure:
    figure = Figure(
        id="failed-deployment-recovery",
        title="Failed deployment recovery",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median from a failed deployment's success to the end of the incidents it caused, "
        "or to the rollback or fix; those still failing count as lasting so long",
        counted="failed deployments",
    )
    figure = lasted(
        figure,
        found,
        _BLAMED,
        lambda span: recoveries(deployed(found, span), found.failures, as_of=found.as_of),
    )
    return with_open(figure)


def _rework(found: Gathered) -> Figure:
    figure = Figure(
        id="rework-rate",
        title="Deployment rework rate",
        unit=Unit.RATIO,
        better=Better.LOWER,
        definition="unplanned deployments (fixes of a fault that users met), of those of which "
        "somebody said whether they were",
        counted="deployments",
    )
    if not rework(found.deployments.kept).of:
        return figure
    return share(figure, found, _DEPLOYMENT, lambda span: rework(deployed(found, span)))


def _pipeline_time(found: Gathered) -> Figure:
    figure = Figure(
        id="pipeline-time",
        title="Pipeline time",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        definition="median time of runs that passed; those still running count as lasting so long",
        dropped=found.runs.dropped,
        counted="runs",
    )
    figure = lasted(
        figure,
        found,
        _PIPELINE_RUN,
        lambda span: pipeline_times(within(found.runs.kept, span), as_of=found.as_of),
    )
    figure = with_open(figure)
    nine = at_most_s(
        pipeline_times(within(found.runs.kept, found.span), as_of=found.as_of).ended_s, _MOST
    )
    more = "" if nine is None else f"9 in 10 within {duration_words(int(nine))}"
    return replace(figure, notes=_told(*figure.notes, more))


def _pipeline_fails(found: Gathered) -> Figure:
    figure = Figure(
        id="pipeline-failure-rate",
        title="Pipeline failure rate",
        unit=Unit.RATIO,
        better=Better.LOWER,
        definition="runs that failed, of those that passed or failed; cancelled runs and those "
        "that never began are neither",
        counted="runs",
    )
    return share(
        figure,
        found,
        _PIPELINE_RUN,
        lambda span: pipeline_failures(within(found.runs.kept, span)),
    )


def _releases(found: Gathered) -> Figure:
    figure = Figure(
        id="releases",
        title="Releases",
        unit=Unit.PER_MONTH,
        better=Better.HIGHER,
        definition="versions or features that customers were given; drafts are none",
        dropped=found.releases.dropped,
        counted="releases",
    )
    return rate(figure, found, EventKind.RELEASE, found.releases.kept)


def with_open(figure: Figure) -> Figure:
    """The figure with how many are still open, and what a median of few can tell."""
    if figure.now is None or not figure.now.n:
        return figure
    still = f"{figure.now.still_open:,} still open" if figure.now.still_open else ""
    interval = figure.now.interval
    has_end = interval is not None and interval.high is not None
    few = "" if has_end else NO_UPPER_END
    return replace(figure, notes=_told("median", still, few))


def _told(*notes: str) -> tuple[str, ...]:
    return tuple(filter(None, notes))


def newest(things: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """The latest first."""
    return tuple(sorted(things, key=lambda one: (one.at, one.service, one.key), reverse=True))
