"""What `burnline delivery` and `burnline incidents` show: as a table, and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.measures.contract import Unit
from dashboard.views.delivery.figure import Figure
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.delivery.lists import Lists, result_of
from dashboard.views.delivery.making import Whole
from dashboard.views.delivery.model import DeliveryPage, FigureLine
from dashboard.views.delivery.outages import Outage
from dashboard.views.machines.aligned import aligned, folded
from dashboard.views.machines.compared import change, interval, side
from dashboard.views.shown import shown
from slo.delivery.episodes import user_minutes
from slo.delivery.facts import Deployment, Dropped, Incident
from slo.delivery.figures import felt
from slo.spans import rfc3339

SCHEMA, INCIDENT_SCHEMA = "burnline.delivery/1", "burnline.incidents/1"
_HEAD = ("MEASURE", "VALUE", "RANGE 95 %", "N", "BEFORE")
_LISTED = ("WHEN", "SERVICE", "WHAT", "SEVERITY", "IMPACT", "RESTORED")
_RIGHT = {1, 2, 3}
_IMPACT = 4
_NAME, _WHAT = 16, 28


def document(made: Whole) -> dict[str, object]:
    """The figures of delivery and each deployment of the span; ratios are fractions of one."""
    listed = made.listed
    return {
        **head(SCHEMA, made),
        "rules": _rules(made.found),
        "figures": [entry(figure) for figure in made.figures],
        "deployments": [_deployment(listed, one) for one in listed.deployments],
    }


def incident_document(made: Whole) -> dict[str, object]:
    """The figures of incidents, each incident and each outage that was going on in the span."""
    found, happened = made.found, made.listed.happened
    minutes = user_minutes(felt(found.incidents.kept), found.span, as_of=found.as_of)
    return {
        **head(INCIDENT_SCHEMA, made),
        "figures": [entry(figure) for figure in made.incident_figures],
        "user_minutes": None if minutes is None else float(minutes),
        "incidents": [_incident(one) for one in happened if isinstance(one, Incident)],
        "outages": [_outage(one) for one in happened if isinstance(one, Outage)],
    }


def lines(page: DeliveryPage) -> tuple[str, ...]:
    """The sentence, what it covers, the table of delivery, what was not counted."""
    return (*_opening(page), "", *_table(page.figures), *_told(page, page.figures))


def incident_lines(page: DeliveryPage) -> tuple[str, ...]:
    """The sentence, what it covers, the table of incidents, the latest of them."""
    rows = [
        (one.when, *_cut(one.service, one.title), one.severity, one.impact, one.restored)
        for one in page.incidents
    ]
    listed = ("", *aligned([_LISTED, *rows], {_IMPACT})) if rows else ()
    more = page.incident_slice.count - len(rows)
    rest = (f"and {more:,} more; --json lists all",) if more > 0 else ()
    table = _table(page.incident_figures)
    return (*_opening(page), "", *table, *listed, *rest, *_told(page, page.incident_figures))


def head(schema: str, made: Whole) -> dict[str, object]:
    """What every such document begins with: the moment, the span, what was chosen."""
    page, found = made.page, made.found
    return {
        "schema": schema,
        "as_of": rfc3339(found.as_of),
        "since": rfc3339(found.span.since),
        "until": rfc3339(found.span.until),
        "before": rfc3339(found.before.since),
        "zone": found.zone.key,
        "service": page.choice.service or None,
        "team": page.choice.team or None,
        "headline": page.headline,
        "generated": bool(page.generated),
        "notes": list(page.notes),
    }


def entry(figure: Figure) -> dict[str, object]:
    """One figure as a side of the span beside one of the span before; what is not known is null."""
    found = figure.comparison if figure.before is not None else None
    return {
        "id": figure.id,
        "title": figure.title,
        "unit": figure.unit.value,
        "collected": figure.now is not None,
        **side(figure.now),
        "before": side(figure.before),
        "change": change(found, is_share=figure.unit is Unit.RATIO),
        "change_interval": None if found is None else interval(found.interval),
        "p_value": None if found is None else found.p_value,
        "p_adjusted": figure.p_adjusted,
        "verdict": None if found is None else figure.verdict.value,
        "method": None if found is None else found.method,
        "enough": None if found is None else found.enough or None,
        "notes": list(figure.notes),
        "definition": figure.definition,
        "bands": [{"year": one.year, "label": one.label} for one in figure.bands],
        "dropped": _dropped(figure.dropped),
    }


def _dropped(dropped: Iterable[Dropped]) -> list[dict[str, object]]:
    return [{"why": one.why, "count": one.count} for one in dropped]


def _rules(found: Gathered) -> dict[str, object]:
    rules = found.rules
    return {
        "environments": list(rules.environments),
        "fail_within_s": rules.fail_within_s,
        "lead_from": rules.lead_from,
        "train_within_s": rules.train_within_s,
        "severities": list(rules.severities),
        "count_rollbacks": rules.count_rollbacks,
    }


def _deployment(listed: Lists, one: Deployment) -> dict[str, object]:
    failure = listed.failed.get((one.at, one.service, one.key))
    is_young = listed.as_of - one.at < listed.fail_within_s
    return {
        "at": rfc3339(one.at),
        "key": one.key,
        "service": one.service,
        "version": one.version,
        "title": one.title,
        "lead_s": None if one.ready_at is None else one.at - one.ready_at,
        "attempts": one.attempts,
        "rollback": one.is_rollback,
        "planned": one.is_planned,
        "failed": failure is not None,
        "caused_by": [] if failure is None else list(failure.caused_by),
        "recovered_at": _moment(None if failure is None else failure.recovered_at),
        "result": result_of(one, failure, is_young=is_young),
    }


def _incident(one: Incident) -> dict[str, object]:
    return {
        "since": rfc3339(one.at),
        "until": _moment(one.ended_at),
        "key": one.key,
        "service": one.service,
        "title": one.title,
        "severity": one.severity or None,
        "planned": one.is_planned,
        "felt": one.is_felt,
        "detected_at": _moment(one.detected_at),
        "acknowledged_at": _moment(one.acknowledged_at),
        "users": one.users,
        "caused_by": list(one.caused_by),
    }


def _outage(one: Outage) -> dict[str, object]:
    return {
        "since": rfc3339(one.span.since),
        "until": None if one.is_open else rfc3339(one.span.until),
        "slo": one.slo,
        "service": one.service,
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)


def _opening(page: DeliveryPage) -> tuple[str, ...]:
    notes = ", ".join(filter(None, [page.freshness, page.generated]))
    return f"{page.headline} ({notes})", page.scope


def _table(figures: Sequence[FigureLine]) -> tuple[str, ...]:
    """A row a figure, and below it what it says: a terminal is about a hundred wide."""
    rows = [(one.title, one.value, one.interval, one.n, one.before) for one in figures]
    head, *told = aligned([_HEAD, *rows], _RIGHT)
    lines = zip(told, figures, strict=True)
    return (head, *(each for row, one in lines for each in (row, *folded(one.says))))


def _cut(service: str, title: str) -> tuple[str, str]:
    return shown(service, _NAME), shown(title, _WHAT)


def _told(page: DeliveryPage, figures: Sequence[FigureLine]) -> tuple[str, ...]:
    """What was not counted, and what is to be known of the sources."""
    dropped = [f"{one.title}: {why}" for one in figures for why in one.dropped]
    told = (*dropped, *page.notes)
    return ("", *told) if told else ()
