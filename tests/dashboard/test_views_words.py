"""Numbers as people read them: rounded last, and never to look better than they are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_builders import a_view

from dashboard.views.digits import digits_words, equals_words
from dashboard.views.slos.row_words import now_note
from dashboard.views.words import (
    budget_words,
    burn_words,
    count_words,
    cut_words,
    decimal_words,
    decimals_of,
    duration_words,
    freshness_words,
    length_words,
    percent_words,
    window_words,
)

RATIOS = st.fractions(min_value=0, max_value=1)


def number_of(words: str) -> Fraction:
    digits = words.removesuffix(" %").removesuffix("×").replace(",", "").replace("−", "-")
    return Fraction(digits)


@given(RATIOS, st.integers(0, 6))
def test_a_ratio_is_never_shown_higher_than_it_is(ratio: Fraction, decimals: int) -> None:
    shown = number_of(percent_words(ratio, decimals)) / 100

    assert shown <= ratio < shown + Fraction(1, 10 ** (decimals + 2))


def test_one_failure_in_ten_million_is_not_shown_as_one_hundred_percent() -> None:
    almost = Fraction(9_999_999, 10_000_000)

    assert percent_words(almost, 3) == "99.999 %"
    assert percent_words(Fraction(1), 3) == "100.000 %"


@given(st.fractions(min_value=-50, max_value=1))
def test_a_budget_that_is_not_spent_never_reads_zero(left: Fraction) -> None:
    words = budget_words(left)

    assert (words == "0 %") == (left == 0)
    assert ("−" in words) == (left < 0)


def test_a_budget_just_under_a_quarter_does_not_read_a_quarter() -> None:
    assert budget_words(Fraction(2_499, 10_000)) == "24 %"
    assert budget_words(Fraction(1, 4)) == "25 %"


def test_an_overspent_budget_carries_a_true_minus_and_is_rounded_away_from_zero() -> None:
    assert budget_words(Fraction(-2_150, 10_000)) == "−22 %"
    assert budget_words(Fraction(-31_676, 10_000)) == "−317 %"


@given(st.fractions(min_value=0, max_value=2_000))
def test_a_burn_rate_is_never_shown_lower_than_it_is(rate: Fraction) -> None:
    words = burn_words(rate)

    assert words == "<0.1×" or number_of(words) >= rate


def test_a_burn_of_14_449_reads_higher_than_the_threshold_it_exceeds() -> None:
    assert burn_words(Fraction(14_449, 1_000)) == "14.5×"
    assert burn_words(Fraction(144, 10)) == "14.4×"


@pytest.mark.parametrize(
    ("objective", "decimals"), [("99.95", 3), ("99.9", 2), ("99", 1), ("95", 1), ("99.0", 1)]
)
def test_the_decimals_of_an_sli_follow_its_objective(objective: str, decimals: int) -> None:
    assert decimals_of(Decimal(objective)) == decimals


def test_absent_is_a_dash_and_never_a_number() -> None:
    assert [percent_words(None, 2), budget_words(None), burn_words(None)] == ["–", "–", "–"]


@given(st.integers(0, 10**8))
def test_a_length_never_reads_longer_than_it_is(seconds: int) -> None:
    units = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    parts = duration_words(seconds).split()

    shown = sum(
        int(number) * units[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True)
    )

    assert shown <= seconds
    assert len(parts) in {2, 4}


@given(st.fractions(min_value=-1_000, max_value=1_000))
def test_an_equals_sign_stands_only_before_a_number_that_is_whole(value: Fraction) -> None:
    sign, digits = equals_words(value).split()

    shown = number_of(digits)
    assert (sign == "=") == (shown == value)
    assert abs(shown - value) < Fraction(1, 10**9)


@given(st.integers(1, 10**14 - 1))
def test_a_target_of_twelve_digits_and_its_budget_are_shown_whole(parts: int) -> None:
    target = Fraction(parts, 10**14)

    assert number_of(digits_words(target)) == target
    assert number_of(digits_words(1 - target)) == 1 - target


@given(st.fractions(min_value=Fraction(1, 10**25), max_value=1))
def test_what_is_not_nothing_is_never_written_as_0(value: Fraction) -> None:
    assert abs(number_of(digits_words(value)) - value) * 1_000 < value


def test_thousands_are_parted_and_whole_counts_have_no_decimals() -> None:
    assert count_words(1e9) == "1,000,000,000"
    assert count_words(12.5) == "12.5"
    assert decimal_words(Fraction(1_234_567), 1) == "1,234,567.0"


def test_freshness_names_the_day_when_it_was_not_today() -> None:
    assert freshness_words(1_795_362_000, 1_795_362_120) == "data to 15:40 UTC, 2 min ago"
    assert freshness_words(1_795_000_000, 1_795_362_120) == (
        "data to 18 Nov 2026 11:06 UTC, 4 d ago"
    )


def test_windows_read_as_people_say_them() -> None:
    assert [window_words(kind) for kind in ("30d", "6h", "quarter")] == [
        "rolling 30 d",
        "rolling 6 h",
        "this quarter",
    ]


@given(st.text(), st.integers(1, 300))
def test_words_that_are_cut_are_no_longer_than_allowed_and_say_so(said: str, longest: int) -> None:
    shown = cut_words(said, longest)

    assert len(shown) <= longest
    assert shown == said or (len(said) > longest and shown == f"{said[: longest - 1]}…")


def test_a_length_in_minutes_is_spelt_alike_in_the_table_and_in_the_list_of_rows() -> None:
    hot = a_view(left="0.4", burns={"1h": "20", "5m": "20"})
    (first, *_) = hot.judgement.firing
    half_an_hour = replace(first, row=replace(first.row, long_s=1_800))
    fired = replace(hot, judgement=replace(hot.judgement, firing=(half_an_hour,)))

    said = now_note(fired)

    assert said is not None
    assert said.endswith(f" over {length_words(1_800)}")
    assert length_words(1_800) == "30 min"
