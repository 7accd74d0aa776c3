"""Who spent the budget: by hand arithmetic on bins of a quarter hour."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import median

import numpy as np
from builders import DAY_S, QUARTER_S
from hypothesis import given
from hypothesis import strategies as st

from slo.attribution import Attribution, attributed, until_next
from slo.claims import Counted, Suspect
from slo.spans import Span

BEGUN = 10 * DAY_S
WINDOW = Span(BEGUN, BEGUN + DAY_S)
BUDGET = Fraction(1, 100)


def counted(bad: Sequence[float], *, before: float = 0, total: float = 100) -> Counted:
    """A day of quarter hours with `before` bad events each, then those of the window."""
    every = np.array([before] * 96 + list(bad), np.float64)
    at = BEGUN - DAY_S + QUARTER_S * np.arange(len(every), dtype=np.int64)
    return Counted(at, at + QUARTER_S, every, np.full(len(every), total))


def suspect(key: str, first: int, last: int, *, late_s: int = 0) -> Suspect:
    """One that is responsible from the first to the last quarter hour of the window."""
    at = BEGUN + first * QUARTER_S + late_s
    return Suspect(key, at, Span(at, BEGUN + (last + 1) * QUARTER_S))


def of(found: Attribution, key: str) -> Fraction:
    """What one suspect spent."""
    return next(one.bad for one in found.spent if one.suspect.key == key)


def test_a_deploy_spends_what_is_above_the_usual_before_it() -> None:
    found = attributed(counted([2, 2, 12, 12, 2, 2], before=2), WINDOW, [suspect("d1", 2, 5)])

    assert of(found, "d1") == 20  # two quarter hours, 10 above the usual 2 each
    assert found.unattributed == 32 - 20


def test_what_nobody_claims_is_unattributed_and_all_sums_to_what_was_spent() -> None:
    found = attributed(counted([5, 0, 7]), WINDOW, [suspect("d1", 2, 2)])

    # In the hour before it 5 of 400 were bad, so 1.25 of its 7 were to be expected.
    assert (of(found, "d1"), found.unattributed, found.bad) == (5.75, 6.25, 12)
    assert found.budget_share(found.bad, BUDGET) == Fraction(12, 300) / BUDGET


def test_an_incident_within_a_deploys_time_shares_the_bins_with_it() -> None:
    found = attributed(counted([0, 8, 8]), WINDOW, [suspect("d1", 0, 2), suspect("inc", 2, 2)])

    # The incident began while it burned already: 8 of 100 in the quarter before, 2 of 100 in the
    # hour, so of its own quarter it claims 6 of the 8, beside the deploy's 8.
    assert of(found, "inc") == Fraction(8 * 6, 14)
    assert of(found, "d1") == 8 + Fraction(8 * 8, 14)
    assert found.unattributed == 0


def test_a_deploy_that_came_while_it_burned_is_not_held_to_have_lit_it() -> None:
    burning = [50.0] * 8
    found = attributed(counted(burning), WINDOW, [suspect("lit", 0, 3), suspect("late", 4, 7)])

    assert (of(found, "lit"), of(found, "late")) == (200, 0)
    assert found.unattributed == 200


def test_an_outage_of_the_day_before_hides_nobody() -> None:
    bad = np.zeros(96 + 4)
    bad[10:14], bad[96:] = 100, 3
    made = counted([0] * 4)
    found = attributed(
        Counted(made.at, made.until, bad, made.total), WINDOW, [suspect("slow leak", 0, 3)]
    )

    assert of(found, "slow leak") == 12


def test_without_a_day_before_nothing_is_held_against_anybody() -> None:
    whole = counted([9, 9])
    young = Counted(whole.at[96:], whole.until[96:], whole.bad[96:], whole.total[96:])
    found = attributed(young, WINDOW, [suspect("first", 0, 1)])

    assert found.spent[0].usual is None
    assert (of(found, "first"), found.unattributed) == (0, 18)


def test_a_change_within_a_quarter_hour_is_responsible_for_the_whole_of_it() -> None:
    found = attributed(counted([0, 6, 6]), WINDOW, [suspect("d1", 1, 2, late_s=420)])

    assert of(found, "d1") == 12


def test_what_began_before_the_window_answers_for_its_part_within() -> None:
    early = Suspect("old", BEGUN - 450, Span(BEGUN - 450, BEGUN + QUARTER_S))
    found = attributed(counted([10, 10]), WINDOW, [early])

    assert (of(found, "old"), found.unattributed) == (10, 10)


def test_nothing_measured_is_no_share_rather_than_none_spent() -> None:
    none = Counted(*np.zeros((2, 0), np.int64), np.zeros(0), np.zeros(0))
    found = attributed(none, WINDOW, [suspect("d1", 0, 3)])

    assert found.budget_share(found.bad, BUDGET) is None


@given(st.lists(st.integers(0, 100), min_size=1, max_size=96))
def test_the_usual_is_the_median_quarter_hour_of_the_day_before(bad: list[int]) -> None:
    at = BEGUN - QUARTER_S * np.arange(len(bad), 0, -1, dtype=np.int64)
    total = 100 + 7 * np.arange(len(bad), dtype=np.float64)
    made = Counted(at, at + QUARTER_S, np.array(bad, np.float64), total)
    shares = [Fraction(one) / Fraction(int(of)) for one, of in zip(bad, total, strict=True)]

    assert made.median_share_of(Span(BEGUN - DAY_S, BEGUN)) == median(shares)


def test_bins_after_the_window_are_nobodys() -> None:
    late = counted([0, 0] + [50.0] * 4)
    short = Span(BEGUN, BEGUN + 2 * QUARTER_S)
    found = attributed(late, short, [suspect("d1", 0, 5)])

    assert (of(found, "d1"), found.bad, found.unattributed) == (0, 0, 0)


def test_the_minute_in_which_the_next_deploy_came_is_the_next_ones() -> None:
    moments = [BEGUN, BEGUN + QUARTER_S + 437]
    spans = until_next(moments, 3_600, WINDOW.until)
    suspects = [Suspect(key, at, span) for key, at, span in zip("ab", moments, spans, strict=True)]
    whole = counted([0, 5, 3, 8])
    cut = BEGUN + QUARTER_S + 420
    # The quarter hour in which the second came is two bins: 5 bad before its minute, 3 from there.
    at, until = whole.at.copy(), whole.until.copy()
    until[97], at[98], until[98], at[99], until[99] = (cut, cut, cut + 480, cut + 480, cut + 1_380)
    found = attributed(Counted(at, until, whole.bad, whole.total), WINDOW, suspects)

    # Of the hour before the second one 5 of 400 were bad: of 3 and 8 it claims 1.75 and 6.75.
    assert (of(found, "a"), of(found, "b")) == (5, Fraction(17, 2))


def test_of_two_deploys_at_one_moment_the_last_answers_for_what_follows() -> None:
    first, second = until_next([BEGUN, BEGUN], 3_600, WINDOW.until)

    assert first.length_s == 0
    assert second.length_s == 3_600


@given(
    bad=st.lists(st.integers(0, 100), min_size=1, max_size=40),
    places=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=6),
    before=st.integers(0, 20),
)
def test_parts_are_never_negative_and_always_sum_to_the_whole(
    bad: list[int], places: list[tuple[int, int]], before: int
) -> None:
    suspects = [suspect(f"s{n}", at, at + more) for n, (at, more) in enumerate(places)]
    found = attributed(counted([float(one) for one in bad], before=before), WINDOW, suspects)

    assert all(one.bad >= 0 for one in found.spent)
    assert found.unattributed >= 0
    assert sum((one.bad for one in found.spent), found.unattributed) == sum(bad)


def chain(*firsts: int) -> list[Suspect]:
    """Changes a, b, c … of one service, each at the beginning of a quarter hour of the window."""
    moments = [BEGUN + first * QUARTER_S for first in firsts]
    spans = until_next(moments, DAY_S, WINDOW.until)
    keys = "abcdefgh"[: len(moments)]
    found = zip(keys, moments, spans, ["", *keys], strict=False)
    return [Suspect(key, at, span, after=after) for key, at, span, after in found]


def test_the_change_that_mends_an_outage_is_not_charged_for_it() -> None:
    found = attributed(counted([0, 50, 50, 50, 0, 0]), WINDOW, chain(1, 2))

    # It burns on at the level at which the second came, until it is over.
    assert (of(found, "a"), of(found, "b"), found.unattributed) == (150, 0, 0)


def test_a_change_that_makes_it_worse_is_charged_for_what_is_above() -> None:
    found = attributed(counted([0, 20, 60, 60, 0]), WINDOW, chain(1, 2))

    # 20 of 100 are the first one's throughout; the second is held to have added 40 twice.
    assert (of(found, "a"), of(found, "b"), found.unattributed) == (60, 80, 0)


def test_what_breaks_anew_after_it_was_mended_is_the_later_ones() -> None:
    found = attributed(counted([0, 50, 50, 0, 0, 0, 0, 0, 50]), WINDOW, chain(1, 2))

    # Of the hour before the second one 50 of 400 were bad, which it is not held against.
    assert of(found, "a") == 100
    assert of(found, "b") == 50 - Fraction(50, 400) * 100


def test_what_burns_through_several_changes_is_that_of_the_first() -> None:
    found = attributed(counted([0, 50, 50, 50, 50, 0]), WINDOW, chain(1, 2, 3, 4))

    assert [of(found, key) for key in "abcd"] == [200, 0, 0, 0]
    assert found.unattributed == 0


def test_what_is_left_below_half_no_longer_burns_on() -> None:
    found = attributed(counted([0, 40, 40, 20, 20]), WINDOW, chain(1, 2))

    assert (of(found, "a"), found.unattributed + of(found, "b")) == (80, 40)


def test_an_incident_shares_with_both_whose_failures_lie_above_each_other() -> None:
    suspects = [*chain(1, 2), suspect("inc", 2, 2)]
    found = attributed(counted([0, 20, 60]), WINDOW, suspects)

    # The second quarter: 20 of a and 40 of b are one claim of 60; the incident's, above 20 of 400
    # in the hour before it, is 55. The larger is shared in proportion.
    part = Fraction(60, 115)
    assert of(found, "inc") == part * 55
    assert (of(found, "a"), of(found, "b")) == (20 + part * 20, part * 40)
