"""An objective is exact, and what cannot be one is refused with a line that mends it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.objective import Objective, RefusedObjective, Slo
from slo.promise import promise
from slo.spans import CalendarWindow, Period, RollingWindow, Window

MONTH = RollingWindow(30 * 86_400)


def slo(percent: str, indicator: Indicator, window: Window = MONTH) -> Slo:
    return Slo("checkout", "shop", Objective.from_percent(percent), window, "prod", indicator)


@given(st.decimals("1.000001", "99.999999", places=6))
def test_every_percentage_comes_back_exactly_as_it_was_written(percent: Decimal) -> None:
    assert Objective.from_percent(percent).percent == percent


@pytest.mark.parametrize(
    ("percent", "budget"),
    [("99.9", Fraction(1, 1000)), (95, Fraction(1, 20)), (Decimal("99.95"), Fraction(1, 2000))],
)
def test_the_budget_is_exact_where_floats_would_leave_a_rest(
    percent: str | int | Decimal, budget: Fraction
) -> None:
    assert Objective.from_percent(percent).error_budget == budget


@pytest.mark.parametrize(
    ("written", "what", "mend"),
    [
        ("100", "no budget to burn", "99.9"),
        ("100.5", "below 100", "99.9"),
        ("0", "above 1 and below 100, but is 0", "99.9"),
        ("-5", "but is -5", "99.9"),
        ("0.9995", "but is 0.9995", "objective = 99.95"),
        ("0.999", "but is 0.999", "objective = 99.9"),
        ("1", "but is 1", "objective = 99.9"),
        ("NaN", "but is NaN", "99.9"),
        ("Infinity", "but is Infinity", "99.9"),
        ("high", "must be a percentage, but is 'high'", "99.9"),
        ("1e-999999", "but is 1E-999999", ""),
    ],
)
def test_an_impossible_percentage_is_refused_with_reason_and_mend(
    written: str, what: str, mend: str
) -> None:
    with pytest.raises(RefusedObjective) as refused:
        Objective.from_percent(written)

    assert what in refused.value.what
    assert mend in refused.value.mend


@pytest.mark.parametrize("target", [Fraction(0), Fraction(1), Fraction(3, 2), Fraction(-1)])
def test_a_target_outside_zero_and_one_is_no_objective(target: Fraction) -> None:
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        Objective(target)


@pytest.mark.parametrize(
    ("percent", "indicator", "words"),
    [
        ("95", Latency(0.5, histogram="h"), "95 % of requests under 500 ms (p95 < 500 ms)"),
        ("99.5", Latency(2.0, samples="s"), "99.5 % of values under 2 s (p99.5 < 2 s)"),
        ("90", Latency(0.0025, samples="s"), "90 % of values under 2.5 ms (p90 < 2.5 ms)"),
        ("95", Latency(100.0, samples="s"), "95 % of values under 100 s (p95 < 100 s)"),
        ("99.90", Ratio("all", bad="failed"), "99.9 % of requests succeed"),
        ("99.95", Uptime("up"), "99.95 % of the time up"),
    ],
)
def test_a_promise_reads_as_people_say_it(percent: str, indicator: Indicator, words: str) -> None:
    assert promise(slo(percent, indicator)) == words


def test_only_the_budget_of_an_uptime_is_also_time() -> None:
    calendar = CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin"))

    assert slo("99.9", Uptime("up"), calendar).is_time_like
    assert not slo("99.9", Ratio("all", good="fine")).is_time_like
