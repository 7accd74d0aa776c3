"""What `burnline migration --json` answers: `burnline.migration/1`."""

from __future__ import annotations

from dashboard.measures.contract import Unit
from dashboard.views.claims.model import ClaimCheck
from dashboard.views.machines import claims
from dashboard.views.machines.compared import change, finite, interval, side
from dashboard.views.migration.model import Beside, MigrationReport, Progress, Row
from slo.spans import Span, rfc3339

SCHEMA = "burnline.migration/1"


def document(
    report: MigrationReport, claimed: ClaimCheck | None = None, *, with_steps: bool = False
) -> dict[str, object]:
    """The report for machines: ratios are fractions, unknown and unbounded are None.

    `as_of` is the moment whose facts are used, never after the planned look; `interim` says that
    this look lies ahead. `claimed` is the check of the document that the migration names. `with_steps` adds to each
    measure the arithmetic that `--explain` prints.
    """
    checked = {} if claimed is None else claims.document(claimed)
    return {
        "schema": SCHEMA,
        "name": report.migration.name,
        **_looked(report),
        "metrics": [_entry(row, with_steps=with_steps) for row in report.rows],
        "besides": [_beside(one) for one in report.besides],
        "services": _services(report.progress),
        "notes": list(report.notes),
        "generated": list(report.generated),
        "claims": checked.get("claims", []),
        "contradictions": checked.get("contradictions", []),
        "claims_remarks": checked.get("remarks", []),
    }


def _looked(report: MigrationReport) -> dict[str, object]:
    """When was looked, over which periods, and by which rules."""
    one = report.migration
    return {
        "as_of": rfc3339(report.as_of),
        "interim": report.is_interim,
        "evaluate_on": rfc3339(one.evaluate_at),
        "zone": one.zone.key,
        "periods": {
            "before": _span(one.before),
            "after": _span(one.after),
            "cutover": None if one.transition is None else _span(one.transition),
        },
        "confidence": one.confidence,
        "multiple": one.multiple.value,
        "tested": sum(row.p_adjusted is not None for row in report.rows),
    }


def _beside(one: Beside) -> dict[str, object]:
    """Old against new: `change` is new over old or new less old, as `scale` says."""
    found = one.measured.comparison
    return {
        "title": one.title,
        "old_name": one.old_name,
        "new_name": one.new_name,
        "span": _span(one.span),
        "days": one.days,
        "unit": one.measured.label or one.measured.unit.value,
        "old": side(found.before),
        "new": side(found.after),
        "scale": found.scale.value,
        "change": finite(found.change),
        "interval": interval(found.interval),
    }


def _services(progress: Progress | None) -> list[dict[str, object]]:
    """How far the traffic of each service has moved; requests are counted over the whole move."""
    if progress is None:
        return []
    return [
        {
            "name": one.service,
            "cutover": None if one.cutover is None else rfc3339(one.cutover),
            "moved_on": None if one.moved_on is None else rfc3339(one.moved_on),
            "old": one.old,
            "new": one.new,
            "still_old": one.still_old,
        }
        for one in progress.services
    ]


def _span(span: Span) -> dict[str, object]:
    return {"since": rfc3339(span.since), "until": rfc3339(span.until)}


def _entry(row: Row, *, with_steps: bool) -> dict[str, object]:
    measured, found = row.measured, row.comparison
    entry: dict[str, object] = {
        "id": row.metric.id,
        "kind": row.metric.kind,
        "unit": None if measured is None else measured.label or measured.unit.value,
        "role": row.metric.role.value,
        "service": row.metric.service or None,
        "windows": {"before": _span(row.before), "after": _span(row.after)},
        "before": side(None if found is None else found.before),
        "after": side(None if found is None else found.after),
        "means": _means(row),
        "change": change(found, is_share=measured is not None and measured.unit is Unit.RATIO),
        "interval": None if found is None else interval(found.interval),
        "p_value": None if found is None else finite(found.p_value),
        "p_adjusted": finite(row.p_adjusted),
        "best_p": None if found is None else finite(found.best_p),
        "clusters": None if found is None else finite(found.clusters),
        "method": None if found is None else found.method or None,
        "during": None if row.during is None else finite(row.during.comparison.after.estimate),
        "verdict": row.verdict.value,
        "goal": _goal(row),
        "under_goal": _under_goal(row),
        "flags": [flag.value for flag in row.flags],
        "reasons": list(row.reasons),
    }
    if with_steps:
        entry["steps"] = [{"name": name, "text": text} for name, text in row.steps]
    return entry


def _goal(row: Row) -> dict[str, object] | None:
    if row.metric.goal is None or row.goal is None:
        return None
    goal = row.metric.goal
    return {"target": {"op": goal.op.value, "value": goal.value}, "result": row.goal.value}


def _means(row: Row) -> dict[str, object] | None:
    """The means of durations, beside their medians; null where the measure has none."""
    before, after = (None, None) if row.measured is None else row.measured.means
    if before is None and after is None:
        return None
    return {"before": finite(before), "after": finite(after)}


def _under_goal(row: Row) -> dict[str, object] | None:
    """The share of everything after at or under the goal of a percentile; null elsewhere."""
    under = None if row.measured is None else row.measured.under_goal
    if under is None:
        return None
    return {"share": finite(under.estimate), "interval": interval(under.interval)}
