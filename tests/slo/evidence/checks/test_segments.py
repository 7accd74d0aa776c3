"""Segmented regression against another engine, and by hand where a line fits without error.

Oracles: statsmodels 0.15.0, smf.ols("y ~ t + post + tp").fit(cov_type="HAC", cov_kwds={"maxlags":
4}) with tp counted from the first week after; the series are its input, made with autocorrelated
noise (0.3) of 15 a week.
"""

from __future__ import annotations

import pytest

from slo.evidence.checks.segments import Segments, segmented

TREND = [
    *(820.0, 818.5, 805.2, 787.8, 784.9, 771.8, 779.4, 796.7, 770.2, 756.2, 764.4, 760.7, 751.6),
    *(729.1, 731.7, 739.1, 706.6, 705.9, 679.9, 677.0, 663.7, 679.6, 664.7, 679.1, 677.5, 667.6),
    *(625.5, 638.4, 645.4, 645.7, 617.0, 619.9, 609.1, 604.2, 626.6, 601.1, 600.8, 610.3, 586.9),
    *(582.8, 580.7, 575.2, 550.0, 557.7, 575.1, 532.5, 551.6, 542.1, 523.6, 553.5, 539.7, 501.9),
]
STEP = [
    *(821.1, 829.0, 819.9, 830.2, 822.1, 830.6, 844.8, 817.3, 822.2, 813.7, 820.0, 802.2, 806.0),
    *(812.8, 831.3, 840.6, 806.3, 804.0, 824.9, 791.6, 804.5, 813.9, 837.0, 835.4, 819.7, 814.4),
    *(484.6, 511.2, 489.9, 485.4, 493.9, 489.4, 486.8, 472.3, 484.5, 481.7, 505.0, 504.3, 493.9),
    *(501.2, 488.3, 505.3, 494.5, 500.1, 473.7, 490.3, 464.8, 451.9, 474.0, 471.7, 487.0, 522.8),
]


def figures(found: Segments | None) -> list[float | None]:
    assert found is not None
    level = found.interval
    return [found.slope_before, found.level_change, found.slope_change, level.low, level.high]


def test_a_series_that_only_goes_on_falling_has_no_step_at_the_migration() -> None:
    found = segmented(TREND[:26], TREND[26:])

    assert figures(found) == pytest.approx(
        [
            *(-6.574188034188033, -2.3685470085472105, 1.6434871794871817),
            *(-20.38827587451035, 15.651181857415928),
        ],
        rel=1e-9,
    )
    assert found is not None
    assert found.interval.contains(0)


def test_a_true_step_is_found_with_the_interval_of_the_other_engine() -> None:
    found = segmented(STEP[:26], STEP[26:])

    assert figures(found) == pytest.approx(
        [
            *(-0.37063247863249416, -321.6259487179489, 0.01791452991454645),
            *(-335.7015888495258, -307.550308586372),
        ],
        rel=1e-9,
    )
    assert found is not None
    assert found.interval.contains(-330)


def test_weeks_of_the_transition_and_weeks_without_a_value_take_their_time_but_no_part() -> None:
    before = [None if week == 4 else value for week, value in enumerate(STEP[:26])]
    after = [None if week == 40 else value for week, value in enumerate(STEP) if week >= 29]

    found = segmented(before, after, gap=3)

    assert figures(found) == pytest.approx(
        [
            *(-0.3762224656901822, -322.7918180769754, 0.10962167517633148),
            *(-339.46569064188714, -306.11794551206367),
        ],
        rel=1e-9,
    )
    assert found is not None
    assert (found.n_before, found.n_after) == (25, 22)


def test_eight_weeks_a_side_are_enough_and_seven_are_not() -> None:
    found = segmented(STEP[18:26], STEP[26:34])

    assert found is not None
    assert found.level_change == pytest.approx(-329.90119047619027, rel=1e-9)
    assert found.interval.low == pytest.approx(-344.9200835658907, rel=1e-9)
    assert found.interval.high == pytest.approx(-314.8822973864898, rel=1e-9)
    assert segmented(STEP[19:26], STEP[26:34]) is None
    assert segmented(STEP[18:26], STEP[26:33]) is None
    assert segmented([None, *STEP[19:26]], STEP[26:34]) is None
    assert segmented([], []) is None


def test_two_straight_lines_are_found_exactly_with_intervals_of_no_width() -> None:
    # 100, 102, ... 118 leads to 120; after begins at 60 and rises by 5: 60 below, bent by 3.
    found = segmented([100 + 2 * week for week in range(10)], [60 + 5 * week for week in range(9)])

    assert found is not None
    assert found.level_change == pytest.approx(-60)
    assert (found.slope_before, found.slope_change) == pytest.approx((2, 3))
    assert found.interval.low == pytest.approx(found.interval.high)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_value_that_is_no_number_is_refused_rather_than_fitted(value: float) -> None:
    with pytest.raises(ValueError, match="is None, not NaN or infinite"):
        segmented([*STEP[:25], value], STEP[26:])
