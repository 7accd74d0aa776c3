"""The replay of a weighted burn against `firing`, asked again at each moment."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from slo.bins import Bins
from slo.burn import firing
from slo.objective import Objective
from slo.policy import BurnRow, Severity
from slo.replay_weighed import Weighted, replay_weighed
from slo.tally import Tally, Weighed, weighed

# Primes that no count of events reaches: a burn is never exactly at its factor.
ROWS = (
    BurnRow(Severity.PAGE, Fraction(500, 9_973), 600, 60),
    BurnRow(Severity.TICKET, Fraction(1_000, 9_967), 1_200, 300),
)
OBJECTIVE, WINDOW_S, MINUTES = Objective.from_percent(90), 7_200, 30


@st.composite
def histories(draw: st.DrawFn) -> list[Tally]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    per_minute = draw(st.sampled_from([1, 20]))
    total = rng.poisson(per_minute, MINUTES)
    bad = rng.binomial(total, draw(st.sampled_from([0.0, 0.05, 0.4])))
    return [Tally(int(t - b), int(t), 60) for t, b in zip(total, bad, strict=True)]


def by_firing(histories_: list[list[Tally]], shares: list[Fraction], minute: int) -> list[bool]:
    def over(length_s: int) -> Tally:
        first = max(0, minute + 1 - length_s // 60)
        sums = (reduce(Tally.__add__, one[first : minute + 1]) for one in histories_)
        return weighed(Weighed(share, 1, one) for share, one in zip(shares, sums, strict=True))

    recent = {length: over(length) for row in ROWS for length in (row.long_s, row.short_s)}
    fired = {one.row for one in firing(ROWS, OBJECTIVE, recent, WINDOW_S, 1)}
    return [row in fired for row in ROWS]


@settings(max_examples=20)
@given(st.lists(histories(), min_size=1, max_size=3), st.integers(1, 7))
def test_each_moment_fires_as_the_tallies_of_its_windows_do(
    drawn: list[list[Tally]], heavier: int
) -> None:
    weights = [Fraction(heavier if not number else 3) for number in range(len(drawn))]
    shares = [weight / sum(weights) for weight in weights]
    members = [
        Weighted(Bins.of(0, 60, one), share, 1) for one, share in zip(drawn, shares, strict=True)
    ]

    found = replay_weighed(members, ROWS, OBJECTIVE, WINDOW_S)

    for minute in range(MINUTES):
        assert found.fires[:, minute].tolist() == by_firing(drawn, shares, minute), minute


def test_while_a_member_is_not_measured_what_held_before_holds() -> None:
    bad, good = [Tally(0, 10, 60)] * 20, [Tally(10, 10, 60)] * 20
    seen: list[Tally | None] = [*good[:10], *bad[:5]]
    members = [
        Weighted(Bins.of(0, 60, [*seen, *good[:5]]), Fraction(1, 2), 1),
        Weighted(Bins.of(0, 60, [*seen, *[None] * 5]), Fraction(1, 2), 1),
    ]

    found = replay_weighed(members, ROWS, OBJECTIVE, WINDOW_S)

    assert found.fires[0, 14:].all()
    assert not found.fires[0, :10].any()


PAGE = BurnRow(Severity.PAGE, Fraction(2, 10), 600, 300)


def test_at_exactly_its_factor_a_row_does_not_fire_though_no_float_holds_the_shares() -> None:
    # A third each of 10 %, 20 % and 42 %: 24 %, which is the 2.4 of this row times the 10 %.
    def fired(worse: int) -> bool:
        each = ([Tally(1_000 - bad, 1_000, 60)] * 10 for bad in (100, 200, worse))
        members = [Weighted(Bins.of(0, 60, one), Fraction(1, 3), 1) for one in each]
        return bool(replay_weighed(members, (PAGE,), OBJECTIVE, WINDOW_S).fires[0, -1])

    assert (fired(420), fired(421)) == (False, True)


def test_what_would_page_on_counts_of_lesser_quality_asks_for_a_ticket() -> None:
    bad = [Tally(0, 10, 60)] * 10
    doubtful = [Tally(10, 10, 60, partial_s=60), *[Tally(10, 10, 60)] * 9]
    members = [Weighted(Bins.of(0, 60, one), Fraction(1, 2), 1) for one in (bad, doubtful)]

    found = replay_weighed(members, (PAGE,), OBJECTIVE, WINDOW_S)

    assert found.asks(Severity.TICKET)[-1]
    assert not found.asks(Severity.PAGE).any()


def test_a_member_that_was_not_measured_leaves_the_burn_unknown() -> None:
    seen, gone = [Tally(0, 10, 60)] * 10, [Tally(10, 10, 60)] * 5 + [None] * 5
    members = [Weighted(Bins.of(0, 60, one), Fraction(1, 2), 1) for one in (seen, gone)]

    found = replay_weighed(members, (PAGE,), OBJECTIVE, WINDOW_S, is_held=False)

    # The short window holds none of its minutes at the end of the tenth.
    assert found.fires[0].tolist()[-2:] == [True, False]


def test_a_member_of_two_series_is_observed_whole_by_both() -> None:
    two, one = [Tally(0, 10, 120)] * 3, [Tally(10, 10, 60)] * 3
    row = BurnRow(Severity.PAGE, Fraction(2, 10), 180, 180)

    def fired(expected: int, percent: str) -> bool:
        members = [
            Weighted(Bins.of(0, 60, two), Fraction(1, 2), expected),
            Weighted(Bins.of(0, 60, one), Fraction(1, 2), 1),
        ]
        objective = Objective.from_percent(percent)
        return bool(replay_weighed(members, (row,), objective, 450).fires[0, -1])

    # Half is bad, seen whole by two of two, for three quarters of the time by two of four; the
    # factor is a half: with a budget of 90 % that is 45 %, with one of 70 % it is 35 %.
    assert (fired(2, "10"), fired(4, "10"), fired(4, "30")) == (True, False, True)


def test_a_minute_that_all_saw_whole_is_one_though_floats_of_the_shares_say_less() -> None:
    """60 s by a seventh and six sevenths are 59.99999999999999: a half is bad, over 0.998 x 0.5."""
    row = BurnRow(Severity.PAGE, Fraction(998, 1_000), 60, 60)
    half = Bins.of(0, 60, [Tally(5, 10, 60)])
    members = [Weighted(half, Fraction(one, 7), 1) for one in (1, 6)]

    assert replay_weighed(members, (row,), Objective.from_percent(50), 60).fires.all()
