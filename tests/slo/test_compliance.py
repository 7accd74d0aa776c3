"""A period is kept or missed by the targets it had, exactly, and by nothing that came later."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from slo.budget import Budget
from slo.compliance import Compliance
from slo.objective import Objective
from slo.tally import Tally

LOOSE, STRICT = Objective.from_percent(99), Objective.from_percent("99.9")
COUNTS = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)).map(
    lambda pair: Tally(min(pair), max(pair), 60)
)


def test_a_period_that_nobody_measured_was_neither_kept_nor_missed() -> None:
    nothing = Compliance(((LOOSE, None), (STRICT, None)))

    assert (nothing.tally, nothing.sli, nothing.remaining, nothing.is_kept) == (None,) * 4


def test_a_measured_period_without_events_has_no_verdict_either() -> None:
    idle = Compliance(((LOOSE, Tally(observed_s=60)),))

    assert idle.tally == Tally(observed_s=60)
    assert (idle.sli, idle.remaining, idle.is_kept) == (None, None, None)


def test_a_budget_spent_to_the_last_event_was_kept_and_one_event_more_misses_it() -> None:
    exact = Compliance(((LOOSE, Tally(990, 1_000)),))
    over = Compliance(((LOOSE, Tally(989, 1_000)),))

    assert (exact.remaining, exact.is_kept) == (0, True)
    assert (over.remaining, over.is_kept) == (Fraction(-1, 10), False)


def test_both_targets_of_a_month_allow_what_their_own_parts_allow() -> None:
    """99 % of 10,000 allows 100, 99.9 % of 20,000 allows 20: 120 in all, of which 90 were bad."""
    month = Compliance(((LOOSE, Tally(9_930, 10_000)), (STRICT, Tally(19_980, 20_000))))

    assert (month.allowed, month.bad) == (120, 90)
    assert month.remaining == Fraction(1, 4)
    assert month.sli == Fraction(29_910, 30_000)


def test_neither_target_alone_would_have_said_the_same() -> None:
    """Overspent by the new target alone, three quarters left by the old one alone."""
    parts = Tally(9_930, 10_000), Tally(19_980, 20_000)
    whole = parts[0] + parts[1]

    by_the_new = Compliance(((STRICT, whole),))
    by_the_old = Compliance(((LOOSE, whole),))

    assert (by_the_new.remaining, by_the_old.remaining) == (-2, Fraction(7, 10))


@given(COUNTS)
def test_a_period_with_one_target_has_the_budget_that_the_target_has(tally: Tally) -> None:
    assert Compliance(((STRICT, tally),)).remaining == Budget(STRICT, tally).remaining


@given(COUNTS, COUNTS)
def test_cutting_a_period_where_the_target_stays_changes_no_figure(one: Tally, two: Tally) -> None:
    cut, whole = Compliance(((LOOSE, one), (LOOSE, two))), Compliance(((LOOSE, one + two),))

    assert (cut.sli, cut.allowed, cut.bad) == (whole.sli, whole.allowed, whole.bad)
    assert (cut.remaining, cut.is_kept) == (whole.remaining, whole.is_kept)
