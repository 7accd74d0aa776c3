"""A source that fails and fails is given time, longer each time, and one success ends it."""

from __future__ import annotations

from functools import reduce

from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from collectors.breaker import LONGEST_REST_S, OPENS_AT, Breaker


def after(failures: int, now: int = NOON) -> Breaker:
    return reduce(lambda one, _: one.failed(now, "connection refused"), range(failures), Breaker())


def test_four_failures_in_a_row_change_nothing_and_the_fifth_gives_a_minute() -> None:
    assert [after(tries).until for tries in (1, 2, 3, 4)] == [None] * 4
    assert after(5).until == NOON + 60
    assert (after(5).tries, after(5).reason) == (5, "connection refused")


def test_each_further_failure_doubles_the_rest_up_to_a_quarter_of_an_hour() -> None:
    rests = [(after(tries).until or 0) - NOON for tries in range(5, 12)]

    assert rests == [60, 120, 240, 480, 900, 900, 900]


def test_a_source_that_asks_for_time_gets_it_from_the_first_failure_on() -> None:
    asked = Breaker().failed(NOON, "too many requests", asked_s=119.2)

    assert asked.rests(NOON + 119)
    assert not asked.rests(NOON + 120)


def test_no_source_is_believed_that_it_wants_a_day_of_rest() -> None:
    asked = Breaker().failed(NOON, "too many requests", asked_s=86_400)

    assert asked.until == NOON + LONGEST_REST_S


@given(tries=st.integers(OPENS_AT, 40), back_s=st.integers(1, 10 * LONGEST_REST_S))
def test_a_clock_set_back_never_makes_a_rest_longer_than_the_longest(
    tries: int, back_s: int
) -> None:
    breaker = after(tries)

    rested_s = sum(breaker.rests(NOON - back_s + second) for second in range(0, back_s + 901, 60))

    assert rested_s * 60 <= LONGEST_REST_S + 60
