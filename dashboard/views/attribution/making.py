"""What deploys and incidents of a service spent of an SLO's budget, out of store rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from collectors.store.windows import WindowAsk
from dashboard.views.delivery.lists import shown_version
from dashboard.views.delivery.shown import shown
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.attribution import DAY_S, Attribution, Counted, Suspect, attributed, until_next
from slo.delivery.facts import DeliveryRules, Deployment, Incident
from slo.delivery.reading import deployments, incidents
from slo.facts import EventKind
from slo.spans import Span
from slo.tally import Tally, Treatment

STEP_S = 900
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Spender:
    """Something that may have spent budget, as people call it; `share` of the budget, exactly.

    `spent_in` reaches from the first to the last quarter hour of which it spent, None of nothing.
    """

    suspect: Suspect
    name: str
    bad: Fraction
    share: Fraction
    is_judged: bool
    spent_in: Span | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The budget of one window by who spent it, the most first; all shares sum to `spent`."""

    view: SloView
    window: Span
    spenders: tuple[Spender, ...]
    unattributed_bad: Fraction
    unattributed: Fraction
    bad: Fraction
    spent: Fraction


def spending(scene: Scene, view: SloView) -> Spending | None:
    """By whom the budget of the SLO's window was spent; None where there is nothing to divide.

    Counts are read in quarter hours; the first is cut to the window, so that the parts sum to
    what the SLO has spent.
    """
    if view.tally is None or not view.tally.total or not view.series_ids:
        return None
    counted = _counted(scene, view)
    window = Span(_floor(view.span.since), view.span.until)
    named = dict(_named(scene, view, window))
    found = attributed(counted, window, [*named])
    return _made(view, window, named, found)


def _made(
    view: SloView, window: Span, named: Mapping[Suspect, str], found: Attribution
) -> Spending | None:
    budget = view.slo.objective.error_budget
    spent = found.budget_share(found.bad, budget)
    rest = found.budget_share(found.unattributed, budget)
    if spent is None or rest is None:
        return None
    spenders = [
        Spender(
            one.suspect,
            named[one.suspect],
            one.bad,
            found.budget_share(one.bad, budget) or Fraction(0),
            one.usual is not None,
            None if one.claimed is None else one.claimed.clipped_to(view.span),
        )
        for one in found.spent
    ]
    return Spending(
        view=view,
        window=window,
        spenders=tuple(sorted(spenders, key=lambda one: (-one.share, one.suspect.at, one.name))),
        unattributed_bad=found.unattributed,
        unattributed=rest,
        bad=found.bad,
        spent=spent,
    )


def _floor(at: int) -> int:
    return at - at % STEP_S


def _counted(scene: Scene, view: SloView) -> Counted:
    """The window in quarter hours, a day before it too, as corrections leave them."""
    since, until = view.span.since, view.span.until
    rows = scene.reader.tally_rows(view.series_ids, STEP_S, Span(_floor(since) - DAY_S, until))
    is_removed = view.slo.treatment is Treatment.REMOVED
    bad = (rows.total - rows.excluded_total) - (rows.good - rows.excluded_good)
    total = rows.total - rows.excluded_total if is_removed else rows.total.copy()
    for edge in (Span(since, _floor(since) + STEP_S), Span(_floor(until), until)):
        inside = edge.clipped_to(view.span)
        place = np.flatnonzero(rows.at == _floor(edge.since))
        if 0 < inside.length_s < STEP_S and len(place):
            cut = _tally(scene, view, inside)
            bad[place], total[place] = cut.bad, cut.total
    return Counted(STEP_S, rows.at, bad, total)


def _tally(scene: Scene, view: SloView, span: Span) -> Tally:
    """The counts of a part of a quarter hour, as corrections leave them."""
    ((tally,),) = scene.reader.windows([WindowAsk(view.series_ids, (span,))])
    return (tally or Tally()).under(view.slo.treatment)


def _named(scene: Scene, view: SloView, window: Span) -> Iterator[tuple[Suspect, str]]:
    """Every deploy and incident of the service that reaches into the window, with its name."""
    rules = scene.config.delivery
    reach = Span(window.since - rules.fail_within_s, window.until)
    told = scene.reader.events(EventKind.DEPLOYMENT, span=Span(0, window.until))
    mine = [
        one
        for one in deployments(told, rules, as_of=window.until).kept
        if one.at >= reach.since and _is_own(view, one.service)
    ]
    yield from _deploys(mine, rules, window)
    told = scene.reader.events(EventKind.INCIDENT, span=window)
    for incident in incidents(told, rules, as_of=window.until).kept:
        if _is_own(view, incident.service):
            yield _incident(incident, window)


def _is_own(view: SloView, service: str) -> bool:
    return not view.service or service in ("", view.service)


def _deploys(
    mine: Iterable[Deployment], rules: DeliveryRules, window: Span
) -> Iterator[tuple[Suspect, str]]:
    """Each answers until the next one of its own service."""
    by_service: dict[str, list[Deployment]] = {}
    for one in mine:
        by_service.setdefault(one.service, []).append(one)
    for several in by_service.values():
        spans = until_next([one.at for one in several], rules.fail_within_s, window.until, STEP_S)
        for one, span in zip(several, spans, strict=True):
            suspect = Suspect(f"deployment {one.service} {one.key} {one.at}", one.at, span)
            yield suspect, f"deploy {shown_version(one.version)}"


def _incident(one: Incident, window: Span) -> tuple[Suspect, str]:
    until = window.until if one.ended_at is None else min(one.ended_at, window.until)
    span = Span(one.at, max(one.at, until))
    key = f"incident {one.service} {one.key} {one.at}"
    return Suspect(key, one.at, span, is_incident=True), shown(
        f"{one.key} {one.title}".strip(), _LONGEST
    )
