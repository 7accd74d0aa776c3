"""What `burnline migration --json` answers: `burnline.migration/1`."""

from __future__ import annotations

import math

from dashboard.views.claims.model import ClaimCheck
from dashboard.views.machines import claims
from dashboard.views.migration.model import MigrationReport, Row
from dashboard.views.words import rfc3339
from slo.evidence.comparison import Comparison, Interval, Scale, Side

SCHEMA = "burnline.migration/1"
_RATIO = "ratio"


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
        "as_of": rfc3339(report.as_of),
        "interim": report.is_interim,
        "metrics": [_entry(row, with_steps=with_steps) for row in report.rows],
        "claims": checked.get("claims", []),
        "contradictions": checked.get("contradictions", []),
        "claims_remarks": checked.get("remarks", []),
    }


def _entry(row: Row, *, with_steps: bool) -> dict[str, object]:
    measured, found = row.measured, row.comparison
    entry: dict[str, object] = {
        "id": row.metric.id,
        "kind": row.metric.kind,
        "unit": None if measured is None else measured.label or measured.unit.value,
        "role": row.metric.role.value,
        "before": _side(None if found is None else found.before),
        "after": _side(None if found is None else found.after),
        "change": _change(row, found),
        "interval": None if found is None else _interval(found.interval),
        "p_value": None if found is None else _finite(found.p_value),
        "p_adjusted": _finite(row.p_adjusted),
        "verdict": row.verdict.value,
        "goal": _goal(row),
        "flags": [flag.value for flag in row.flags],
        "reasons": list(row.reasons),
    }
    if with_steps:
        entry["steps"] = [{"name": name, "text": text} for name, text in row.steps]
    return entry


def _side(side: Side | None) -> dict[str, object]:
    """One period: n of None where it could not be measured at all."""
    if side is None:
        return dict.fromkeys(("estimate", "n", "exposure", "coverage", "interval"))
    return {
        "estimate": _finite(side.estimate),
        "n": side.n,
        "exposure": None if side.n and not side.exposure_s else side.exposure_s,
        "coverage": _finite(side.coverage),
        "interval": _interval(side.interval),
    }


def _change(row: Row, found: Comparison | None) -> dict[str, object]:
    """After against before in each way that makes sense for the unit: points for shares."""
    empty = dict.fromkeys(("absolute", "percent", "ratio", "points"))
    if found is None or found.before.estimate is None or found.after.estimate is None:
        return {**empty}
    before, after = found.before.estimate, found.after.estimate
    is_share = row.measured is not None and row.measured.unit.value == _RATIO
    absolute = found.change if found.scale is Scale.DIFFERENCE else after - before
    ratio = _ratio(found, before, after)
    percent = None if ratio is None or is_share else (ratio - 1) * 100
    return {
        "absolute": _finite(absolute),
        "percent": percent,
        "ratio": ratio,
        "points": _finite(absolute * 100) if is_share and absolute is not None else None,
    }


def _ratio(found: Comparison, before: float, after: float) -> float | None:
    if found.scale is Scale.RATIO:
        return _finite(found.change)
    return after / before if before > 0 else None


def _interval(interval: Interval | None) -> dict[str, object] | None:
    if interval is None:
        return None
    return {"low": _finite(interval.low), "high": _finite(interval.high)}


def _goal(row: Row) -> dict[str, object] | None:
    if row.metric.goal is None or row.goal is None:
        return None
    goal = row.metric.goal
    return {"target": {"op": goal.op.value, "value": goal.value}, "result": row.goal.value}


def _finite(value: float | None) -> float | None:
    """The value; JSON has no number for what is infinite."""
    return None if value is None or not math.isfinite(value) else value
