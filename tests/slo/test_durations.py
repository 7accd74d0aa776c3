"""A duration carries its unit, is exact, and nothing else is taken for one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.durations import exact_seconds, seconds

UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("500ms", Fraction(1, 2)),
        ("2.5ms", Fraction(1, 400)),
        ("0.1s", Fraction(1, 10)),
        ("1h30m", Fraction(5_400)),
        ("1w2d3h4m5s6ms", Fraction(788_645_006, 1_000)),
        ("90d", Fraction(7_776_000)),
    ],
)
def test_a_written_length_is_read_exactly(text: str, length_s: Fraction) -> None:
    assert exact_seconds(text) == length_s


@given(st.dictionaries(st.sampled_from(list(UNITS)), st.integers(0, 10**6), min_size=1))
def test_a_compound_length_is_the_sum_of_its_parts(parts: dict[str, int]) -> None:
    ordered = [(unit, parts[unit]) for unit in UNITS if unit in parts]

    text = "".join(f"{count}{unit}" for unit, count in ordered)

    if len(text) <= 40:
        assert seconds(text) == sum(UNITS[unit] * count for unit, count in ordered)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "5.5",
        "m",
        "5 m",
        "-5m",
        "5M",
        "5min",
        "1e3s",
        "\u0665m",
        "5m3h",
        "5m5m",
        "1y",
        "5m\n",
    ],
)
def test_whatever_has_no_unit_a_sign_or_another_order_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unit|duration"):
        exact_seconds(text)


def test_a_bare_number_is_answered_with_the_two_units_it_may_have_meant() -> None:
    with pytest.raises(ValueError, match='write for example "500s" or "500ms"'):
        exact_seconds("500")


def test_a_fraction_of_a_second_is_no_whole_number_of_seconds() -> None:
    assert seconds("1000ms") == 1
    with pytest.raises(ValueError, match="not a whole number of seconds"):
        seconds("1500ms")


def test_a_text_of_any_size_is_refused_at_once_and_shown_short() -> None:
    with pytest.raises(ValueError, match="is not a duration") as caught:
        exact_seconds("9" * 1_000_000 + "s")

    assert len(str(caught.value)) < 200
