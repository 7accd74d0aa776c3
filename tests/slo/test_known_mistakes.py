"""Wrong verdicts that other tools are known to give, each with the right one.

slo-generator's were seen by running it from its own source with a fake backend, Sloth's by
running its rules under promtool.
"""

from __future__ import annotations

from fractions import Fraction
from statistics import fmean

import pytest
from builders import HOUR_S

from slo.budget import Budget
from slo.burn import default_policy, factor, firing, policy_windows
from slo.indicator import Absent, Ratio
from slo.judgement import Check, Level, Measured, Now, State, check_of, judge, state_of
from slo.objective import Objective, RefusedObjective
from slo.policy import BurnRow, Severity
from slo.tally import Tally

MONTH_S = 30 * 86_400
THREE_NINES = Objective.from_percent("99.9")


def test_an_objective_of_100_percent_is_refused_rather_than_never_alerting() -> None:
    """slo-generator: goal 1 with half of all events bad gives burn 0 and "OK"."""
    with pytest.raises(RefusedObjective, match="no budget to burn"):
        Objective.from_percent(100)


@pytest.mark.parametrize("bad", [14_440, 14_449, 14_401])
def test_a_burn_of_14_44_exceeds_14_4_because_nothing_is_rounded_before_comparing(bad: int) -> None:
    """slo-generator rounds burn rates to one digit before it compares: no alert."""
    row = BurnRow(Severity.PAGE, Fraction(2, 100), HOUR_S, 300)
    tally = Tally(1_000_000 - bad, 1_000_000, HOUR_S)

    (fired,) = firing((row,), THREE_NINES, {HOUR_S: tally, 300: tally}, MONTH_S)

    assert factor(row, MONTH_S) == Fraction("14.4")
    assert fired.long_burn == Fraction(bad, 1_000)


def test_a_budget_overspent_by_a_hair_is_spent() -> None:
    """slo-generator: 104 bad of 100,000 at 99.9 % gives burn 1.0 and "OK"."""
    tally = Tally(99_896, 100_000, MONTH_S)
    recent = {
        n: Tally(1_000_000, 1_000_000, n)
        for n in policy_windows(default_policy(THREE_NINES, MONTH_S))
    }

    verdict = judge(
        THREE_NINES, default_policy(THREE_NINES, MONTH_S), Measured(tally, recent), MONTH_S
    )

    assert Budget(THREE_NINES, tally).burn_rate == Fraction("1.04")
    assert Budget(THREE_NINES, tally).remaining == Fraction("-0.04")
    assert (verdict.level, check_of(verdict)) == (Level.SPENT, Check.WARNING)


def test_nearly_perfect_is_not_perfect() -> None:
    """slo-generator rounds an SLI of 0.9999996 to 1.0."""
    budget = Budget(Objective.from_percent("99.9999"), Tally(9_999_996, 10_000_000))

    assert budget.remaining == Fraction(6, 10)


def test_a_missing_bad_count_is_not_measured_rather_than_perfect() -> None:
    """slo-generator: (good 100, bad missing) gives SLI 1.0 and "OK".

    Rows whose bad series is missing are never made (`Absent.NO_DATA` is the default), so what
    is judged is nothing, and nothing is unknown.
    """
    verdict = judge(THREE_NINES, default_policy(THREE_NINES, MONTH_S), Measured(None, {}), MONTH_S)

    assert Ratio("requests", bad="errors").absent is Absent.NO_DATA
    assert (verdict.now, verdict.state) == (Now.FROZEN, State.NO_DATA)
    assert check_of(verdict) is Check.UNKNOWN


def test_no_sentinel_can_stand_for_missing_events() -> None:
    """slo-generator reports `events_count = -2` out of a -1 that means no data."""
    assert state_of(None) is State.NO_DATA
    assert Tally().sli is None
    assert Tally().total == 0


def test_an_incident_in_a_quiet_night_spends_what_its_traffic_is_worth() -> None:
    """Sloth averages 5-minute ratios unweighted: it says -316.76 % left of 93.78 %.

    30 days of 100 requests a second by day (16 h) and 1 by night; three hours of one night
    fail wholly, at 99.9 %.
    """
    days = [Tally(per_s * hours * HOUR_S, per_s * hours * HOUR_S, hours * HOUR_S)
            for _ in range(30) for per_s, hours in ((100, 16), (1, 8))]  # fmt: skip
    incident = Tally(good=-3 * HOUR_S)

    remaining = Budget(THREE_NINES, sum(days, start=incident)).remaining

    assert remaining is not None
    assert f"{float(remaining):+.2%}" == "+93.78%"

    ratios = [1.0] * 36 + [0.0] * (30 * 288 - 36)
    assert f"{1 - fmean(ratios) / 0.001:+.1%}" == "-316.7%"


def test_ten_minutes_without_traffic_change_nothing() -> None:
    """Sloth: they turn the budget NaN for 30 days."""
    busy = Tally(999_950, 1_000_000, MONTH_S - 600)
    silent = sum((Tally(observed_s=60) for _ in range(10)), start=Tally())

    with_silence, without = Budget(THREE_NINES, busy + silent), Budget(THREE_NINES, busy)

    assert with_silence.remaining == without.remaining == Fraction(19, 20)
    assert state_of(busy + silent) is State.OK


def test_an_objective_without_a_single_error_yet_has_its_whole_budget() -> None:
    """Sloth: no error series yet, no SLO at all."""
    assert Budget(THREE_NINES, Tally(1_000, 1_000, 60)).remaining == 1


def test_no_traffic_and_no_data_are_two_states_and_neither_is_a_number() -> None:
    silent, missing = Tally(observed_s=MONTH_S), None

    assert state_of(silent) is State.NO_TRAFFIC
    assert state_of(missing) is State.NO_DATA
    assert Budget(THREE_NINES, silent).remaining is None


def test_overspending_is_kept_negative_and_never_clamped() -> None:
    """Several tools clamp at zero, so that spent a little and spent tenfold look the same."""
    assert Budget(THREE_NINES, Tally(0, 1_000)).remaining == -999


def test_float_targets_cannot_leave_a_rest() -> None:
    """Sloth prints 0.0009999999999999432 for the budget of 99.9."""
    assert 1 - 0.999 != 0.001
    assert THREE_NINES.error_budget == Fraction(1, 1_000)
