"""A policy replayed over a history says at each moment what `firing` says of its windows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from builders import DAY_S
from hypothesis import given
from hypothesis import strategies as st
from strategies import objectives

from slo.bins import Bins
from slo.burn import Firing, default_policy, firing, policy_windows
from slo.objective import Objective
from slo.policy import BurnRow, Severity
from slo.replay import Replay, joined, outlived, replay
from slo.spans import Span
from slo.tally import Tally

SINCE, MONTH_S = 60_000, 30 * 86_400
TARGET = Objective.from_percent(99)
# Factors 0.1 x 86400 / 600 = 14.4 and 0.1 x 86400 / 1800 = 4.8.
POLICY = (
    BurnRow(Severity.PAGE, Fraction(1, 10), 600, 120),
    BurnRow(Severity.TICKET, Fraction(1, 10), 1_800, 300),
)
GOOD, BAD, HOLE = Tally(100, 100, 60), Tally(0, 100, 60), None
QUIET, DOUBTFUL = Tally(observed_s=60), Tally(0, 100, 60, estimated_s=60)


def bins(*parts: Sequence[Tally | None]) -> Bins:
    return Bins.of(SINCE, 60, [one for part in parts for one in part])


def asked(found: Replay, severity: Severity = Severity.PAGE) -> list[int]:
    """The minutes since the first bin began at whose end that severity was asked for."""
    return [int(n) + 1 for n in np.flatnonzero(found.asks(severity))]


def fired_at(history: Bins, minute: int, objective: Objective, members: int) -> set[Firing]:
    """What `firing` says of the minutes before that one, summed one by one."""
    measured = {}
    for length_s in policy_windows(POLICY):
        rows = history.table[max(0, minute - length_s // 60) : minute].sum(axis=0).tolist()
        good, total, seconds, *lesser = rows
        partial, estimated, conflict = map(round, lesser)
        measured[length_s] = Tally(
            good,
            total,
            round(seconds),
            partial_s=partial,
            estimated_s=estimated,
            conflict_s=conflict,
        )
    return set(firing(POLICY, objective, measured, DAY_S, members))


def test_a_history_of_nothing_has_no_moment_at_which_anything_fires() -> None:
    found = replay(bins(), POLICY, TARGET, DAY_S)

    assert len(found) == 0
    assert found.span == Span(SINCE, SINCE)
    assert asked(found) == []


def test_a_policy_without_rows_never_asks_for_anyone() -> None:
    found = replay(bins([BAD] * 60), (), TARGET, DAY_S)

    assert len(found) == 60
    assert asked(found) == asked(found, Severity.TICKET) == []


def test_a_history_without_traffic_fires_at_no_moment() -> None:
    assert asked(replay(bins([QUIET] * 60), POLICY, TARGET, DAY_S)) == []
    assert asked(replay(bins([HOLE] * 60), POLICY, TARGET, DAY_S)) == []


def test_young_history_is_not_taken_for_a_whole_window() -> None:
    # All bad burns 100; n of ten minutes observed make it 10 n, above 14.4 from the second on.
    assert asked(replay(bins([BAD] * 4), POLICY, TARGET, DAY_S)) == [2, 3, 4]


def test_a_burn_exactly_at_the_factor_does_not_fire_and_one_event_more_does() -> None:
    # 14.4 x 1 % of 1,000 are 144 events.
    exact, more = Tally(856, 1_000, 60), Tally(855, 1_000, 60)

    assert asked(replay(bins([exact] * 60), POLICY, TARGET, DAY_S)) == []
    assert asked(replay(bins([exact] * 60, [more]), POLICY, TARGET, DAY_S)) == [61]


def test_a_target_that_is_no_binary_number_is_compared_as_the_decimal_that_it_is() -> None:
    row = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300)
    exact = Tally(10_000_000 - 144_000, 10_000_000, 60)
    found = replay(bins([exact] * 90), (row,), Objective.from_percent("99.9"), MONTH_S)

    assert asked(found) == []


def test_what_floats_would_put_above_the_factor_is_compared_exactly() -> None:
    # 14.4 x 1 % of 375 are 54 events a minute; in floats the hour is allowed less than its 3,240.
    assert 3_240 * 3_600.0 > 0.144 * (375 * 60) * 3_600
    row = BurnRow(Severity.PAGE, Fraction(2, 100), 3_600, 300)
    hour = [Tally(375 - bad, 375, 60) for bad in [54] * 50 + [53] * 5 + [55] * 5]
    more = [*hour[:-1], Tally(375 - 56, 375, 60)]

    assert asked(replay(bins(hour), (row,), TARGET, MONTH_S)) == []
    assert asked(replay(bins(more), (row,), TARGET, MONTH_S)) == [60]


def test_a_window_observed_twice_over_burns_no_faster_than_its_counts_say() -> None:
    # 10 % bad burn 10, below 14.4; two series where one was expected observe 120 s a minute.
    found = replay(bins([Tally(90, 100, 120)] * 60), POLICY[:1], TARGET, DAY_S, members=1)

    assert asked(found) == []


def test_what_fires_when_data_stop_fires_on_until_they_are_there_again() -> None:
    found = replay(bins([GOOD] * 60, [BAD] * 5, [HOLE] * 40, [GOOD] * 9), POLICY, TARGET, DAY_S)

    # Frozen through the hole; then the last ten minutes hold no bad one any more.
    assert asked(found) == [*range(62, 106)]
    assert not found.measured[65:105].any()


def test_what_is_quiet_when_data_stop_stays_quiet() -> None:
    found = replay(bins([GOOD] * 60, [HOLE] * 600, [GOOD] * 9), POLICY, TARGET, DAY_S)

    assert asked(found) == asked(found, Severity.TICKET) == []


def test_counts_in_doubt_ask_for_a_ticket_and_never_for_a_page() -> None:
    found = replay(bins([GOOD] * 60, [DOUBTFUL] * 5), POLICY[:1], TARGET, DAY_S)

    assert asked(found) == []
    assert asked(found, Severity.TICKET) == [62, 63, 64, 65]


def test_too_few_bad_events_fire_nothing_however_fast_they_burn() -> None:
    row = BurnRow(Severity.PAGE, Fraction(1, 10), 600, 120, min_bad_events=3)
    found = replay(bins([GOOD] * 60, [Tally(0, 1, 60)] * 9), (row,), TARGET, DAY_S)

    assert asked(found) == []
    assert asked(replay(bins([Tally(0, 1, 60)] * 9), (row,), TARGET, DAY_S)) == [*range(3, 10)]


def test_a_window_shorter_than_a_bin_is_widened_to_it() -> None:
    quarters = Bins.of(0, 900, [Tally(100, 100, 900)] * 9 + [Tally(50, 100, 900), GOOD])
    row = BurnRow(Severity.PAGE, Fraction(1, 10), 1_800, 300)
    found = replay(quarters, (row,), TARGET, DAY_S)

    assert np.flatnonzero(found.fires[0]).tolist() == [9]


def test_a_series_that_is_missing_waters_down_what_the_other_burns() -> None:
    half = replay(bins([BAD] * 9), POLICY[:1], TARGET, DAY_S, members=2)
    now_two = replay(
        bins([BAD] * 9), POLICY[:1], TARGET, DAY_S, members=np.array([1] * 4 + [2] * 5)
    )

    # n of 2 x 10 member-minutes: 5 n is above 14.4 from the third on.
    assert asked(half) == [*range(3, 10)]
    assert asked(now_two) == [*range(2, 10)]


def test_fractional_counts_that_leave_a_window_leave_nothing_behind() -> None:
    noisy = [Tally(0.1, 0.3, 60)] * 60
    found = replay(bins(noisy, [QUIET] * 60), POLICY[:1], TARGET, DAY_S)

    assert max(asked(found)) == 61  # the last minute whose short window holds an event


def test_a_part_of_a_replay_is_the_whole_seen_through_a_window() -> None:
    whole = replay(bins([GOOD] * 60, [BAD] * 9), POLICY, TARGET, DAY_S)
    part = whole.within(Span(SINCE + 60 * 60, SINCE + 66 * 60 + 59))

    assert part.span == Span(SINCE + 60 * 60, SINCE + 66 * 60)
    assert asked(part) == [2, 3, 4, 5, 6]
    assert len(whole.within(Span(0, 10))) == 0
    assert whole.within(Span(0, 10**9)).span == whole.span


def test_a_part_holds_whole_bins_alone_also_where_it_begins_inside_one() -> None:
    whole = replay(bins([GOOD] * 9), POLICY, TARGET, DAY_S)

    assert whole.within(Span(SINCE + 61, SINCE + 239)).span == Span(SINCE + 120, SINCE + 180)
    assert len(whole.within(Span(SINCE + 61, SINCE + 179))) == 0


def test_periods_that_follow_each_other_are_one_history() -> None:
    parts = [replay(bins([GOOD] * 60), POLICY, TARGET, DAY_S)]
    parts.append(replay(Bins.of(parts[0].span.until, 60, [BAD] * 9), POLICY, TARGET, DAY_S))

    found = joined(parts)

    assert found.span == Span(SINCE, SINCE + 69 * 60)
    assert asked(found) == [*range(62, 70)]


def test_wide_bins_say_in_narrow_ones_what_held_at_their_last_moment() -> None:
    wide = replay(Bins.of(0, 180, [Tally(0, 100, 180), GOOD]), POLICY[:1], TARGET, DAY_S)
    narrow = wide.refined(60)

    assert wide.fires.tolist() == [[True, False]]
    assert narrow.fires.tolist() == [[False, False, True, True, True, False]]
    assert narrow.span == wide.span
    assert narrow.refined(60) is narrow


def test_wide_bins_that_were_measured_were_so_for_all_of_the_narrow_ones() -> None:
    wide = replay(Bins.of(0, 180, [GOOD, HOLE]), POLICY, TARGET, DAY_S)

    assert wide.refined(60).measured.tolist() == [True, True, True, False, False, False]


def test_what_fires_at_the_end_of_a_period_is_frozen_into_the_next() -> None:
    first = replay(bins([BAD] * 9), POLICY, TARGET, DAY_S)
    hole = replay(Bins.of(first.span.until, 60, [HOLE] * 5), POLICY, TARGET, DAY_S)

    assert asked(joined([first, hole])) == [*range(2, 15)]


def test_replays_that_do_not_follow_each_other_are_not_joined() -> None:
    one = replay(bins([GOOD] * 9), POLICY, TARGET, DAY_S)
    later = replay(Bins.of(one.span.until + 60, 60, [GOOD]), POLICY, TARGET, DAY_S)
    other = replay(Bins.of(one.span.until, 60, [GOOD]), POLICY[:1], TARGET, DAY_S)

    for wrong in ([one, later], [one, other], []):
        with pytest.raises(ValueError, match=r"follow|far|nothing"):
            joined(wrong)


def test_a_part_that_is_gone_for_an_hour_while_its_whole_goes_on_fires_no_more() -> None:
    part = replay(bins([GOOD] * 60, [BAD] * 5, [HOLE] * 200), POLICY, TARGET, DAY_S)
    goes_on = replay(bins([GOOD] * 265), POLICY, TARGET, DAY_S)
    stops = replay(bins([GOOD] * 125, [HOLE] * 140), POLICY, TARGET, DAY_S)

    # Its last minute is the 65th: at the end of the 125th the whole is an hour ahead, not more.
    found = outlived(part, goes_on, 3_600)

    assert asked(found) == [*range(62, 126)]
    assert np.flatnonzero(found.measured).tolist() == [*range(65), *range(125, 265)]
    assert asked(outlived(part, stops, 3_600)) == asked(part) == [*range(62, 266)]


def test_a_part_of_other_moments_is_held_against_no_whole() -> None:
    nine, ten = (replay(bins([GOOD] * count), POLICY, TARGET, DAY_S) for count in (9, 10))

    with pytest.raises(ValueError, match="not the same moments"):
        outlived(nine, ten, 3_600)


minutes = st.sampled_from([GOOD, BAD, HOLE, QUIET, DOUBTFUL, Tally(97, 100, 60), Tally(1, 2, 30)])
lengths = st.integers(1, 15)


@given(
    st.lists(st.tuples(minutes, lengths), max_size=12),
    objectives(),
    st.integers(1, 3),
)
def test_at_every_measured_moment_it_says_what_firing_says(
    parts: list[tuple[Tally | None, int]], objective: Objective, members: int
) -> None:
    history = bins(*([one] * count for one, count in parts))
    found = replay(history, POLICY, objective, DAY_S, members)

    for number in np.flatnonzero(found.measured):
        fired = fired_at(history, int(number) + 1, objective, members)
        rows = zip(POLICY, found.fires[:, number], found.demoted[:, number], strict=True)
        assert {one.row: one.is_demoted for one in fired} == {
            row: bool(demoted) for row, fires, demoted in rows if fires
        }


def test_half_a_year_at_exactly_the_factor_is_compared_once_not_at_every_minute() -> None:
    table = np.tile([999.0, 1_000.0, 60.0, 0.0, 0.0, 0.0], (180 * 1_440, 1))
    objective = Objective.from_percent("99.9")
    found = replay(Bins(0, 60, table), default_policy(objective, MONTH_S), objective, MONTH_S)

    assert not found.fires.any()
