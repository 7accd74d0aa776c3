"""How much longer to look is told by the tests that will judge."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.adjust import adjusted
from slo.evidence.comparison import Comparison, Count, Scale, Side
from slo.evidence.planning import (
    alpha_within,
    days_without_event,
    events_needed,
    more_days,
    more_days_of_rate,
)
from slo.evidence.rates import compared_rates
from slo.evidence.terms import Multiple


@pytest.mark.parametrize(("events", "days", "needed"), [(5, 61, 67), (15, 182, 51), (3, 182, 441)])
def test_without_any_event_so_many_days_are_needed(events: int, days: int, needed: int) -> None:
    found = days_without_event(events, days)

    assert found is not None
    assert math.ceil(found) == needed


@given(st.integers(1, 40), st.integers(10, 800))
def test_at_the_planned_day_and_not_before_no_event_is_told(events: int, days: int) -> None:
    needed = days_without_event(events, days)
    assert needed is not None
    before = Count(events, days * DAY_S)
    late = compared_rates(before, Count(0, needed * 1.001 * DAY_S))
    early = compared_rates(before, Count(0, needed * 0.999 * DAY_S))

    assert late.p_value is not None
    assert early.p_value is not None
    assert late.p_value < 0.05 < early.p_value


def test_where_nothing_happened_before_nothing_can_be_planned() -> None:
    assert days_without_event(0, 100) is None
    assert days_without_event(5, 0) is None


@given(st.floats(0.01, 0.99), st.sampled_from([0.05, 0.01]))
def test_the_events_needed_can_tell_and_one_fewer_cannot(share: float, alpha: float) -> None:
    needed, rarest = events_needed(share, alpha), min(share, 1 - share)

    assert 2 * rarest**needed < alpha
    assert needed == 1 or 2 * rarest ** (needed - 1) >= alpha


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_one_period_has_no_time_no_number_of_events_would_do(share: float) -> None:
    assert events_needed(share) == 100_000


def test_six_events_are_needed_in_equal_times(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text())["rates"]

    assert events_needed(0.5) == 6
    assert oracle["zero_after_5"]["p_doubled"] > 0.05 > oracle["zero_after_6"]["p_doubled"]


@given(st.integers(1, 30), st.integers(0, 12))
def test_the_days_more_are_the_first_on_which_the_test_tells(before: int, after: int) -> None:
    first, second = Count(before, 182 * DAY_S), Count(after, 61 * DAY_S)
    more = more_days_of_rate(first, second)
    if more is None:
        return

    def p_after(days: int) -> float:
        length = 61 + days
        grown = Count(round(after * length / 61), length * DAY_S)
        return compared_rates(first, grown).p_value or 1.0

    assert p_after(more) < 0.05
    assert all(p_after(day) >= 0.05 for day in range(more))


def test_equal_rates_are_never_told_apart_and_a_told_change_needs_no_more() -> None:
    assert more_days_of_rate(Count(10, 182 * DAY_S), Count(10, 182 * DAY_S)) is None
    assert more_days_of_rate(Count(15, 182 * DAY_S), Count(3, 182 * DAY_S)) == 0
    assert more_days_of_rate(Count(15, 0), Count(3, 182 * DAY_S)) is None


def seen(p_value: float | None, sizes: tuple[int, int], **keys: Any) -> Comparison:
    before, after = (Side(estimate=1, n=n) for n in sizes)
    given: dict[str, Any] = {"before": before, "after": after, "change": -2.0}
    return Comparison(**(given | keys), scale=Scale.DIFFERENCE, p_value=p_value)


def test_what_speaks_for_a_change_grows_with_what_comes_after() -> None:
    # z 1.645 of 10 and 5: (1.96 / 1.645)^2 * 10 * 5 / 15 = 4.73 = 10 n / (10 + n) at n = 8.99.
    assert more_days(seen(0.1, (10, 5)), days_after=50) == 40
    assert more_days(seen(0.04, (10, 5)), days_after=50) == 0
    # z 2.054 to 2.576 as alpha falls: 3.333 * 1.573 = 5.24 at n = 11.03.
    assert more_days(seen(0.04, (10, 5)), days_after=50, alpha=0.01) == 61


def test_outages_are_planned_by_time_and_not_by_their_number() -> None:
    year, quarter = 365 * DAY_S, 91 * DAY_S
    sides = [Side(estimate=0.99, n=n, exposure_s=s) for n, s in ((15, year), (1, quarter))]
    found = seen(0.1, (1, 1), before=sides[0], after=sides[1])

    # 365 * 91 / 456 * 1.4196 = 103.4 = 365 t / (365 + t) at t = 144.3.
    assert more_days(found, days_after=91) == 54


def test_where_that_before_is_too_little_no_days_after_would_do() -> None:
    assert more_days(seen(0.5, (10, 10)), days_after=60) is None
    assert more_days(seen(1.0, (10, 10)), days_after=60) is None


def test_without_a_change_or_a_test_nothing_is_planned() -> None:
    for change in (None, 0.0):
        assert more_days(seen(0.1, (10, 5), change=change), days_after=60) is None
    assert more_days(seen(None, (1, 1)), days_after=60) is None
    assert more_days(seen(0.1, (10, 0)), days_after=60) is None


FAMILIES = st.lists(st.floats(0.0001, 1), min_size=1, max_size=8)


@given(FAMILIES, st.data(), st.sampled_from(list(Multiple)))
def test_just_below_its_own_limit_one_of_several_counts_and_just_above_not(
    family: list[float], data: st.DataObject, how: Multiple
) -> None:
    place = data.draw(st.integers(0, len(family) - 1))
    limit = alpha_within(family, place, how)

    below, above = (
        adjusted([*family[:place], limit * 0.999, *family[place + 1 :]], how),
        adjusted([*family[:place], limit * 1.001, *family[place + 1 :]], how),
    )
    assert below[place] is not None
    assert above[place] is not None
    assert below[place] < 0.05 < above[place]  # type: ignore[operator]


def test_one_that_is_not_tested_yet_is_counted_with_the_others() -> None:
    # Holm: of three tests with none told the first needs a third of 5 %.
    assert alpha_within([0.2, None, 0.5], 1, Multiple.HOLM) == pytest.approx(0.05 / 3)
