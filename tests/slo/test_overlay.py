"""Slices laid over each other, against a rule that is written out bin by bin."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slo.overlay import (
    COLUMNS,
    ESTIMATED,
    EXCLUDED_S,
    GOOD,
    LESSER,
    OBSERVED,
    TOTAL,
    laid_coarsely,
    laid_over,
)


@dataclass(frozen=True)
class Bin:
    """A minute of a member, as far as it was observed."""

    good_s: int = 0
    total_s: int = 0
    observed_s: int = 0
    is_corrected: bool = False

    @property
    def row(self) -> list[float]:
        own = [float(one) for one in (self.good_s, self.total_s, self.observed_s)]
        return [*own, *(one * self.is_corrected for one in own), 0.0, 0.0, 0.0]

    @property
    def is_bad(self) -> bool:
        return self.good_s < self.total_s


@st.composite
def bins(draw: st.DrawFn) -> Bin:
    observed_s = draw(st.integers(0, 60))
    total_s = draw(st.sampled_from([0, observed_s]))
    good_s = draw(st.sampled_from([0, total_s // 2, total_s]))
    return Bin(good_s, total_s, observed_s, draw(st.booleans()) and observed_s > 0)


def by_hand(members: list[Bin]) -> Bin:
    bad = [one for one in members if one.is_bad]
    seconds = max(one.observed_s for one in bad) if bad else min(one.observed_s for one in members)
    total = seconds if any(one.total_s for one in members) else 0
    is_corrected = any(one.is_corrected for one in members)
    if any(one.is_bad and not one.is_corrected for one in members):
        is_corrected = False
    return Bin(0 if bad else total, total, seconds, is_corrected)


@given(st.lists(bins(), min_size=1, max_size=4))
def test_a_bin_is_what_the_rule_says(members: list[Bin]) -> None:
    found = laid_over(np.array([[one.row] for one in members]))

    assert found[0].tolist() == by_hand(members).row


@given(st.lists(bins(), min_size=2, max_size=4), st.randoms())
def test_the_order_of_members_says_nothing_and_each_counts_once(
    members: list[Bin], by: object
) -> None:
    shuffled = [*members, members[0]]
    by.shuffle(shuffled)  # type: ignore[attr-defined]

    found, again = (
        laid_over(np.array([[one.row] for one in each])) for each in (members, shuffled)
    )

    assert found.tolist() == again.tolist()


@given(st.lists(bins(), min_size=3, max_size=3))
def test_what_is_laid_over_two_that_were_laid_is_laid_over_all(members: list[Bin]) -> None:
    known = [Bin(*astuple(one)[:3]) for one in members]
    first, *rest = (np.array([[one.row]]) for one in known)

    inner = laid_over(np.concatenate(rest))
    nested = laid_over(np.concatenate([first, inner[None]]))

    assert nested.tolist() == laid_over(np.concatenate([first, *rest])).tolist()


@given(st.lists(bins(), min_size=1, max_size=4))
def test_of_what_has_no_minutes_any_more_no_less_is_bad_and_it_is_called_an_estimate(
    members: list[Bin],
) -> None:
    rows = np.array([[one.row] for one in members])

    found = laid_coarsely(rows)[0]

    most_bad = max(one.total_s - one.good_s for one in members)
    assert found[TOTAL] - found[GOOD] >= most_bad
    assert found[GOOD] >= 0
    assert found[TOTAL] <= found[OBSERVED] <= 60
    assert (found[ESTIMATED] > 0) == (most_bad > 0)
    assert len(found) == COLUMNS


def test_a_bin_is_as_doubtful_as_its_most_doubtful_member_and_no_longer_than_it_was_seen() -> None:
    clean = [60.0, 60, 60, 0, 0, 0, 0, 0, 0]
    doubtful = [60.0, 60, 60, 0, 0, 0, 20, 30, 60]
    short = [0.0, 15, 15, 0, 0, 0, 0, 0, 0]

    found = laid_over(np.array([[clean, clean], [doubtful, doubtful], [clean, short]]))

    assert found[:, LESSER].tolist() == [[20, 30, 60], [15, 15, 15]]


def test_without_minutes_as_long_as_all_were_seen_is_counted_and_all_that_was_bad() -> None:
    """300 s of which all saw 300; where 500 were bad, 500."""
    short, whole = [300.0, 300, 300, *[0] * 6], [900.0, 900, 900, *[0] * 6]
    half, most = [800.0, 900, 900, *[0] * 6], [400.0, 900, 900, *[0] * 6]

    found = laid_coarsely(np.array([[short, short], [half, most], [whole, whole]]))

    assert found[:, OBSERVED].tolist() == [300, 500]
    assert found[:, GOOD].tolist() == [200, 0]


def test_without_minutes_too_a_correction_excludes_unless_another_one_is_bad() -> None:
    good, bad = [900.0, 900, 900, *[0] * 6], [600.0, 900, 900, *[0] * 6]
    work = [600.0, 900, 900, 600, 900, 900, 0, 0, 0]

    found = laid_coarsely(np.array([[work, work], [good, bad]]))

    assert found[:, EXCLUDED_S].tolist() == [900, 0]


def test_what_was_an_estimate_and_is_good_stays_one() -> None:
    estimate = [900.0, 900, 900, 0, 0, 0, 0, 60, 0]

    assert laid_coarsely(np.array([[estimate]]))[0, ESTIMATED] == 60
