"""The report of budgets as rows: one each of the report, its SLOs, holes, spends and events."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.reports.contract import Row, Sheet
from dashboard.views.floats import as_count, as_float
from dashboard.views.report.model import Happening, Report, SloLine, Spend
from dashboard.views.report.words import subject
from slo.spans import Span, rfc3339

COLUMNS = (
    "row",
    "name",
    "service",
    "since",
    "until",
    "objective",
    "window",
    "budget_then",
    "budget_now",
    "budget_spent",
    "sli_now",
    "good",
    "total",
    "coverage",
    "state",
    "generated",
    "seconds",
    "text",
)


def sheet(report: Report) -> Sheet:
    """The table of a report."""
    return Sheet(COLUMNS, tuple(_rows(report)))


def _rows(report: Report) -> Iterator[Row]:
    heading = report.heading
    yield {
        "row": "report",
        "name": heading.name,
        "service": heading.service,
        **_span(heading.period.span),
        "window": heading.period.label,
        "text": subject(report),
    }
    for line in report.slos:
        yield _slo(line)
        for hole in line.holes:
            yield {"row": "not measured", **_named(line), **_span(hole), "seconds": hole.length_s}
    yield from (_spend(one) for one in report.spends)
    yield from (_event(one) for one in report.happenings)


def _slo(line: SloLine) -> Row:
    counted = line.counted
    return {
        "row": "slo",
        **_named(line),
        **_span(Span(line.then.as_of, line.now.as_of)),
        "objective": as_float(line.now.slo.objective.target),
        "window": line.now.window_kind,
        "budget_then": as_float(line.then.budget_remaining),
        "budget_now": as_float(line.now.budget_remaining),
        "budget_spent": as_float(line.spent),
        "sli_now": as_float(line.now.sli),
        "good": None if counted is None else as_count(counted.good),
        "total": None if counted is None else as_count(counted.total),
        "coverage": as_float(line.coverage),
        "state": line.now.judgement.state.words,
        "generated": "yes" if line.now.is_generated else "no",
        "text": line.now.promise,
    }


def _named(line: SloLine) -> Row:
    return {"name": line.now.name, "service": line.now.service}


def _spend(one: Spend) -> Row:
    return {
        "row": "spend",
        "name": one.slo,
        "service": one.service,
        **_span(one.span),
        "budget_spent": as_float(one.share),
        "seconds": one.span.length_s,
        "text": f"{one.cause_kind.value}: {one.cause}" if one.cause else "unexplained",
    }


def _event(one: Happening) -> Row:
    return {
        "row": one.kind.value,
        "name": one.key,
        "service": one.service,
        "since": rfc3339(one.at),
        "until": None if one.ended_at is None else rfc3339(one.ended_at),
        "seconds": one.lasted_s,
        "text": one.title,
    }


def _span(span: Span) -> Row:
    return {"since": rfc3339(span.since), "until": rfc3339(span.until)}
