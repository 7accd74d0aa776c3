"""The report of delivery and incidents as rows: the figures, then each thing that happened."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dashboard.reports.contract import Row, Sheet
from dashboard.views.delivery.figure import Figure
from dashboard.views.delivery.making import Whole
from dashboard.views.delivery.outages import Outage
from slo.delivery.facts import Deployment, Incident
from slo.evidence.comparison import Interval
from slo.spans import rfc3339

COLUMNS = (
    *("row", "name", "service", "since", "until", "unit", "value", "low", "high"),
    *("n", "hits", "still_open", "coverage", "before", "before_n", "verdict", "seconds", "text"),
)


def sheet(made: Whole) -> Sheet:
    """The table of a report."""
    return Sheet(COLUMNS, (*map(_figure, _figures(made)), *_happened(made)))


def _figures(made: Whole) -> tuple[Figure, ...]:
    return (*made.figures, *made.incident_figures)


def _figure(one: Figure) -> Row:
    now, before = one.now, one.before
    known = (
        {}
        if now is None
        else {
            "value": now.estimate,
            **_ends(now.interval),
            "n": now.n,
            "hits": now.hits,
            "still_open": now.still_open,
            "coverage": now.coverage,
        }
    )
    return {
        "row": "figure",
        "name": one.id,
        "unit": one.unit.value,
        **known,
        "before": None if before is None else before.estimate,
        "before_n": None if before is None else before.n,
        "verdict": None if before is None else one.verdict.value,
        "text": one.definition,
    }


def _ends(interval: Interval | None) -> Row:
    return (
        {} if interval is None else {"low": _finite(interval.low), "high": _finite(interval.high)}
    )


def _finite(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else value


def _happened(made: Whole) -> Iterator[Row]:
    listed = made.listed
    yield from (_deployment(one) for one in listed.deployments)
    for one in listed.happened:
        yield _outage(one) if isinstance(one, Outage) else _incident(one)


def _deployment(one: Deployment) -> Row:
    return {
        "row": "rollback" if one.is_rollback else "deployment",
        "name": one.version,
        "service": one.service,
        "since": rfc3339(one.at),
        "seconds": None if one.ready_at is None else one.at - one.ready_at,
        "text": one.title,
    }


def _incident(one: Incident) -> Row:
    return {
        "row": "incident",
        "name": one.key,
        "service": one.service,
        "since": rfc3339(one.at),
        "until": None if one.ended_at is None else rfc3339(one.ended_at),
        "seconds": None if one.ended_at is None else one.ended_at - one.at,
        "text": one.title,
    }


def _outage(one: Outage) -> Row:
    return {
        "row": "outage",
        "name": one.slo,
        "service": one.service,
        "since": rfc3339(one.span.since),
        "until": None if one.is_open else rfc3339(one.span.until),
        "seconds": None if one.is_open else one.span.length_s,
    }
