"""Every worked case of MATH 4.7 reads as its verdict; the family, goals and guardrails around it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson
import pytest
from told_builders import DAY_S, compared, days, goal, measured, metric, migration, report

from dashboard.config.migration_def import BreakDef, MetricDef, MigrationDef
from dashboard.measures.contract import Measured, Unit
from dashboard.views.migration.breaks import all_breaks, broken
from dashboard.views.migration.enough import enough_words
from dashboard.views.migration.family import Candidate, judged
from dashboard.views.migration.model import Row
from dashboard.views.migration.telling import told
from dashboard.views.migration.windows import windows
from slo.evidence.comparison import Comparison, Count, Downtime, Hits, Lasted, Scale
from slo.evidence.durations import compared_durations
from slo.evidence.rates import compared_rates
from slo.evidence.shares import compared_shares
from slo.evidence.terms import Better, Flag, GoalResult, Multiple, Role, Verdict
from slo.evidence.uptime import compared_uptime
from slo.facts import EventKind, EventRow

MONTH_S = 365.2425 / 12 * DAY_S


def _oracles(shared: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads((shared / "oracles" / "statistics.json").read_bytes())
    return found


def _rows(*pairs: tuple[MetricDef, Measured | None], **keys: Any) -> tuple[Row, ...]:
    definition = migration(*(one for one, _ in pairs), **keys)
    found = [_candidate(definition, one, made) for one, made in pairs]
    return judged(definition, found)


def _candidate(definition: MigrationDef, one: MetricDef, made: Measured | None) -> Candidate:
    spans = windows(definition, one, definition.evaluate_at)
    said = broken(definition.breaks, one, spans, definition)
    return Candidate(metric=one, windows=spans, measured=made, better=one.better, broken=said)


def _alone(found: Comparison, unit: Unit = Unit.PER_MONTH, **keys: Any) -> Row:
    (row,) = _rows((metric(**keys), measured(found, unit)))
    return row


def _rates(before: tuple[int, int], after: tuple[int, int]) -> Comparison:
    counts = [Count(n, days * DAY_S) for n, days in (before, after)]
    return compared_rates(counts[0], counts[1], per_s=MONTH_S)


@pytest.mark.parametrize(
    ("before", "after", "better", "verdict"),
    [
        ((5, 61), (1, 61), Better.LOWER, Verdict.NO_EVIDENCE),
        ((10, 122), (2, 122), Better.LOWER, Verdict.IMPROVED),
        ((15, 182), (3, 182), Better.LOWER, Verdict.IMPROVED),
        ((30, 365), (6, 365), Better.LOWER, Verdict.IMPROVED),
        ((6, 182), (26, 182), Better.HIGHER, Verdict.IMPROVED),
        ((12, 365), (13, 91), Better.HIGHER, Verdict.IMPROVED),
        ((4, 91), (12, 91), Better.HIGHER, Verdict.NO_EVIDENCE),
        ((8, 182), (24, 182), Better.HIGHER, Verdict.IMPROVED),
        ((5, 182), (0, 182), Better.LOWER, Verdict.NOT_ENOUGH),
        ((6, 182), (0, 182), Better.LOWER, Verdict.IMPROVED),
        ((0, 182), (4, 182), Better.LOWER, Verdict.NOT_ENOUGH),
        ((15, 182), (3, 182), Better.HIGHER, Verdict.WORSE),
    ],
)
def test_every_rate_of_the_worked_numbers_reads_as_its_verdict(
    before: tuple[int, int], after: tuple[int, int], better: Better, verdict: Verdict
) -> None:
    assert _alone(_rates(before, after), better=better).verdict is verdict


def test_the_uptime_of_two_half_years_improved_and_its_goal_is_met_but_not_certain(
    shared: Path,
) -> None:
    case = _oracles(shared)["uptime_182d_each"]
    minutes = case["outages_before_min"], case["outages_after_min"]
    sides = [Downtime(tuple(one * 60 for one in each), case["period_min"] * 60) for each in minutes]
    row = _alone(
        compared_uptime(sides[0], sides[1]),
        Unit.RATIO,
        kind="uptime",
        better=Better.HIGHER,
        **goal(">= 99.95 %", 0.9995),
    )

    assert (row.verdict, row.goal) == (Verdict.IMPROVED, GoalResult.NOT_CERTAIN)
    assert row.p_adjusted == pytest.approx(case["perm_p_exact"], abs=1e-6)


def test_the_same_uptimes_of_two_months_are_no_evidence(shared: Path) -> None:
    case = _oracles(shared)["uptime_61d_each"]
    minutes = case["outages_before_min"], case["outages_after_min"]
    sides = [Downtime(tuple(one * 60 for one in each), case["period_min"] * 60) for each in minutes]
    found = compared_uptime(sides[0], sides[1])

    assert _alone(found, Unit.RATIO, better=Better.HIGHER).verdict is Verdict.NO_EVIDENCE


def test_the_pipeline_that_takes_a_ninth_of_the_time_improved_and_met_its_goal(
    shared: Path,
) -> None:
    case = _oracles(shared)["pipeline_hours"]
    hours = [tuple(one * 3_600 for one in case[side]) for side in ("before", "after")]
    found = compared_durations(Lasted(hours[0]), Lasted(hours[1]))
    row = _alone(found, Unit.SECONDS, **goal("< 12h", 43_200.0))

    assert (row.verdict, row.goal) == (Verdict.IMPROVED, GoalResult.MET)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((6, 26), (5, 104), Verdict.IMPROVED),
        ((2, 6), (3, 26), Verdict.NO_EVIDENCE),
        ((0, 6), (0, 26), Verdict.NOT_ENOUGH),
    ],
)
def test_every_change_fail_rate_of_the_worked_numbers_reads_as_its_verdict(
    before: tuple[int, int], after: tuple[int, int], verdict: Verdict
) -> None:
    assert _alone(compared_shares(Hits(*before), Hits(*after)), Unit.RATIO).verdict is verdict


def test_seven_goals_are_adjusted_together_as_holm_and_as_bh_say() -> None:
    p_values = [0.0075, 0.00054, 0.0085, 0.0768, 0.03, 0.2, 0.001]
    pairs = [
        (metric(f"m{i}"), measured(compared(1.0, 0.5, (0.3, 0.8), p_value=p), Unit.SECONDS))
        for i, p in enumerate(p_values)
    ]

    holm = [row.p_adjusted for row in _rows(*pairs)]
    bh = [row.p_adjusted for row in _rows(*pairs, multiple=Multiple.BH)]

    # MATH 4.7 gives four digits of each.
    assert holm == pytest.approx([0.0375, 0.00378, 0.0375, 0.1536, 0.09, 0.2, 0.006], abs=5e-5)
    assert bh == pytest.approx([0.0149, 0.0035, 0.0149, 0.0896, 0.042, 0.2, 0.0035], abs=5e-5)


def test_context_and_guardrails_cost_the_goals_nothing() -> None:
    found = measured(compared(1.0, 0.5, (0.3, 0.8), p_value=0.04), Unit.SECONDS)
    pairs = [
        (metric("goal"), found),
        (metric("context", role=Role.CONTEXT), found),
        (metric("guard", role=Role.GUARDRAIL, max_worse=Fraction(1, 10)), found),
    ]

    assert [row.p_adjusted for row in _rows(*pairs)] == [0.04, None, None]
    assert [row.verdict for row in _rows(*pairs)] == [
        Verdict.IMPROVED,
        Verdict.NOT_TESTED,
        Verdict.INSIDE,
    ]


def test_a_family_can_take_a_verdict_away_that_a_measure_alone_would_have() -> None:
    found = measured(compared(1.0, 0.5, (0.3, 0.8), p_value=0.03), Unit.SECONDS)

    assert [row.verdict for row in _rows((metric("a"), found))] == [Verdict.IMPROVED]
    assert [row.verdict for row in _rows((metric("a"), found), (metric("b"), found))] == [
        Verdict.NO_EVIDENCE,
        Verdict.NO_EVIDENCE,
    ]


def test_what_could_tell_nothing_at_all_takes_no_verdict_from_the_others() -> None:
    told = measured(compared(1.0, 0.5, (0.3, 0.8), p_value=0.03), Unit.SECONDS)
    thin = measured(compared(1.0, 0.5, (0.3, 0.8), p_value=0.03, best_p=0.06), Unit.SECONDS)
    unseen = measured(
        compared(1.0, 0.5, (0.3, 0.8), p_value=0.03, coverage=(0.5, 1.0)), Unit.SECONDS
    )

    rows = _rows((metric("told"), told), (metric("thin"), thin), (metric("unseen"), unseen))

    assert [row.p_adjusted for row in rows] == [0.03, None, None]
    assert [row.verdict for row in rows] == [
        Verdict.IMPROVED,
        Verdict.NOT_ENOUGH,
        Verdict.NOT_ENOUGH,
    ]


def test_a_period_that_was_hardly_observed_is_refused_whatever_its_p_value() -> None:
    found = measured(compared(1.0, 0.2, (0.1, 0.3), coverage=(0.79, 1.0)), Unit.SECONDS)
    (row,) = _rows((metric(), found))

    assert row.verdict is Verdict.NOT_ENOUGH
    assert row.reasons == ("Only 79 % of the period before was observed, and 80 % are needed.",)
    assert enough_words(found, 0.8, 0.05) == "enough: 80 % observed"


@pytest.mark.parametrize(
    ("coverage", "result"), [((0.5, 1.0), GoalResult.MET), ((1.0, 0.79), GoalResult.UNKNOWN)]
)
def test_a_goal_stands_on_the_period_after_alone_and_not_where_that_was_hardly_observed(
    coverage: tuple[float, float], result: GoalResult
) -> None:
    found = compared(1.0, 0.2, (0.1, 0.3), coverage=coverage)
    one = metric(**goal("< 1 s", 1.0))
    (row,) = _rows((one, measured(found, Unit.SECONDS, goal_is_certain=True)))

    assert (row.verdict, row.goal) == (Verdict.NOT_ENOUGH, result)
    assert told(report(row)).rows[0].change == ("–", "")


def test_a_break_inside_leaves_estimates_and_takes_test_and_range_away() -> None:
    at = days("2026-02-01", "2026-02-02").since
    found = measured(compared(1.0, 0.5, (0.3, 0.8)), Unit.SECONDS)
    other = (metric("other"), measured(compared(1.0, 0.5, (0.3, 0.8), p_value=0.03), Unit.SECONDS))
    breaks = (BreakDef(at, "the feed publishes fewer", ("api-p95",)),)
    first, second = _rows((metric(), found), other, breaks=breaks)

    assert first.verdict is Verdict.NOT_COMPARABLE
    assert first.flags == (Flag.DEFINITION,)
    assert first.reasons == ("The measurement changed on 1 Feb 2026: the feed publishes fewer.",)
    assert first.comparison is not None
    assert (first.comparison.change, first.comparison.interval, first.comparison.p_value) == (
        0.5,
        None,
        None,
    )
    assert (second.verdict, second.p_adjusted) == (Verdict.IMPROVED, 0.03)


@pytest.mark.parametrize(
    ("at", "is_broken"),
    [
        ("2025-10-06", False),
        ("2025-10-07", True),
        ("2026-05-01", True),
        ("2026-11-21", True),
        ("2026-11-22", False),
    ],
)
def test_only_a_break_strictly_inside_counts(at: str, is_broken: bool) -> None:
    found = measured(compared(1.0, 0.5, (0.3, 0.8)), Unit.SECONDS)
    breaks = (BreakDef(days(at, at).since, "new feed"),)
    (row,) = _rows((metric(), found), breaks=breaks)

    assert (row.verdict is Verdict.NOT_COMPARABLE) is is_broken


def test_an_annotation_breaks_what_it_names_or_all() -> None:
    at = days("2026-02-01", "2026-02-02").since

    def noted(**fields: Any) -> EventRow:
        return EventRow(EventKind.ANNOTATION, "a", at, at, fields=fields)

    named = noted(text="new probe.", breaks="uptime, api-p95")
    whole, plain = noted(text="new probe", breaks="all"), noted(text="failover drill")

    assert all_breaks(migration(), [named]) == (BreakDef(at, "new probe", ("api-p95", "uptime")),)
    assert all_breaks(migration(), [whole]) == (BreakDef(at, "new probe"),)
    assert all_breaks(migration(), [plain]) == ()


def test_what_could_not_be_measured_has_no_verdict_and_an_unknown_goal() -> None:
    (row,) = _rows((metric(**goal("< 500ms", 0.5)), None))

    assert (row.verdict, row.goal) == (Verdict.NOT_ENOUGH, GoalResult.UNKNOWN)


def test_a_guardrail_is_told_only_when_it_is_beyond_its_limit() -> None:
    def guarded(after: float) -> Verdict:
        found = compared(100.0, after, scale=Scale.DIFFERENCE, n=(1, 1), p_value=None, best_p=None)
        guard = metric(role=Role.GUARDRAIL, max_worse=Fraction(15, 100))
        (row,) = _rows((guard, measured(found, Unit.NUMBER)))
        return row.verdict

    assert [guarded(after) for after in (80.0, 115.0, 115.1)] == [
        Verdict.INSIDE,
        Verdict.INSIDE,
        Verdict.BEYOND,
    ]


def test_what_has_no_better_side_is_shown_and_not_judged() -> None:
    found = measured(compared(1.0, 0.5, (0.3, 0.8)), Unit.NUMBER)
    (row,) = _rows((metric(better=None), found))

    assert row.verdict is Verdict.NOT_TESTED
