"""The page of delivery and incidents, made once for a moment and a choice, and read page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.views.delivery.costs import costs
from dashboard.views.delivery.days import dates, length_of
from dashboard.views.delivery.defined import DELIVERY, INCIDENTS
from dashboard.views.delivery.figure import Figure, judged, made
from dashboard.views.delivery.gathering import KINDS, Gathered, gathered
from dashboard.views.delivery.lists import Lists, deployment_lines, incident_lines, lists
from dashboard.views.delivery.model import Choice, DeliveryPage
from dashboard.views.delivery.strips import strips
from dashboard.views.delivery.uptimes import Up, uptimes
from dashboard.views.delivery.words import line_of
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines
from dashboard.views.words import freshness_words, moment_words
from slo.delivery.figures import change_fail, is_grave
from slo.facts import EventKind
from slo.indicator import Uptime


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """Everything of the page: `page` with the first lines of its lists, and all that they hold."""

    page: DeliveryPage
    found: Gathered
    figures: tuple[Figure, ...]
    incident_figures: tuple[Figure, ...]
    ups: tuple[Up, ...]
    listed: Lists

    def at(self, deployment_page: int, incident_page: int) -> DeliveryPage:
        """The page with those pages of its lists; nothing is read or counted again."""
        deployments, deployment_slice = deployment_lines(self.listed, deployment_page)
        incidents, incident_slice = incident_lines(self.listed, incident_page)
        return replace(
            self.page,
            deployments=deployments,
            deployment_slice=deployment_slice,
            incidents=incidents,
            incident_slice=incident_slice,
        )


def whole(scene: Scene, choice: Choice) -> Whole:
    """Everything of the page, for who turns its pages later: see `Whole.at`."""
    found = gathered(scene, choice)
    figures = [made(one, found) for one in DELIVERY]
    incidents = [made(one, found) for one in INCIDENTS]
    ups = uptimes(found)
    both = judged([*figures, *incidents, *(one.excluded for one in ups)])
    ours, theirs = both[: len(figures)], both[len(figures) :]
    ups = tuple(replace(up, excluded=of) for up, of in zip(ups, both[-len(ups) :], strict=True))
    listed, late = lists(found, costs(scene, found)), _late(scene, found)
    deployments, deployment_slice = deployment_lines(listed, 1)
    lines, incident_slice = incident_lines(listed, 1)
    page = DeliveryPage(
        headline=headline(found),
        scope=scope(found, choice),
        freshness=_freshness(scene, found, late),
        choice=replace(choice, span=found.span),
        services=_services(scene, found),
        teams=tuple(sorted({one.team for one in scene.config.services if one.team})),
        figures=tuple(map(line_of, ours)),
        incident_figures=tuple(map(line_of, theirs)),
        strips=strips(found),
        deployments=deployments,
        deployment_slice=deployment_slice,
        incidents=lines,
        incident_slice=incident_slice,
        notes=_notes(found),
        is_late=bool(late) and not scene.is_fixed,
        generated=_generated(scene, found),
    )
    return Whole(page, found, ours, theirs, ups, listed)


def headline(found: Gathered) -> str:
    """What happened in a sentence of counts; what was never collected is said to be so."""
    length = length_of(found.span, found.zone)
    said = "; ".join(
        filter(None, [_delivered(found, length), _broken(found, length), _earlier(found)])
    )
    return f"{said[:1].upper()}{said[1:]}"


def scope(found: Gathered, choice: Choice) -> str:
    """Which days, environments and services, and whether rollbacks count."""
    rollbacks = "counted" if found.rules.count_rollbacks else "not counted"
    who = [
        choice.service or ("" if choice.team else "all services"),
        f"team {choice.team}" if choice.team else "",
    ]
    parts = [
        dates(found.span, found.zone),
        found.rules.environments[0],
        *filter(None, who),
        f"rollbacks are {rollbacks} as deployments",
    ]
    return " · ".join(parts)


def _delivered(found: Gathered, length: str) -> str:
    if not found.is_collected(EventKind.DEPLOYMENT):
        return "deployments are not collected"
    mine = found.deployed(found.span)
    said = f"{_count(len(mine), 'deployment')} in {length}"
    failed = change_fail(mine, found.failures).hits
    if not failed:
        return f"{said}, none failed" if mine else said
    times = {(one.at, one.service, one.key) for one in mine}
    now = sum(
        one.is_open and (one.deployment.at, one.deployment.service, one.deployment.key) in times
        for one in found.failures
    )
    if not now:
        return f"{said}, {failed:,} failed"
    verb = "is" if now == 1 else "are"
    of_them = (
        "and is failing now" if now == failed == 1 else f"and {now:,} of them {verb} failing now"
    )
    return f"{said}, {failed:,} failed {of_them}"


def _broken(found: Gathered, length: str) -> str:
    if not found.is_collected(EventKind.INCIDENT):
        return f"incidents are not collected{_outages(found, length)}"
    mine = found.begun(found.span)
    grave, still = sum(map(is_grave, mine)), sum(one.ended_at is None for one in mine)
    if len(mine) == grave == 1:
        counts = ["severity 1", "still open" if still else ""]
    else:
        counts = [
            f"{grave:,} of severity 1" if grave else "",
            f"{still:,} still open" if still else "",
        ]
    said_before = found.is_collected(EventKind.DEPLOYMENT)
    parts = [
        f"{_count(len(mine), 'incident')}{'' if said_before else f' in {length}'}",
        *counts,
    ]
    return ", ".join(filter(None, parts))


def _earlier(found: Gathered) -> str:
    """How many incidents that began before the span go on."""
    count = len(found.open_earlier())
    return f"{count:,} opened earlier {'is' if count == 1 else 'are'} still open" if count else ""


def _outages(found: Gathered, length: str) -> str:
    """What probes saw, where no incidents tell."""
    if not found.watched:
        return ""
    count = sum(
        found.span.since <= each.span.since < found.span.until
        for one in found.watched
        for each in one.outages
        if not each.excused
    )
    return f", probes saw {_count(count, 'outage')} in {length}"


def _late(scene: Scene, found: Gathered) -> tuple[SourceLine, ...]:
    """The sources behind the figures that should have told more by now."""
    used = _ends(scene, found)
    return tuple(one for one in source_lines(scene) if one.is_late and one.name in used)


def _freshness(scene: Scene, found: Gathered, late: Sequence[SourceLine]) -> str:
    """Until when the oldest of the sources tells, and which of them are late."""
    if scene.is_fixed:
        return f"as of {moment_words(scene.as_of)}"
    ends = _ends(scene, found)
    said = freshness_words(min(*ends.values(), scene.as_of) if ends else None, scene.as_of)
    return "; ".join([said, *(f"{one.name} is late" for one in late)])


def _ends(scene: Scene, found: Gathered) -> dict[str, int]:
    """Until when each source that is still configured has told what the figures stand on."""
    told = [(one.source, one.until) for kind in KINDS for one in found.reaches[kind]]
    told += [(one.slo.source, one.known[-1].until) for one in found.watched if one.known]
    configured = {one.name for one in scene.config.sources}
    ends: dict[str, int] = {}
    for source, until in told:
        if source in configured:
            ends[source] = max(until, ends.get(source, until))
    return ends


def _services(scene: Scene, found: Gathered) -> tuple[str, ...]:
    """The services that can be chosen: heard of, or watched by an uptime SLO."""
    slos = (one for one in scene.config.slos if isinstance(one.indicator, Uptime))
    return tuple(sorted({*found.services, *(one.service for one in slos if one.service)}))


def _notes(found: Gathered) -> tuple[str, ...]:
    """Sources behind the figures that were not read for the whole time."""
    young = {
        one.source: one.since
        for kind in KINDS
        for one in found.reaches[kind]
        if one.since > found.before.since
    }
    return tuple(
        f"{name} tells of nothing before {moment_words(since)}"
        for name, since in sorted(young.items())
    )


def _generated(scene: Scene, found: Gathered) -> str:
    """That figures stand on sources that made them up; empty where none does."""
    named = {one.source for kind in KINDS for one in found.reaches[kind]}
    named |= {one.slo.source for one in found.watched}
    made_up = any(one.is_generated for one in scene.config.sources if one.name in named)
    return "generated figures" if made_up else ""


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
