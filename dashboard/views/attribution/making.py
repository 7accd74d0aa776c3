"""What deploys and incidents of a service spent of an SLO's budget, out of store rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from collectors.store.widths import QUARTER_S, floor
from dashboard.views.counted.quarters import quarters
from dashboard.views.counted.stretch import Minutes
from dashboard.views.happened import happenings
from dashboard.views.shown import shown, shown_version
from dashboard.views.slos.slo_view import SloView
from slo.attribution import Attribution, Spent, attributed, until_next
from slo.claims import Counted, Suspect
from slo.delivery.facts import DeliveryRules, Deployment, Incident
from slo.delivery.reading import deployments, incidents
from slo.facts import EventKind
from slo.lengths import DAY_S
from slo.spans import Span

_LONGEST = 60
_Names = tuple[str, str]
"""What it is called, and in one word."""


class Store(Minutes, happenings.Happened, Protocol):
    """The part of the store's reader that a budget is attributed by."""


@dataclass(frozen=True, slots=True)
class Spender:
    """Something that may have spent budget, as people call it; `share` of the budget, exactly.

    `short` is its name where there is little room.
    `spent_in` reaches from the first to the last part of a quarter hour of which it spent, None of
    nothing; `made_of` is what that was counted from.
    """

    suspect: Suspect
    name: str
    short: str
    bad: Fraction
    share: Fraction
    is_judged: bool
    spent_in: Span | None
    made_of: Spent


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The budget of one window by who spent it, the most first; all shares sum to `spent`.

    `counted` are the parts of quarter hours that were divided, with those of the day before.
    """

    view: SloView
    window: Span
    spenders: tuple[Spender, ...]
    unattributed_bad: Fraction
    unattributed: Fraction
    bad: Fraction
    spent: Fraction
    total: Fraction
    counted: Counted


@dataclass(frozen=True, slots=True)
class Happened:
    """What may have spent budget: all deployments, and all incidents, whichever service's."""

    deployments: tuple[Deployment, ...]
    incidents: tuple[Incident, ...]


def happened(reader: Store, rules: DeliveryRules, until: int) -> Happened:
    """What the store knows to have happened before a moment."""
    span = Span(0, until)
    deployed = reader.events(EventKind.DEPLOYMENT, span=span)
    broken = reader.events(EventKind.INCIDENT, span=span)
    return Happened(
        deployments(deployed, rules, as_of=until).kept, incidents(broken, rules, as_of=until).kept
    )


def spending(
    reader: Store, rules: DeliveryRules, view: SloView, known: Happened | None = None
) -> Spending | None:
    """By whom the budget of the SLO's window was spent; None where there is nothing to divide.

    Counts are read in quarter hours, cut by the minute where something begins or ends; the first
    is cut to the window, so that the parts sum to what the SLO has spent. `known` is what
    happened, where that was read before.
    """
    if view.tally is None or not view.tally.total or not view.series_ids:
        return None
    window = Span(floor(view.span.since, QUARTER_S), view.span.until)
    known = happened(reader, rules, window.until) if known is None else known
    named = dict(_named(known, rules, view.service, window))
    counted = quarters(
        reader,
        view,
        before_s=DAY_S,
        begun=(one.at for one in named),
        ended=(one.span.until for one in named),
    )
    return _made(view, window, counted, named, attributed(counted, window, [*named]))


def deployment_key(one: Deployment) -> str:
    """By which a deployment is known among the suspects."""
    return f"deployment {one.service} {one.key} {one.at}"


def _made(
    view: SloView,
    window: Span,
    counted: Counted,
    named: Mapping[Suspect, _Names],
    found: Attribution,
) -> Spending | None:
    budget = view.slo.objective.error_budget
    spent = found.budget_share(found.bad, budget)
    rest = found.budget_share(found.unattributed, budget)
    if spent is None or rest is None:
        return None
    spenders = [
        Spender(
            one.suspect,
            *named[one.suspect],
            one.bad,
            found.budget_share(one.bad, budget) or Fraction(0),
            one.usual is not None,
            None if one.claimed is None else one.claimed.clipped_to(view.span),
            one,
        )
        for one in found.spent
    ]
    return Spending(
        view=view,
        window=window,
        counted=counted,
        spenders=tuple(sorted(spenders, key=lambda one: (-one.share, one.suspect.at, one.name))),
        unattributed_bad=found.unattributed,
        unattributed=rest,
        bad=found.bad,
        spent=spent,
        total=found.total,
    )


def _named(
    known: Happened, rules: DeliveryRules, service: str, window: Span
) -> Iterator[tuple[Suspect, _Names]]:
    """Every deploy and incident of the service that reaches into the window, with its name."""
    since = window.since - rules.fail_within_s
    mine: dict[str, list[Deployment]] = {}
    for one in known.deployments:
        if since <= one.at < window.until and _is_own(service, one.service):
            mine.setdefault(one.service, []).append(one)
    for several in mine.values():
        yield from _deploys(several, rules, window)
    for incident in known.incidents:
        if _is_own(service, incident.service) and _reaches(incident, window):
            yield _incident(incident, window)


def _is_own(service: str, its: str) -> bool:
    return not service or its in ("", service)


def _reaches(one: Incident, window: Span) -> bool:
    return one.at < window.until and (one.ended_at is None or one.ended_at > window.since)


def _deploys(
    several: Sequence[Deployment], rules: DeliveryRules, window: Span
) -> Iterator[tuple[Suspect, _Names]]:
    """Each of one service answers until the next."""
    spans = until_next([one.at for one in several], rules.fail_within_s, window.until)
    after = ""
    for one, span in zip(several, spans, strict=True):
        name, key = f"deploy {shown_version(one.version)}", deployment_key(one)
        yield Suspect(key, one.at, span, after=after), (name, name)
        after = key


def _incident(one: Incident, window: Span) -> tuple[Suspect, _Names]:
    until = window.until if one.ended_at is None else min(one.ended_at, window.until)
    span = Span(one.at, max(one.at, until))
    key = f"incident {one.service} {one.key} {one.at}"
    name = shown(f"{one.key} {one.title}".strip(), _LONGEST)
    return Suspect(key, one.at, span, is_incident=True), (name, one.key or name)
