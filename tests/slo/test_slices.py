"""Seconds weighed and judged by slices are those that counting them one by one gives."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from builders import MINUTE_S
from hypothesis import given
from hypothesis import strategies as st

from slo.slices import reaches, sliced, weighed
from slo.spans import Span

NAN = float("nan")


@pytest.mark.parametrize(
    ("good", "total", "target", "is_reached"),
    [
        (9, 10, Fraction(9, 10), True),
        (10**9 - 1, 10**9, Fraction(999_999_999, 10**9), True),
        (10**9 - 2, 10**9, Fraction(999_999_999, 10**9), False),
        (2.0**60 - 2.0**10, 2.0**60, Fraction(2**50 - 1, 2**50), True),
        (0.7, 1, Fraction(7, 10), False),  # the float next to 0.7 lies below it
        (0, 10, Fraction(1, 10**12), False),
    ],
)
def test_a_target_is_reached_exactly_or_not_at_all(
    good: float, total: float, target: Fraction, is_reached: bool
) -> None:
    found = reaches(np.array([good], np.float64), np.array([total], np.float64), target)

    assert found.tolist() == [is_reached]


@given(
    moments=st.lists(st.integers(0, 400), min_size=0, max_size=8, unique=True).map(sorted),
    data=st.data(),
)
def test_weighed_seconds_are_those_that_counting_each_second_gives(
    moments: list[int], data: st.DataObject
) -> None:
    held = data.draw(st.lists(st.integers(1, 200), min_size=8, max_size=8))[: len(moments)]
    kinds = st.sampled_from([0.0, 0.25, 0.5, 1.0, NAN])
    weights = data.draw(st.lists(kinds, min_size=8, max_size=8))[: len(moments)]
    since, until = sorted(data.draw(st.tuples(st.integers(0, 420), st.integers(0, 420))))

    found = weighed(
        np.array(moments, np.int64),
        np.array(weights, np.float64),
        np.array(held, np.int64),
        MINUTE_S,
        Span(since, until),
    )

    good: dict[int, float] = {}
    total: dict[int, int] = {}
    for second in range(since, until):
        before = [place for place, at in enumerate(moments) if at <= second]
        is_last = bool(before) and before[-1] == len(moments) - 1
        if not before or is_last or second >= moments[before[-1]] + held[before[-1]]:
            continue
        weight = weights[before[-1]]
        if weight == weight:  # noqa: PLR0124 - what is not equal to itself is unknown
            place = second - second % MINUTE_S
            good[place] = good.get(place, 0) + weight
            total[place] = total.get(place, 0) + 1
    assert found.at.tolist() == sorted(total)
    assert found.good_s.tolist() == [good[at] for at in sorted(total)]
    assert found.total_s.tolist() == [total[at] for at in sorted(total)]


COUNTS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda two: (min(two), max(two)))


@given(
    counts=st.lists(COUNTS, min_size=1, max_size=30),
    slice_s=st.sampled_from([60, 180, 300, 900]),
    target=st.one_of(st.none(), st.fractions(min_value=Fraction(1, 50), max_value=1)),
)
def test_every_second_of_a_slice_is_as_good_as_all_of_its_events_together(
    counts: list[tuple[int, int]], slice_s: int, target: Fraction | None
) -> None:
    at = np.arange(len(counts), dtype=np.int64) * MINUTE_S
    good, total = (np.array(one, np.float64) for one in zip(*counts, strict=True))

    found = sliced(at, (good, total), np.full(len(at), 60.0), slice_s, target)

    for place, moment in enumerate(at.tolist()):
        mine = [
            counts[n]
            for n, other in enumerate(at.tolist())
            if other // slice_s == moment // slice_s
        ]
        some, every = sum(one for one, _ in mine), sum(both for _, both in mine)
        if not every:
            assert (found.good_s[place], found.total_s[place]) == (0, 0)
            continue
        share = Fraction(some, every)
        judged = share if target is None else Fraction(share >= target)
        assert found.total_s[place] == 60
        assert abs(Fraction(float(found.good_s[place])) - 60 * judged) <= Fraction(1, 2**24)


def test_good_seconds_add_up_to_the_same_in_any_order() -> None:
    thirds = (np.full(3_000, 1.0), np.full(3_000, 3.0))
    at = np.arange(3_000, dtype=np.int64) * MINUTE_S

    good_s = sliced(at, thirds, np.full(3_000, 60.0), 60, None).good_s

    assert sum(good_s.tolist()) == sum(reversed(good_s.tolist())) == 3_000 * good_s[0]


def test_a_weight_that_is_no_float_to_the_digit_counts_the_same_however_its_time_is_cut() -> None:
    at, weight = np.array([0, 1_000, 7_200]), np.array([0.1, 0.7, 0.3])
    held = np.full(3, 9_000)

    whole = weighed(at, weight, held, 900, Span(0, 7_200)).good_s.sum()
    parts = [
        weighed(at, weight, held, 60, Span(since, since + 60)).good_s.sum()
        for since in range(0, 7_200, 60)
    ]

    assert whole == sum(parts)
