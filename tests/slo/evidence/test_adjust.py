"""p-values of a family are worth less, in the order in which they were given."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from slo.evidence.adjust import adjusted
from slo.evidence.terms import Multiple

FAMILY = [0.0075, 0.00054, 0.0085, 0.0768, 0.03, 0.2, 0.001]
P_VALUES = st.lists(st.floats(0, 1), max_size=9)


def test_a_family_of_seven_is_adjusted_as_by_hand() -> None:
    holm = [0.0375, 0.00378, 0.0375, 0.1536, 0.09, 0.2, 0.006]
    bh = [0.014875, 0.0035, 0.014875, 0.0896, 0.042, 0.2, 0.0035]

    assert adjusted(FAMILY, Multiple.HOLM) == pytest.approx(holm, abs=1e-12)
    assert adjusted(FAMILY, Multiple.BH) == pytest.approx(bh, abs=1e-12)
    assert adjusted(FAMILY, Multiple.NONE) == tuple(FAMILY)


@given(P_VALUES)
def test_the_share_of_errors_is_held_as_another_library_holds_it(p_values: list[float]) -> None:
    other = stats.false_discovery_control(p_values) if p_values else []

    assert adjusted(p_values, Multiple.BH) == pytest.approx(list(other), abs=1e-12)


@given(P_VALUES, st.sampled_from(Multiple))
def test_adjusting_keeps_the_order_and_makes_no_p_value_smaller(
    p_values: list[float], how: Multiple
) -> None:
    found = adjusted(p_values, how)

    for before, after in zip(p_values, found, strict=True):
        assert after is not None
        assert before - 1e-12 <= after <= 1
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    told = [found[place] or 0.0 for place in order]
    assert told == sorted(told)


@given(P_VALUES, st.sampled_from(Multiple))
def test_what_was_not_tested_takes_nothing_from_the_others(
    p_values: list[float], how: Multiple
) -> None:
    with_none = adjusted([None, *p_values, None], how)

    assert with_none == (None, *adjusted(p_values, how), None)


def test_an_empty_family_stays_empty() -> None:
    assert adjusted([], Multiple.HOLM) == ()
    assert adjusted([None], Multiple.HOLM) == (None,)


@pytest.mark.parametrize("wrong", [math.nan, -0.1, 1.1])
@pytest.mark.parametrize("how", list(Multiple))
def test_a_p_value_that_is_no_probability_is_refused(wrong: float, how: Multiple) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        adjusted([0.5, wrong], how)
