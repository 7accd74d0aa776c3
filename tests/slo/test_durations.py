"""A written duration is exact, and a bare number is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.durations import exact_seconds, seconds
from slo.spans import length_label


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("500ms", Fraction(1, 2)),
        ("0.1s", Fraction(1, 10)),
        ("2.5m", Fraction(150)),
        ("1h30m", Fraction(5_400)),
        ("1d12h", Fraction(129_600)),
        ("4w", Fraction(28 * 86_400)),
        ("1m500ms", Fraction(121, 2)),
    ],
)
def test_a_duration_is_exactly_as_long_as_it_says(text: str, length_s: Fraction) -> None:
    assert exact_seconds(text) == length_s


@given(st.integers(1, 10**9))
def test_a_label_of_a_length_reads_back_as_that_length(length_s: int) -> None:
    assert seconds(length_label(length_s)) == length_s


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("5", 'no unit; write for example "5s"'),
        ("0.5", "no unit"),
        ("", "is not a duration"),
        ("-5m", "is not a duration"),
        ("5 m", "is not a duration"),
        ("5M", "is not a duration"),
        ("5m1h", "repeats or shuffles"),
        ("5m5m", "repeats or shuffles"),
        ("9" * 50 + "s", "is not a duration"),
    ],
)
def test_what_is_no_duration_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        exact_seconds(text)


def test_half_a_second_is_no_whole_number_of_seconds() -> None:
    with pytest.raises(ValueError, match="whole number of seconds"):
        seconds("500ms")
