"""Values are read as people write them, exactly, and what is no single value is none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.claims.changes import both, change, step
from slo.evidence.claims.quantities import Dimension, quantity, unit_in
from slo.evidence.claims.written import number, plain

TIME, PERCENT, RATE, NUMBER = Dimension.TIME, Dimension.PERCENT, Dimension.RATE, Dimension.NUMBER
MONTH_WEEKS = Fraction("4.348125")


@pytest.mark.parametrize(
    ("text", "dimension", "base"),
    [
        ("820 ms", TIME, "0.82"),
        ("1.2 s", TIME, "1.2"),
        ("1,2 s", TIME, "1.2"),
        ("1 200 ms", TIME, "1.2"),
        ("1\u202f200\u00a0ms", TIME, "1.2"),
        ("1'200 ms", TIME, "1.2"),
        ("1.234,5 ms", TIME, "1.2345"),
        ("1,234.5 ms", TIME, "1.2345"),
        ("1h30m", TIME, "5400"),
        ("1 h 30 min", TIME, "5400"),
        ("2 weeks", TIME, "1209600"),
        ("~490 ms", TIME, "0.49"),
        ("about 8 hours", TIME, "28800"),
        ("8 h (median)", TIME, "28800"),
        ("99,80%", PERCENT, "99.8"),
        ("99.80 percent", PERCENT, "99.8"),
        ("\u22125 %", PERCENT, "-5"),
        ("monthly", RATE, "1"),
        ("Once a month", RATE, "1"),
        ("twice a month", RATE, "2"),
        ("every month", RATE, "1"),
        ("2.5/month", RATE, "2.5"),
        ("2.5 incidents per month", RATE, "2.5"),
        ("6 a quarter", RATE, "2"),
        ("6 / year", RATE, "0.5"),
        ("zero per month", RATE, "0"),
        ("3.9", NUMBER, "3.9"),
        ("3.9/5", NUMBER, "3.9"),
        ("4.7 out of 5", NUMBER, "4.7"),
        ("\u20ac1,200", NUMBER, "1200"),
        ("12k sessions", NUMBER, "12000"),
        ("+52 points", NUMBER, "52"),
    ],
)
def test_a_value_is_what_people_mean_by_it(text: str, dimension: Dimension, base: str) -> None:
    found = quantity(text)

    assert found is not None
    assert (found.unit.dimension, found.base) == (dimension, Fraction(base))


@pytest.mark.parametrize("text", ["weekly", "once a week", "1/week", "1 deployment per week"])
def test_weekly_is_four_and_a_third_times_a_month(text: str) -> None:
    found = quantity(text)

    assert found is not None
    assert found.base == MONTH_WEEKS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u2013",
        "n/a",
        "nan",
        "NaN ms",
        "inf",
        "-inf %",
        "\u221e",
        "10^30",
        "1e30",
        "1e999999999",
        "9" * 40,
        "400\u2013500 ms",
        "400 - 500 ms",
        "< 500 ms",
        "=1+1",
        "=cmd|'/C calc'!A0",
        "sunny",
        "1.2.3,4,5 s",
        "every 0 weeks",
        "0x10",
        "\u0661\u0662 ms",
        "\U0001d7d9 ms",
    ],
)
def test_what_is_no_single_value_is_none(text: str) -> None:
    assert quantity(text) is None


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    quantity(text)
    change(text)
    unit_in(text)
    both(text, text)


@given(st.integers(0, 10**12), st.integers(0, 6))
def test_thousands_and_decimals_are_read_in_either_language(whole: int, decimals: int) -> None:
    value = Fraction(whole, 10**decimals)
    english = f"{whole // 10**decimals:,}"
    rest = f"{whole % 10**decimals:0{decimals}d}" if decimals else ""
    german = english.replace(",", ".")
    written = f"{english}.{rest}" if rest else english

    assert number(written) == number(written.replace(",", " "))
    found = number(written)
    assert found is not None
    assert (found.value, found.decimals) == (value, decimals)
    if rest and german.count("."):
        other = number(f"{german},{rest}")
        assert other is not None
        assert other.value == value


def test_a_lone_comma_parts_thousands_and_a_lone_point_decimals() -> None:
    values = [number(text) for text in ("1,200", "1.200", "0,170", "1,20", "12,345,678")]

    assert [each and each.value for each in values] == [
        1_200,
        Fraction("1.2"),
        Fraction("0.17"),
        Fraction("1.2"),
        12_345_678,
    ]


@pytest.mark.parametrize("arrow", ["->", "\u2192", "=>", "\u21d2", "\u2794", "\u2013", "\u2014"])
def test_every_arrow_is_an_arrow(arrow: str) -> None:
    assert plain(f"72 h {arrow} 8 h") == "72 h -> 8 h"
    assert plain(f"72{arrow}8 h") == "72 -> 8 h"


@pytest.mark.parametrize("minus", ["-", "\u2212", "\u2013", "\u2010", "\u2011", "\ufe63"])
def test_every_minus_is_a_minus(minus: str) -> None:
    found = change(f"{minus}40 %")

    assert found is not None
    assert found.way == -1


def test_a_name_may_give_the_unit_of_its_row() -> None:
    units = [
        unit_in(name) for name in ("p95 (ms)", "Uptime, %", "Time [hours]", "Releases a quarter")
    ]

    assert [unit and unit.dimension for unit in units] == [TIME, PERCENT, TIME, RATE]
    assert unit_in("Checkout (EU)") is None
    assert unit_in("Lighthouse") is None


def test_one_value_lends_the_other_its_unit() -> None:
    pairs = [both("72", "8 h"), both("72 h", "8"), both("99.80", "99.97 %")]

    assert [pair and pair[0].unit == pair[1].unit for pair in pairs] == [True, True, True]
    assert both("72", "") is None


def test_a_step_has_two_ends() -> None:
    assert step("72 h") is None
    assert step("72 h -> 24 h -> 8 h") is None
    assert change("72 h -> 24 h -> 8 h") is None
    assert quantity("5 <b>") is None
