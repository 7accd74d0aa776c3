"""Load, mix, weekdays and season of two periods, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from slo.evidence.checks.balance import Mix, Weekdays, mix, season, traffic, weekdays


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(day) for day in range(count)]


@pytest.mark.parametrize(
    ("before", "after", "is_uneven"),
    [(100, 75, False), (100, 74, True), (75, 100, False), (74, 100, True), (100, 122, False)],
)
def test_traffic_is_uneven_beyond_three_quarters_and_the_same_the_other_way_round(
    before: float, after: float, is_uneven: bool
) -> None:
    found = traffic(before, after)

    assert found is not None
    assert found.ratio == after / before
    assert found.is_uneven is is_uneven


@pytest.mark.parametrize(("before", "after"), [(0, 5), (5, 0), (0, 0)])
def test_without_requests_on_a_side_nothing_is_said_of_traffic(before: float, after: float) -> None:
    assert traffic(before, after) is None


def test_the_service_whose_share_moved_most_is_named_with_both_shares() -> None:
    found = mix({"api": 700, "web": 200, "feed": 100}, {"api": 500, "web": 300, "feed": 200})

    assert found == Mix("api", 0.7, 0.5, is_moved=True)


def test_a_share_that_moved_by_ten_points_exactly_is_not_yet_warned_of() -> None:
    # 0.4 - 0.3 lies above 0.1 in binary fractions.
    exactly = mix({"api": 30, "web": 70}, {"api": 40, "web": 60})
    above = mix({"api": 3000, "web": 7000}, {"api": 4001, "web": 5999})

    assert exactly is not None
    assert above is not None
    assert (exactly.is_moved, above.is_moved) == (False, True)


def test_a_service_that_is_new_or_gone_counts_as_none_of_the_other_side() -> None:
    found = mix({"monolith": 100}, {"cart": 60, "search": 40})

    assert found == Mix("monolith", 1.0, 0.0, is_moved=True)


@pytest.mark.parametrize(
    ("before", "after"), [({}, {"a": 1}), ({"a": 1}, {}), ({"a": 0}, {"a": 1})]
)
def test_without_requests_on_a_side_nothing_is_said_of_the_mix(
    before: dict[str, float], after: dict[str, float]
) -> None:
    assert mix(before, after) is None


def test_whole_weeks_weigh_every_weekday_alike_wherever_they_begin() -> None:
    found = weekdays(days(date(2025, 1, 1), 28), days(date(2025, 10, 4), 14))

    assert found is not None
    assert (found.before, found.after, found.is_uneven) == (1 / 7, 1 / 7, False)


def test_a_period_with_more_weekends_is_warned_of_with_the_weekday() -> None:
    # 1-10 March 2025 begins on a Saturday: two of ten days are Sundays, of 3-16 March two of 14.
    found = weekdays(days(date(2025, 3, 3), 14), days(date(2025, 3, 1), 10))

    assert found == Weekdays(0, 1 / 7, 0.2, is_uneven=True)


def test_days_that_were_not_measured_can_make_the_weekdays_uneven() -> None:
    month = days(date(2025, 3, 3), 28)
    found = weekdays(month, [day for day in month if day.weekday() < 5])

    assert found is not None
    assert (found.weekday, found.after, found.is_uneven) == (5, 0.0, True)


@pytest.mark.parametrize("first", [date(2025, 7, 1) + timedelta(day) for day in range(7)])
def test_periods_of_half_a_year_are_even_whatever_weekday_they_begin_on(first: date) -> None:
    found = weekdays(days(date(2025, 1, 1), 181), days(first, 182))

    assert found is not None
    assert not found.is_uneven


def test_without_days_on_a_side_nothing_is_said_of_weekdays() -> None:
    assert weekdays([], days(date(2025, 1, 1), 7)) is None
    assert weekdays(days(date(2025, 1, 1), 7), []) is None


def test_winter_against_summer_is_seasonal_and_names_the_months() -> None:
    found = season((date(2025, 1, 1), date(2025, 4, 1)), (date(2025, 6, 1), date(2025, 9, 1)))

    assert found is not None
    assert (found.before, found.after, found.shared) == ((1, 2, 3), (6, 7, 8), 0.0)
    assert found.is_seasonal


def test_the_case_studys_halves_of_two_years_share_a_quarter_and_are_seasonal() -> None:
    found = season((date(2025, 1, 1), date(2025, 7, 1)), (date(2025, 10, 1), date(2026, 4, 1)))

    assert found is not None
    # January to March: 90 of 181 days before, 90 of 182 after.
    assert found.shared == pytest.approx(90 / 182)
    assert found.is_seasonal


def test_the_same_months_of_two_years_are_not_seasonal_though_two_days_are_another_month() -> None:
    found = season((date(2025, 1, 1), date(2025, 7, 1)), (date(2026, 1, 3), date(2026, 7, 3)))

    assert found is not None
    assert found.after == (1, 2, 3, 4, 5, 6, 7)
    assert not found.is_seasonal


def test_a_year_each_is_not_seasonal_wherever_it_begins() -> None:
    found = season((date(2024, 1, 1), date(2025, 1, 1)), (date(2025, 4, 1), date(2026, 10, 1)))

    assert found is not None
    assert not found.is_seasonal


def test_a_year_against_a_quarter_is_seasonal_for_one_has_no_summer() -> None:
    found = season((date(2025, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(2026, 4, 1)))

    assert found is not None
    assert found.shared == pytest.approx(90 / 365)
    assert found.is_seasonal


def test_an_empty_period_has_no_season() -> None:
    empty = (date(2025, 1, 1), date(2025, 1, 1))

    assert season(empty, (date(2025, 1, 1), date(2025, 2, 1))) is None
    assert season((date(2025, 1, 1), date(2025, 2, 1)), empty) is None
