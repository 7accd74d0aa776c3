"""What a history says of targets: by hand, the months that say nothing before those that do."""

from __future__ import annotations

from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from builders import DAY_S

from slo.advise import LADDER, Advice, Lowest, Month, advise, lowest_weighed, lowest_window
from slo.bins import Bins
from slo.objective import Objective
from slo.periods import NamedPeriod, ReportPeriod, last_complete
from slo.replay_weighed import Weighted
from slo.tally import Tally

TARGET = Objective.from_percent("99.9")
APRIL_2026 = 1_777_593_600  # 2026-05-01T00:00:00Z, at which April had ended
EMPTY = Bins.of(0, 60, [])


def april() -> NamedPeriod:
    return last_complete(ReportPeriod.MONTH, ZoneInfo("UTC"), APRIL_2026)


def month(bad: int, *, total: int = 100_000, is_enough: bool = True) -> Month:
    tally = Tally(total - bad, total, 1)
    return Month(april(), tally, Fraction(1), is_enough)


def advice(*months: Month, lowest: Lowest | None = None) -> Advice:
    return Advice(months, lowest)


def test_a_history_of_nothing_supports_no_target_at_all() -> None:
    found = advise([], [lowest_window(EMPTY, 30 * DAY_S, 1)])

    assert found.supported is found.lowest is None
    assert found.judged == ()
    assert found.kept(TARGET) == 0


def test_a_month_without_events_is_neither_met_nor_missed() -> None:
    for nothing in (
        Month(april(), None, Fraction(0)),
        Month(april(), Tally(observed_s=9), Fraction(1)),
    ):
        assert nothing.sli is None
        assert nothing.met(TARGET) is None
        assert advice(nothing).judged == ()
        assert advice(nothing).supported is None


def test_a_month_that_was_hardly_measured_decides_nothing_and_is_still_there() -> None:
    thin = month(0, is_enough=False)
    found = advice(month(60), thin)

    assert found.judged == (month(60),)
    assert found.supported == Objective.from_percent("99.9")
    assert found.months[1].met(TARGET) is True


def test_a_budget_spent_to_the_last_event_was_met() -> None:
    assert month(100).met(TARGET) is True
    assert month(101).met(TARGET) is False


def test_the_highest_target_that_every_month_met_is_supported() -> None:
    found = advice(month(60), month(4), month(45))

    assert found.supported == Objective.from_percent("99.9")
    assert found.kept(Objective.from_percent("99.95")) == 2


def test_a_window_across_two_months_can_be_worse_than_both() -> None:
    lowest = Lowest(30 * DAY_S, APRIL_2026, Fraction(995, 1_000))

    assert advice(month(60), lowest=lowest).supported == Objective.from_percent("99.5")


def test_the_least_of_all_windows_decides_the_earliest_of_equal_ones() -> None:
    some = [Lowest(60, at, Fraction(sli, 10)) for at, sli in ((60, 9), (120, 8), (180, 8))]

    assert advise([], [None, *some]).lowest == some[1]


def test_a_history_below_every_usual_target_supports_none() -> None:
    assert advice(month(20_000)).supported is None


def test_only_whole_windows_are_looked_at_and_those_half_measured() -> None:
    good, bad = Tally(10, 10, 60), Tally(0, 10, 60)

    assert lowest_window(Bins.of(0, 60, [bad]), 120, 1) is None
    assert lowest_window(Bins.of(0, 60, [None] * 9), 120, 1) is None
    assert lowest_window(Bins.of(0, 60, [Tally(observed_s=60)] * 9), 120, 1) is None
    assert lowest_window(Bins.of(0, 60, [bad, None, None, None, good, good]), 240, 1) == Lowest(
        240, 360, Fraction(1)
    )
    assert lowest_window(EMPTY, 120, 1) is None


def test_a_half_is_that_of_all_series_that_were_to_report_when_the_window_ended() -> None:
    """Of two series 120 s of each minute: 240 s of the 480 s of four minutes are the half."""
    bad, good, hole = Tally(0, 10, 120), Tally(10, 10, 120), None
    third = Bins.of(0, 60, [bad, hole, hole, hole, good, good])
    half = Bins.of(0, 60, [bad, bad, hole, hole, good, good])
    grown = np.array([1, 1, 1, 1, 2, 2])

    assert lowest_window(third, 240, 2) == Lowest(240, 360, Fraction(1))
    assert lowest_window(half, 240, 2) == Lowest(240, 240, Fraction(0))
    assert lowest_window(third, 240, grown) == Lowest(240, 240, Fraction(0))
    assert lowest_window(half, 240, 3) is None

    late = Bins.of(0, 60, [good, hole, hole, hole, bad])
    assert lowest_window(late, 240, grown[:5]) == Lowest(240, 240, Fraction(1))


def test_a_half_of_a_weighted_burn_is_that_of_all_members_by_their_shares() -> None:
    """Of three minutes a quarter saw two and the rest one: 1/4 x 2/3 + 3/4 x 1/3 = 5/12.

    The other way round they are 1/4 x 1/3 + 3/4 x 2/3 = 7/12.
    """
    bad, good, hole = Tally(0, 10, 60), Tally(10, 10, 60), None

    def lowest(*minutes: list[Tally | None]) -> Lowest | None:
        shares = (Fraction(1, 4), Fraction(3, 4))
        each = zip(minutes, shares, strict=True)
        return lowest_weighed([Weighted(Bins.of(0, 60, one), of, 1) for one, of in each], 180)

    end = [good, good]
    assert lowest([bad, bad, hole, *end], [good, hole, hole, *end]) == Lowest(180, 300, Fraction(1))
    assert lowest([bad, hole, hole, *end], [good, good, hole, *end]) == Lowest(
        180, 180, Fraction(3, 4)
    )


@pytest.mark.parametrize("one", LADDER, ids=lambda one: f"{one.percent}")
def test_a_month_without_a_bad_event_meets_every_target(one: Objective) -> None:
    assert month(0).met(one) is True
