"""A burn policy fires on exact burns over windows as long as they claim to be."""

from __future__ import annotations

from fractions import Fraction

import pytest
from builders import DAY_S, HOUR_S, MINUTE_S
from hypothesis import given
from hypothesis import strategies as st
from strategies import objectives, tallies

from slo.budget import Budget
from slo.burn import alerting_burn, default_policy, factor, firing, policy_windows
from slo.objective import Objective
from slo.policy import BurnRow, Policy, Severity
from slo.tally import Tally

MONTH_S = 30 * DAY_S


THREE_NINES = Objective.from_percent("99.9")


PER_SECOND = 1_000


def page(share: str = "0.02", long_s: int = HOUR_S, short_s: int = 300) -> BurnRow:
    return BurnRow(Severity.PAGE, Fraction(share), long_s, short_s)


def burning(policy: Policy, error: Fraction, for_s: int) -> dict[int, Tally | None]:
    """The windows of a steady 1000 requests a second of which `error` failed since `for_s`."""
    return {
        length_s: _tally(length_s, error * min(for_s, length_s) * PER_SECOND)
        for length_s in policy_windows(policy)
    }


def _tally(length_s: int, bad: Fraction) -> Tally:
    assert bad.denominator == 1
    return Tally(length_s * PER_SECOND - int(bad), length_s * PER_SECOND, length_s)


@pytest.mark.parametrize(
    ("share", "long_s", "expected"),
    [("0.1", HOUR_S, "16.8"), ("0.2", 6 * HOUR_S, "5.6"), ("0.4", 24 * HOUR_S, "2.8")],
)
def test_a_seven_day_policy_follows_from_its_shares(share: str, long_s: int, expected: str) -> None:
    assert factor(page(share, long_s, long_s // 12), 7 * DAY_S) == Fraction(expected)


def test_rows_longer_than_the_window_are_left_out_by_default() -> None:
    rows = default_policy(THREE_NINES, DAY_S)

    assert [row.long_s for row in rows] == [HOUR_S, 6 * HOUR_S, DAY_S]
    assert default_policy(THREE_NINES, HOUR_S // 2) == ()


@given(objectives(), st.integers(HOUR_S, 400 * DAY_S))
def test_every_default_row_fires_when_everything_fails(objective: Objective, window_s: int) -> None:
    policy = default_policy(objective, window_s)
    measured = burning(policy, Fraction(1), window_s)

    fired = firing(policy, objective, measured, window_s)

    assert tuple(one.row for one in fired) == policy
    assert all(one.long_burn == one.short_burn == 1 / objective.error_budget for one in fired)


@given(objectives(), st.integers(HOUR_S, 400 * DAY_S))
def test_nothing_fires_while_nothing_fails(objective: Objective, window_s: int) -> None:
    policy = default_policy(objective, window_s)

    assert firing(policy, objective, burning(policy, Fraction(0), 0), window_s) == ()


@given(objectives(), tallies(least=1, most_s=HOUR_S), st.data())
def test_more_bad_events_never_silence_an_alert(
    objective: Objective, tally: Tally, data: st.DataObject
) -> None:
    worse = Tally(data.draw(st.integers(0, int(tally.good))), tally.total, tally.observed_s)
    policy = (page(),)

    fired = firing(policy, objective, dict.fromkeys((300, HOUR_S), tally), MONTH_S)
    fired_worse = firing(policy, objective, dict.fromkeys((300, HOUR_S), worse), MONTH_S)

    assert len(fired) <= len(fired_worse)


@pytest.mark.parametrize(
    ("percent_failing", "row", "seconds"),
    [
        (100, 0, "51.84"),
        (10, 0, "518.4"),
        (1, 0, None),
        (100, 1, "129.6"),
        (10, 1, "1296"),
        (1, 1, "12960"),
        (100, 2, "259.2"),
        (10, 2, "2592"),
        (1, 2, "25920"),
        (Fraction(1, 2), 2, "51840"),
        (100, 3, "259.2"),
        (10, 3, "2592"),
        (1, 3, "25920"),
        (Fraction(1, 2), 3, "51840"),
    ],
)
def test_an_alert_fires_once_its_share_of_the_budget_is_gone(
    percent_failing: int | Fraction, row: int, seconds: str | None
) -> None:
    """L f B / e: at 99.9 % the fast page after 0.86 min of outage, 8.64 min at a tenth failing."""
    policy = (default_policy(THREE_NINES, MONTH_S)[row],)
    error = Fraction(percent_failing) / 100

    def fires(for_s: int) -> bool:
        measured = burning(policy, error, for_s)
        return bool(firing(policy, THREE_NINES, measured, MONTH_S))

    if seconds is None:
        assert not fires(10 * DAY_S)
        return
    exact = Fraction(seconds)
    whole = exact.numerator // exact.denominator
    assert not fires(whole)
    assert fires(whole + 1)


def test_the_short_window_ends_the_alert_minutes_after_the_outage() -> None:
    """A total outage of an hour ended five minutes ago: the hour alone would still burn 916."""
    policy = (page(),)
    measured = {
        HOUR_S: _tally(HOUR_S, Fraction(55 * 60 * PER_SECOND)),
        300: _tally(300, Fraction(0)),
    }

    assert firing(policy, THREE_NINES, measured, MONTH_S) == ()


def test_a_burn_exactly_at_the_factor_does_not_fire_as_in_sloth() -> None:
    policy = (page(),)
    at_factor = dict.fromkeys((HOUR_S, 300), Tally(985_600, 1_000_000, HOUR_S))
    above = dict.fromkeys((HOUR_S, 300), Tally(985_599, 1_000_000, HOUR_S))

    assert Budget(THREE_NINES, Tally(985_600, 1_000_000)).burn_rate == Fraction("14.4")
    assert firing(policy, THREE_NINES, at_factor, MONTH_S) == ()
    assert len(firing(policy, THREE_NINES, above, MONTH_S)) == 1


def test_at_ninety_percent_a_page_at_14_4_can_never_fire() -> None:
    policy, ninety = (page(),), Objective.from_percent(90)

    everything_fails = burning(policy, Fraction(1), MONTH_S)

    assert firing(policy, ninety, everything_fails, MONTH_S) == ()


def test_at_ninety_five_percent_a_page_at_14_4_needs_72_percent_of_requests_slow() -> None:
    policy, objective = (page(),), Objective.from_percent(95)

    at_72 = burning(policy, Fraction(72, 100), MONTH_S)
    at_73 = burning(policy, Fraction(73, 100), MONTH_S)

    assert not firing(policy, objective, at_72, MONTH_S)
    assert firing(policy, objective, at_73, MONTH_S)


@given(objectives(), tallies(least=1), st.integers(1, MONTH_S), st.integers(1, 4))
def test_an_alerting_burn_is_never_faster_than_the_burn_shown(
    objective: Objective, tally: Tally, window_s: int, members: int
) -> None:
    shown = Budget(objective, tally).burn_rate
    alerting = alerting_burn(objective, tally, window_s, members)

    assert shown is not None
    assert alerting is not None
    assert alerting <= shown
    assert (alerting == shown) == (shown == 0 or tally.observed_s >= window_s * members)


def test_a_window_longer_than_the_history_does_not_shrink_to_it() -> None:
    """2000 minutes of history: the 3-day ticket fires after 43 minutes, not after 21."""
    row = default_policy(THREE_NINES, MONTH_S)[3]
    history_s = 2_000 * MINUTE_S

    def fires(after_minutes: int) -> bool:
        bad = after_minutes * MINUTE_S * PER_SECOND // 10
        history = Tally(history_s * PER_SECOND - bad, history_s * PER_SECOND, history_s)
        short = Tally(0, 1, row.short_s)
        measured = {row.long_s: history, row.short_s: short}
        return bool(firing((row,), THREE_NINES, measured, MONTH_S))

    assert not fires(21)
    assert not fires(43)
    assert fires(44)


def test_two_members_share_the_observed_time_of_a_window() -> None:
    one_of_two = Tally(0, 100, HOUR_S)

    assert alerting_burn(THREE_NINES, one_of_two, HOUR_S, members=2) == 500
    assert alerting_burn(THREE_NINES, one_of_two, HOUR_S, members=1) == 1_000


@pytest.mark.parametrize("missing", [300, HOUR_S])
@pytest.mark.parametrize("silent", [None, Tally(observed_s=300)])
def test_a_row_without_events_in_one_of_its_windows_does_not_fire(
    missing: int, silent: Tally | None
) -> None:
    measured: dict[int, Tally | None] = dict.fromkeys((300, HOUR_S), Tally(0, 10, HOUR_S))
    measured[missing] = silent

    assert firing((page(),), THREE_NINES, measured, MONTH_S) == ()
    del measured[missing]
    assert firing((page(),), THREE_NINES, measured, MONTH_S) == ()


@pytest.mark.parametrize("doubt", ["partial_s", "estimated_s", "conflict_s"])
@pytest.mark.parametrize("where", [300, HOUR_S])
def test_doubtful_seconds_in_either_window_turn_a_page_into_a_ticket(
    doubt: str, where: int
) -> None:
    measured: dict[int, Tally | None] = dict.fromkeys((300, HOUR_S), Tally(0, 10, HOUR_S))
    measured[where] = Tally(0, 10, HOUR_S, **{doubt: 1})

    (fired,) = firing((page(),), THREE_NINES, measured, MONTH_S)

    assert fired.severity is Severity.TICKET
    assert fired.is_demoted
    assert fired.row.severity is Severity.PAGE


def test_a_ticket_on_doubtful_counts_stays_the_ticket_that_it_is() -> None:
    row = BurnRow(Severity.TICKET, Fraction(1, 10), DAY_S, 2 * HOUR_S)
    doubtful = Tally(0, 10, DAY_S, partial_s=60)

    (fired,) = firing((row,), THREE_NINES, {DAY_S: doubtful, 2 * HOUR_S: doubtful}, MONTH_S)

    assert fired.severity is Severity.TICKET
    assert not fired.is_demoted


@pytest.mark.parametrize(
    ("share", "long_s", "short_s", "why"),
    [
        ("0", HOUR_S, 300, "share"),
        ("1.5", HOUR_S, 300, "share"),
        ("0.02", 300, HOUR_S, "short <= long"),
        ("0.02", HOUR_S, 0, "0 < short"),
    ],
)
def test_a_row_that_can_never_mean_anything_is_refused(
    share: str, long_s: int, short_s: int, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        page(share, long_s, short_s)


def test_the_windows_of_a_policy_are_each_named_once_and_in_order() -> None:
    assert policy_windows(default_policy(THREE_NINES, MONTH_S)) == (
        300, 1_800, HOUR_S, 2 * HOUR_S, 6 * HOUR_S, DAY_S, 3 * DAY_S,
    )  # fmt: skip
