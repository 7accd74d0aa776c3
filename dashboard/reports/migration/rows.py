"""The report of a migration as rows: one a measure, with everything that a verdict stands on."""

from __future__ import annotations

import math

from dashboard.reports.contract import Row, Sheet
from dashboard.views.migration import model
from slo.evidence.comparison import Comparison, Side
from slo.spans import Span, rfc3339

_SIDE = ("estimate", "n", "hits", "still_open", "exposure_s", "coverage", "low", "high")
COLUMNS = (
    *("id", "title", "kind", "role", "service", "unit"),
    *("before_since", "before_until", "after_since", "after_until"),
    *(f"{side}_{name}" for side in ("before", "after") for name in _SIDE),
    "during",
    *("change", "scale", "change_low", "change_high", "p_value", "p_adjusted"),
    *("verdict", "goal", "goal_result", "flags", "reasons"),
)


def sheet(report: model.MigrationReport) -> Sheet:
    """The table of a report."""
    return Sheet(COLUMNS, tuple(_row(row) for row in report.rows))


def _row(row: model.Row) -> Row:
    metric, measured = row.metric, row.measured
    return {
        "id": metric.id,
        "title": metric.title,
        "kind": metric.kind,
        "role": metric.role.value,
        "service": metric.service,
        "unit": "" if measured is None else measured.label or measured.unit.value,
        **_span("before", row.before),
        **_span("after", row.after),
        **({} if row.comparison is None else _compared(row.comparison)),
        "during": None if row.during is None else _finite(row.during.comparison.after.estimate),
        "p_adjusted": row.p_adjusted,
        "verdict": row.verdict.value,
        "goal": metric.goal_text,
        "goal_result": None if row.goal is None else row.goal.value,
        "flags": ", ".join(flag.value for flag in row.flags),
        "reasons": " ".join(row.reasons),
    }


def _compared(found: Comparison) -> Row:
    interval = found.interval
    return {
        **_side("before", found.before),
        **_side("after", found.after),
        "change": _finite(found.change),
        "scale": found.scale.value,
        "change_low": None if interval is None else _finite(interval.low),
        "change_high": None if interval is None else _finite(interval.high),
        "p_value": found.p_value,
    }


def _side(name: str, side: Side) -> Row:
    interval = side.interval
    return {
        f"{name}_estimate": _finite(side.estimate),
        f"{name}_n": side.n,
        f"{name}_hits": side.hits,
        f"{name}_still_open": side.still_open,
        f"{name}_exposure_s": side.exposure_s,
        f"{name}_coverage": side.coverage,
        f"{name}_low": None if interval is None else _finite(interval.low),
        f"{name}_high": None if interval is None else _finite(interval.high),
    }


def _span(name: str, span: Span) -> Row:
    return {f"{name}_since": rfc3339(span.since), f"{name}_until": rfc3339(span.until)}


def _finite(value: float | None) -> float | None:
    """The value; an infinite one has no cell of its own."""
    return None if value is None or math.isinf(value) else value
