"""A claimed change is right where the exact one rounds to it, and is named in the right unit."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.evidence.claims.arithmetic import Checked, Finding, checked
from slo.evidence.claims.changes import both, change
from slo.evidence.claims.quantities import quantity


def found(before: str, after: str, claimed: str) -> Checked:
    values = both(before, after)
    assert values is not None
    return checked(*values, change(claimed))


@pytest.mark.parametrize(
    ("before", "after", "claimed", "finding"),
    [
        ("820 ms", "490 ms", "-40 %", Finding.OK),
        ("monthly", "weekly", "+5x", Finding.WRONG),
        ("99.80 %", "99.97 %", "+0.17 pp", Finding.OK),
        ("3.9", "4.7", "+0.8", Finding.OK),
        ("4", "12", "+200 %", Finding.OK),
        ("2.5", "0.5", "-80 %", Finding.OK),
        ("72 h", "8 h", "-80 %", Finding.WRONG),
        ("72 h", "8 h", "-89 %", Finding.OK),
        ("42", "94", "+52 points", Finding.OK),
    ],
)
def test_every_claim_of_the_case_study_has_its_finding(
    before: str, after: str, claimed: str, finding: Finding
) -> None:
    assert found(before, after, claimed).finding is finding


def test_the_exact_changes_are_those_of_the_oracle(shared: Path) -> None:
    oracle = json.loads((shared / "oracles" / "statistics.json").read_text())["claims"]
    latency = found("820 ms", "490 ms", "-40 %").exact
    often = found("monthly", "weekly", "+5x").exact
    uptime = found("99.80 %", "99.97 %", "+0.17 pp").exact
    rating = found("3.9", "4.7", "+0.8").exact
    pipeline = found("72 h", "8 h", "-80 %").exact
    lighthouse = found("42", "94", "").exact
    assert latency and often and uptime and rating and pipeline and lighthouse  # noqa: PT018

    told = {
        "p95 820->490 -40%": {"exact": latency.percent},
        "deploys monthly->weekly +5x": {
            "exact_times": often.times,
            "exact_pct_increase": often.percent,
        },
        "uptime +0.17pp": {
            "exact_pp": uptime.points,
            "downtime_change_pct": uptime.downtime_percent,
        },
        "rating +0.8": {"exact": rating.absolute, "pct": rating.percent},
        "pipeline 72h->8h -80%": {"exact": pipeline.percent},
        "lighthouse 42->94": {"exact_points": lighthouse.absolute, "pct": lighthouse.percent},
    }
    for name, values in told.items():
        for key, value in values.items():
            assert value is not None
            assert float(value) == pytest.approx(oracle[name][key], abs=1e-9), name


@pytest.mark.parametrize("claimed", ["+2x", "+3x"])
def test_so_many_times_more_is_ambiguous_even_where_a_reading_fits(claimed: str) -> None:
    assert found("4", "12", claimed).finding is Finding.AMBIGUOUS
    assert found("4", "12", "+4x").finding is Finding.WRONG
    assert found("4", "12", "3x").finding is Finding.OK


def test_five_times_less_is_ambiguous_too() -> None:
    assert found("2.5", "0.5", "-5x").finding is Finding.AMBIGUOUS


@pytest.mark.parametrize("claimed", ["+0.17 %", "-85 %", "0.17%"])
def test_percent_of_a_percentage_is_the_wrong_unit(claimed: str) -> None:
    assert found("99.80 %", "99.97 %", claimed).finding is Finding.UNIT


def test_percent_of_the_downtime_is_the_right_unit_where_it_says_so() -> None:
    assert found("99.80 %", "99.97 %", "-85 % downtime").finding is Finding.OK
    assert found("99.80 %", "99.97 %", "-80 % downtime").finding is Finding.WRONG


def test_points_of_what_is_no_percentage_are_the_wrong_unit() -> None:
    assert found("820 ms", "490 ms", "-40 pp").finding is Finding.UNIT
    assert found("820 ms", "490 ms", "-330 %-points").finding is Finding.UNIT


@pytest.mark.parametrize(
    ("claimed", "finding"),
    [
        ("9x faster", Finding.OK),
        ("9 times faster", Finding.OK),
        ("9x", Finding.OK),
        ("\u00d79", Finding.OK),
        ("8.9x faster", Finding.WRONG),
        ("-64 h", Finding.OK),
        ("-64", Finding.OK),
        ("64 h less", Finding.OK),
        ("+64 h", Finding.WRONG),
        ("-3840 min", Finding.OK),
        ("-64 ms", Finding.WRONG),
        ("89 %", Finding.OK),
        ("89 % faster", Finding.OK),
        ("+89 %", Finding.WRONG),
        ("89 % slower", Finding.WRONG),
        ("more than 80 %", Finding.OK),
        ("over 90 %", Finding.WRONG),
        ("72 h \u2192 8 h", Finding.OK),
        ("72 h -> 9 h", Finding.WRONG),
        ("down 89 %", Finding.OK),
        ("-88.9 %", Finding.OK),
        ("-88.8 %", Finding.WRONG),
        ("much better", Finding.NOTHING),
        ("", Finding.NOTHING),
    ],
)
def test_one_change_may_be_told_in_many_ways(claimed: str, finding: Finding) -> None:
    assert found("72 h", "8 h", claimed).finding is finding


def test_a_factor_may_be_told_as_a_word() -> None:
    assert found("10", "20", "doubled").finding is Finding.OK
    assert found("20", "10", "halved").finding is Finding.OK
    assert found("10", "30", "doubled").finding is Finding.WRONG
    assert found("20", "10", "doubled").finding is Finding.WRONG


def test_an_absolute_change_is_told_in_the_unit_of_its_values() -> None:
    assert found("820 ms", "490 ms", "-330 EUR").finding is Finding.UNIT
    assert found("99.80 %", "99.97 %", "+0.17 points").finding is Finding.OK


def test_faster_means_more_of_what_comes_so_often() -> None:
    assert found("monthly", "weekly", "4.3x faster").finding is Finding.OK
    assert found("weekly", "monthly", "4.3x faster").finding is Finding.WRONG
    assert found("monthly", "weekly", "4.3x as often").finding is Finding.OK
    assert found("monthly", "weekly", "+335 %").finding is Finding.OK


def test_from_nothing_there_is_no_percentage_and_no_factor() -> None:
    for claimed in ("+100 %", "5x", "+5x"):
        assert found("0", "5", claimed).finding is Finding.WRONG
    assert found("0", "5", "+5").finding is Finding.OK
    assert found("5", "0", "-100 %").finding is Finding.OK
    assert found("0", "0", "0 %").finding is Finding.OK


def test_what_is_of_two_kinds_cannot_be_compared() -> None:
    assert found("820 ms", "99 %", "-40 %").finding is Finding.INCOMPARABLE
    assert found("5 EUR", "6 USD", "+20 %").finding is Finding.INCOMPARABLE


def test_what_cannot_be_read_is_not_called_wrong() -> None:
    assert checked(quantity("sunny"), quantity("8 h"), change("-40 %")).finding is (
        Finding.UNREADABLE
    )


def test_a_negative_value_before_has_no_percentage() -> None:
    exact = found("-5 EUR", "5 EUR", "+10").exact

    assert exact is not None
    assert (exact.percent, exact.times, exact.absolute) == (None, None, 10)


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(0, 3))
def test_the_rounded_change_is_right_and_the_next_one_is_wrong(
    before: int, after: int, decimals: int
) -> None:
    exact = Fraction(after - before, before) * 100
    rounded = round(abs(exact), decimals)
    sign = "-" if exact < 0 else "+"

    def claim(value: Fraction) -> Finding:
        return found(f"{before}", f"{after}", f"{sign}{float(value):.{decimals}f} %").finding

    assert claim(rounded) is Finding.OK
    assert claim(rounded + 2 * Fraction(1, 10**decimals)) is Finding.WRONG


def test_a_half_may_have_been_rounded_either_way() -> None:
    assert found("200", "101", "-49 %").finding is Finding.OK
    assert found("200", "101", "-50 %").finding is Finding.OK
    assert found("200", "101", "-49.4 %").finding is Finding.WRONG


@pytest.mark.parametrize(
    ("before", "after", "claimed", "finding"),
    [
        ("1.234 ms", "617 ms", "-50 %", Finding.AMBIGUOUS),
        ("617 ms", "1.234 ms", "+100 %", Finding.AMBIGUOUS),
        ("1.234 ms", "617 ms", "2x faster", Finding.AMBIGUOUS),
        ("1.234 ms", "617 ms", "-40 %", Finding.WRONG),  # of neither reading
        ("1.234 ms", "0.617 ms", "-50 %", Finding.OK),  # of this one, so it is none of the other
        ("1.234 ms", "2.468 ms", "+100 %", Finding.OK),
        ("0.234 ms", "117 ms", "-50 %", Finding.WRONG),  # no thousand begins with a nought
        ("1.23 ms", "615 ms", "-50 %", Finding.WRONG),
        ("1234.000 ms", "617000 ms", "-50 %", Finding.WRONG),
    ],
)
def test_a_lone_point_before_three_digits_is_ambiguous_where_only_thousands_bear_the_claim_out(
    before: str, after: str, claimed: str, finding: Finding
) -> None:
    assert found(before, after, claimed).finding is finding
