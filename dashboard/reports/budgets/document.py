"""The report of budgets as `burnline.report/1`: ratios are fractions, times RFC 3339 UTC, unknown is null."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.views.floats import as_count, as_float
from dashboard.views.machines.check import entry
from dashboard.views.report.model import Happening, Report, SloLine, Spend
from dashboard.views.report.words import told
from slo.facts import EventKind
from slo.spans import Span, rfc3339

SCHEMA = "burnline.report/1"
_ENDS = (
    "state",
    "data_until",
    "good",
    "total",
    "sli",
    "budget_remaining",
    "coverage",
    "reasons",
)


def document(report: Report) -> dict[str, object]:
    """The whole report."""
    heading, said = report.heading, told(report)
    return {
        "schema": SCHEMA,
        "name": heading.name,
        "service": heading.service,
        "period": {
            "kind": heading.period.kind.value,
            "label": heading.period.label,
            **_span(heading.period.span),
            "zone": heading.period.zone.key,
        },
        "as_of": rfc3339(heading.period.span.until),
        "subject": said.subject,
        "generated": any(view.is_generated for view in report.views),
        "slos": [_slo(line) for line in report.slos],
        "spends": [_spend(one) for one in report.spends],
        "incidents": _happened(report, EventKind.INCIDENT),
        "deployments": _happened(report, EventKind.DEPLOYMENT),
        "releases": _happened(report, EventKind.RELEASE),
        "decisions": list(said.decisions),
    }


def _slo(line: SloLine) -> dict[str, object]:
    now, then, counted = entry(line.now), entry(line.then), line.counted
    return {
        "name": line.now.name,
        "service": line.now.service,
        "promise": line.now.promise,
        "objective": now["objective"],
        "window": line.now.window_kind,
        "generated": line.now.is_generated,
        "now": {**{key: now[key] for key in _ENDS}, "status": now["status"]},
        "then": {key: then[key] for key in _ENDS},
        "period": {
            "good": None if counted is None else as_count(counted.good),
            "total": None if counted is None else as_count(counted.total),
            "sli": None if counted is None else as_float(counted.sli),
            "budget_spent": as_float(line.spent),
            "coverage": as_float(line.coverage),
            "not_measured": [_span(hole) for hole in line.holes],
        },
    }


def _spend(one: Spend) -> dict[str, object]:
    return {
        "slo": one.slo,
        "service": one.service,
        **_span(one.span),
        "budget_spent": as_float(one.share),
        "cause": {"kind": one.cause_kind.value, "words": one.cause} if one.cause else None,
    }


def _happened(report: Report, kind: EventKind) -> Mapping[str, object]:
    found = report.of(kind)
    before = dict(report.before).get(kind, 0)
    return {"n": len(found), "n_before": before, "events": [_event(one) for one in found]}


def _event(one: Happening) -> dict[str, object]:
    return {
        "key": one.key,
        "title": one.title,
        "service": one.service,
        "at": rfc3339(one.at),
        "ended_at": None if one.ended_at is None else rfc3339(one.ended_at),
        "seconds_in_period": one.lasted_s,
    }


def _span(span: Span) -> dict[str, object]:
    return {"since": rfc3339(span.since), "until": rfc3339(span.until)}
