"""Coverage is the observed share of a span, whatever was observed in it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import tallies

from slo.coverage import coverage
from slo.spans import Span
from slo.tally import Tally


@given(tallies(), st.integers(1, 10**7), st.integers(1, 5))
def test_coverage_is_a_share_between_nothing_and_all(
    tally: Tally, length_s: int, members: int
) -> None:
    share = coverage(tally, Span(0, length_s), members)

    assert share is not None
    assert 0 <= share <= 1


@pytest.mark.parametrize(
    ("tally", "span", "members", "share"),
    [
        (Tally(observed_s=1_800), Span(0, 3_600), 1, Fraction(1, 2)),
        (Tally(observed_s=3_600), Span(0, 3_600), 2, Fraction(1, 2)),
        (Tally(5, 5, 3_600), Span(0, 3_600), 1, Fraction(1)),
        (None, Span(0, 3_600), 1, Fraction(0)),
        (Tally(), Span(60, 60), 1, None),
        (Tally(), Span(0, 60), 0, None),
    ],
)
def test_coverage_is_observed_time_over_the_span_of_all_members(
    tally: Tally | None, span: Span, members: int, share: Fraction | None
) -> None:
    assert coverage(tally, span, members) == share
