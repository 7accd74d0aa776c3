"""Hand-made comparisons and migrations for tests of what is said of them."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from collectors.described import Described
from dashboard.config.migration_def import MetricDef, MigrationDef
from dashboard.measures.contract import Measured, Unit
from dashboard.views.migration.model import MigrationReport, Row
from slo.evidence.comparison import Comparison, Interval, Scale, Side
from slo.evidence.terms import Better, Goal, GoalResult, Op, Role, Verdict
from slo.spans import Span, epoch_s

UTC = ZoneInfo("UTC")
DAY_S = 86_400
HALF_YEAR_S = 182 * DAY_S
MONTH_S = 365.25 / 12 * DAY_S


class NoOptions(Described):
    """The options of a kind that has none."""


def day(text: str, zone: ZoneInfo = UTC) -> int:
    """The local midnight of a date."""
    return epoch_s(datetime.fromisoformat(text).replace(tzinfo=zone))


def days(since: str, until: str, zone: ZoneInfo = UTC) -> Span:
    """The half-open span of two local midnights."""
    return Span(day(since, zone), day(until, zone))


def metric(name: str = "api-p95", **keys: Any) -> MetricDef:
    """A goal measure, lower being better unless told otherwise."""
    given: dict[str, Any] = {
        "id": name,
        "title": name,
        "kind": "latency_quantile",
        "options": NoOptions(),
        "role": Role.GOAL,
        "better": Better.LOWER,
    }
    return MetricDef(**(given | keys))


def goal(text: str, value: float) -> dict[str, Any]:
    """The goal's keys of a measure."""
    ops = {"<=": Op.LTE, ">=": Op.GTE, "<": Op.LT, ">": Op.GT}
    sign = next(one for one in ops if text.startswith(one))
    return {"goal": Goal(ops[sign], value), "goal_text": text}


def migration(*metrics: MetricDef, **keys: Any) -> MigrationDef:
    """The migration of the mock-up: two half years with 48 days between, in UTC."""
    given: dict[str, Any] = {
        "name": "monolith",
        "title": "Monolith to services",
        "zone": UTC,
        "before": days("2025-10-06", "2026-04-06"),
        "after": days("2026-05-24", "2026-11-22"),
        "transition": days("2026-04-06", "2026-05-24"),
        "evaluate_at": day("2026-11-22"),
        "metrics": metrics,
    }
    return MigrationDef(**(given | keys))


def compared(
    before: float | None,
    after: float | None,
    interval: tuple[float | None, float | None] | None = None,
    **keys: Any,
) -> Comparison:
    """Two estimates side by side, half a year of each; a ratio unless told otherwise."""
    scale = keys.pop("scale", Scale.RATIO)
    n = keys.pop("n", (182, 182))
    hits = keys.pop("hits", (None, None))
    coverage = keys.pop("coverage", (1.0, 1.0))
    sides = [
        Side(estimate=value, n=n[i], hits=hits[i], coverage=coverage[i], exposure_s=HALF_YEAR_S)
        for i, value in enumerate((before, after))
    ]
    change = None
    if before is not None and after is not None:
        change = after - before if scale is Scale.DIFFERENCE else None
        change = after / before if scale is Scale.RATIO and before else change
    given: dict[str, Any] = {"p_value": 0.001, "best_p": 0.0001} | keys
    return Comparison(
        before=sides[0],
        after=sides[1],
        scale=scale,
        change=change,
        interval=None if interval is None else Interval(*interval),
        **given,
    )


def measured(found: Comparison, unit: Unit, counted: str = "", **keys: Any) -> Measured:
    """The comparison as a kind of measure hands it on."""
    given: dict[str, Any] = {"is_uptime": counted == "outages"} | keys
    return Measured(comparison=found, unit=unit, counted=counted, **given)


def row(of: MetricDef, made: Measured | None, verdict: Verdict, **keys: Any) -> Row:
    """One row over the mock-up's periods."""
    one = migration(of)
    given: dict[str, Any] = {"before": one.before, "after": one.after, "goal": None} | keys
    return Row(metric=of, measured=made, verdict=verdict, **given)


def report(*rows: Row, **keys: Any) -> MigrationReport:
    """The mock-up's report at its planned look."""
    one = keys.pop("migration", migration(*(each.metric for each in rows)))
    given: dict[str, Any] = {"as_of": one.evaluate_at, "is_interim": False} | keys
    return MigrationReport(migration=one, rows=rows, **given)


def mock_up() -> MigrationReport:
    """The rows of the mock-up that have oracles, with the oracles' intervals."""
    return report(*_improved(), *_not_improved())


def _improved() -> tuple[Row, ...]:
    return (
        row(
            metric(title="API latency, p95", **goal("< 500ms", 0.5)),
            measured(compared(0.82, 0.49, (0.56, 0.64), coverage=(1.0, 0.982)), Unit.SECONDS, "days"),
            Verdict.IMPROVED,
            goal=GoalResult.NOT_CERTAIN,
        ),
        row(
            metric("uptime", title="Uptime", kind="uptime", better=Better.HIGHER, **goal(">= 99.95 %", 0.9995)),
            measured(
                compared(0.998, 0.9997, (0.0003361313418, 0.00413860175955), scale=Scale.DIFFERENCE, n=(15, 3)),
                Unit.RATIO,
                "outages",
            ),
            Verdict.IMPROVED,
            goal=GoalResult.NOT_CERTAIN,
        ),
        row(
            metric("trains", kind="event_rate", better=Better.HIGHER, **goal(">= 1 a week", 4.348125)),
            measured(compared(1.0034134615, 4.348125, (1.744295, 12.874212), n=(6, 26)), Unit.PER_MONTH, "events"),
            Verdict.IMPROVED,
            goal=GoalResult.NOT_CERTAIN,
        ),
        row(
            metric("incidents", kind="event_rate", **goal("<= 1.5 a month", 1.5)),
            measured(compared(2.508533, 0.5017067, (0.0370667, 0.7069939), n=(15, 3)), Unit.PER_MONTH, "events"),
            Verdict.IMPROVED,
            goal=GoalResult.MET,
        ),
        row(
            metric("pipeline", kind="duration", **goal("< 12h", 43_200.0)),
            measured(compared(259_200.0, 29_160.0, (0.09875, 0.13333333333333341), n=(7, 12)), Unit.SECONDS, "runs"),
            Verdict.IMPROVED,
            goal=GoalResult.MET,
        ),
        row(
            metric("releases", kind="event_rate", better=Better.HIGHER),
            measured(compared(4.0140, 12.0420, (1.30388535907709, 7.72478498186012), n=(8, 24)), Unit.PER_QUARTER, "events"),
            Verdict.IMPROVED,
        ),
    )  # fmt: skip


def _not_improved() -> tuple[Row, ...]:
    """One row of each other verdict."""
    return (
        row(
            metric("search"),
            measured(compared(0.31, 0.342, (1.04, 1.17)), Unit.SECONDS, "days"),
            Verdict.WORSE,
        ),
        row(
            metric("failed", kind="share", **goal("<= 15 %", 0.15)),
            measured(
                compared(2 / 6, 3 / 26, (-0.5922845, 0.0759356), scale=Scale.DIFFERENCE, n=(6, 26), hits=(2, 3)),
                Unit.RATIO,
            ),
            Verdict.NO_EVIDENCE,
            goal=GoalResult.NOT_CERTAIN,
        ),
        row(
            metric("security", kind="event_rate"),
            measured(compared(0.3345, 0.0, (0.0, 5.3), n=(2, 0), best_p=0.5, enough="none for 969 d"), Unit.PER_MONTH),
            Verdict.NOT_ENOUGH,
        ),
        row(
            metric("cost", kind="snapshot", role=Role.GUARDRAIL, max_worse=Fraction(15, 100)),
            measured(
                compared(41.2, 45.7, scale=Scale.DIFFERENCE, n=(6, 6), p_value=None, best_p=None),
                Unit.NUMBER,
                "months",
                label="k€ a month",
            ),
            Verdict.INSIDE,
        ),
        row(
            metric("rating", kind="snapshot", better=Better.HIGHER, **goal(">= 4.5", 4.5)),
            measured(
                compared(3.9, 4.7, scale=Scale.DIFFERENCE, n=(1, 1), p_value=None, coverage=(None, None)),
                Unit.NUMBER,
                "values",
                label="of 5",
            ),
            Verdict.NOT_TESTED,
            goal=GoalResult.MET,
        ),
    )  # fmt: skip
