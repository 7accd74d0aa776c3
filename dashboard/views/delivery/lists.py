"""The deployments, incidents and outages of a span one by one, the latest first, page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from dashboard.views.delivery.costs import Costs, cost_of
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.delivery.model import DeploymentLine, IncidentLine, Slice
from dashboard.views.delivery.outages import Outage
from dashboard.views.report.when import instant
from dashboard.views.shown import shown, shown_version
from dashboard.views.slos.marks import Tone
from dashboard.views.words import NOTHING, duration_words
from slo.delivery.facts import Deployment, Incident
from slo.delivery.failures import Failure
from slo.delivery.figures import newest, within

T = TypeVar("T")
PAGE = 25
_LONGEST, _SEVERITY = 90, 24


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """What is listed, not yet in words: of thousands a visitor reads a page."""

    deployments: tuple[Deployment, ...]
    happened: tuple[Incident | Outage, ...]
    failed: Mapping[tuple[int, str, str], Failure]
    as_of: int
    fail_within_s: int
    zone: ZoneInfo
    costly: Costs


def lists(found: Gathered, costly: Costs) -> Lists:
    """All deployments (rollbacks too), and whatever was going on in the span, open ones first."""
    outages = [
        each
        for one in found.watched
        for each in one.outages
        if each.span.since < found.span.until
        and (each.is_open or each.span.until > found.span.since)
    ]
    incidents = [
        one
        for one in found.incidents.kept
        if one.at < found.span.until
        and (one.at >= found.span.since or one.ended_at is None or one.ended_at > found.span.since)
    ]
    happened: list[Incident | Outage] = [*incidents, *outages]
    return Lists(
        newest(within(found.deployments.kept, found.span)),
        tuple(sorted(happened, key=_begun, reverse=True)),
        {_identity(one.deployment): one for one in found.failures},
        found.as_of,
        found.rules.fail_within_s,
        found.zone,
        costly,
    )


def deployment_lines(listed: Lists, page: int) -> tuple[tuple[DeploymentLine, ...], Slice]:
    """One page of deployments; a number beyond the ends is the nearest page there is."""
    mine, where = _paged(listed.deployments, page)
    return tuple(_deployment(listed, one) for one in mine), where


def incident_lines(listed: Lists, page: int) -> tuple[tuple[IncidentLine, ...], Slice]:
    """One page of incidents and outages."""
    mine, where = _paged(listed.happened, page)
    return tuple(_happened(listed, one) for one in mine), where


def result_of(deployment: Deployment, failure: Failure | None, is_young: bool) -> str:
    """How a deployment went, in words."""
    if failure is None:
        back = "rollback, " if deployment.is_rollback else ""
        return f"{back}fine so far" if is_young else f"{back}fine"
    if failure.is_open:
        return "failing now"
    if failure.is_rolled_back:
        return "failed, rolled back"
    return "failed, restored" if failure.recovered_at is not None else "failed"


def _deployment(listed: Lists, one: Deployment) -> DeploymentLine:
    failure = listed.failed.get(_identity(one))
    is_young = listed.as_of - one.at < listed.fail_within_s
    waited = None if one.ready_at is None else one.at - one.ready_at
    tone = Tone.PLAIN if failure is None else Tone.RED if failure.is_open else Tone.AMBER
    cost = cost_of(listed.costly, one)
    return DeploymentLine(
        when=instant(one.at, listed.zone),
        service=shown(one.service, _LONGEST),
        version=shown_version(one.version),
        title=shown(one.title, _LONGEST),
        lead=NOTHING if waited is None else duration_words(waited),
        state=result_of(one, failure, is_young),
        tone=tone,
        cost=NOTHING if cost is None else cost.words,
        cost_of="" if cost is None or not cost.share else cost.slo,
        cost_tone=Tone.PLAIN if cost is None else cost.tone,
    )


def _happened(listed: Lists, one: Incident | Outage) -> IncidentLine:
    return _outage(listed, one) if isinstance(one, Outage) else _incident(listed, one)


def _incident(listed: Lists, one: Incident) -> IncidentLine:
    is_open = one.ended_at is None
    lasted_s = (listed.as_of if one.ended_at is None else one.ended_at) - one.at
    kind = "planned work" if one.is_planned else "" if one.is_felt else "not felt by users"
    return IncidentLine(
        when=instant(one.at, listed.zone),
        service=shown(one.service, _LONGEST),
        title=shown(f"{one.key} {one.title}".strip(), _LONGEST),
        severity=", ".join(filter(None, [shown(one.severity, _SEVERITY), kind])) or NOTHING,
        impact=f"{duration_words(lasted_s)}{' so far' if is_open else ''}",
        detected=_after(one.detected_at, one.at),
        restored="still open" if one.ended_at is None else instant(one.ended_at, listed.zone),
        users=NOTHING if one.users is None else f"{one.users:,}",
        is_open=is_open,
    )


def _outage(listed: Lists, one: Outage) -> IncidentLine:
    lasted_s = (listed.as_of if one.is_open else one.span.until) - one.span.since
    return IncidentLine(
        when=instant(one.span.since, listed.zone),
        service=shown(one.service, _LONGEST),
        title=f"seen down by {one.slo}{f', corrected: {one.excused}' if one.excused else ''}",
        severity=NOTHING,
        impact=f"{duration_words(lasted_s)}{' so far' if one.is_open else ''}",
        detected=NOTHING,
        restored="still down when last seen"
        if one.is_open
        else instant(one.span.until, listed.zone),
        users=NOTHING,
        is_open=one.is_open,
        is_outage=True,
    )


def _after(at: int | None, since: int) -> str:
    return NOTHING if at is None else f"after {duration_words(at - since)}"


def _paged(things: Sequence[T], page: int) -> tuple[Sequence[T], Slice]:
    pages = max(1, -(-len(things) // PAGE))
    page = min(max(1, page), pages)
    return things[(page - 1) * PAGE : page * PAGE], Slice(page, pages, len(things))


def _begun(one: Incident | Outage) -> tuple[bool, int, str, str]:
    """Where it stands in the list, from its end: open ones before all others."""
    if isinstance(one, Outage):
        return one.is_open, one.span.since, one.service, one.slo
    return one.ended_at is None, one.at, one.service, one.key


def _identity(one: Deployment) -> tuple[int, str, str]:
    return one.at, one.service, one.key
