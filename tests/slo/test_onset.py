"""Since when it burns and fires: by hand, and against the rule replayed at every minute."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.burn import BurnRow, firing, policy_windows
from slo.objective import Objective
from slo.onset import Bins, Since, burns_since, fires_since
from slo.policy import Severity
from slo.tally import Tally

TARGET = Objective.from_percent(99)
WINDOW_S = 86_400
# Factors 0.1 x 86400 / 600 = 14.4 and 0.1 x 86400 / 1800 = 4.8.
POLICY = (
    BurnRow(Severity.PAGE, Fraction(1, 10), 600, 120),
    BurnRow(Severity.TICKET, Fraction(1, 10), 1_800, 300),
)
GOOD, BAD, HOLE = Tally(100, 100, 60), Tally(70, 100, 60), None


def bins(*parts: Sequence[Tally | None]) -> Bins:
    return Bins.of(6_000, 60, [one for part in parts for one in part])


def test_the_onset_is_the_first_of_the_bad_minutes() -> None:
    found = burns_since(bins([GOOD] * 60, [BAD] * 22), TARGET, Fraction(14))

    assert found == Since(6_000 + 60 * 60)


def test_a_good_minute_among_bad_ones_begins_nothing_anew() -> None:
    # Allowed are 14 x 1 % = 14 of 100; a bad minute is 16 too many, a good one 14 too few.
    found = burns_since(bins([GOOD] * 60, [BAD] * 5, [GOOD], [BAD] * 5), TARGET, Fraction(14))

    assert found == Since(6_000 + 60 * 60)


def test_a_good_stretch_that_outweighs_the_bad_before_it_begins_it_anew() -> None:
    # Five bad minutes are 80 too many; six good ones 84 too few.
    found = burns_since(bins([GOOD] * 60, [BAD] * 5, [GOOD] * 6, [BAD] * 5), TARGET, Fraction(14))

    assert found == Since(6_000 + 71 * 60)


def test_nothing_burns_where_the_last_minutes_are_good() -> None:
    assert burns_since(bins([BAD] * 3, [GOOD] * 60), TARGET, Fraction(14)) is None
    assert burns_since(bins(), TARGET, Fraction(14)) is None


def test_an_onset_after_a_hole_may_lie_in_the_hole() -> None:
    after_hole = burns_since(bins([GOOD] * 60, [HOLE] * 9, [BAD] * 5), TARGET, Fraction(14))
    at_the_edge = burns_since(bins([BAD] * 5), TARGET, Fraction(14))

    assert after_hole == Since(6_000 + 69 * 60, is_open=True)
    assert at_the_edge == Since(6_000, is_open=True)


def test_a_hole_within_the_bad_minutes_weighs_nothing() -> None:
    found = burns_since(bins([GOOD] * 60, [BAD] * 5, [HOLE] * 30, [BAD]), TARGET, Fraction(14))

    assert found == Since(6_000 + 60 * 60)


def test_a_page_fires_from_the_minute_in_which_its_long_window_is_full_enough() -> None:
    # Of ten minutes n are bad: burn 30 n / 1000 / 0.01 = 3 n; above 14.4 from the fifth on.
    found = fires_since(bins([GOOD] * 60, [BAD] * 9), POLICY, TARGET, Severity.PAGE, WINDOW_S)

    assert found == Since(6_000 + (60 + 5) * 60)


def test_what_does_not_fire_now_fires_since_never() -> None:
    ended = bins([BAD] * 60, [GOOD] * 60)

    assert fires_since(ended, POLICY, TARGET, Severity.PAGE, WINDOW_S) is None


def test_what_fired_at_the_first_moment_that_can_be_judged_may_be_older() -> None:
    found = fires_since(bins([BAD] * 60), POLICY, TARGET, Severity.PAGE, WINDOW_S)

    # The longest window is 30 minutes: before it is full nothing can be judged.
    assert found == Since(6_000 + 30 * 60, is_open=True)


def test_partly_measured_minutes_ask_for_a_ticket_and_no_page() -> None:
    partial = Tally(70, 100, 60, partial_s=60)
    seen = bins([GOOD] * 60, [partial] * 9)

    assert fires_since(seen, POLICY, TARGET, Severity.PAGE, WINDOW_S) is None
    assert fires_since(seen, POLICY, TARGET, Severity.TICKET, WINDOW_S) == Since(6_000 + 65 * 60)


def judged_at(seen: Sequence[Tally | None], end: int, severity: Severity) -> bool:
    """Whether rows of the severity fire at the end of a bin: summed tally by tally."""
    measured: dict[int, Tally | None] = {}
    for length in policy_windows(POLICY):
        known = [one for one in seen[end - length // 60 : end] if one is not None]
        measured[length] = sum(known[1:], known[0]) if known else None
    fired = firing(POLICY, TARGET, measured, WINDOW_S)
    return any(one.severity is severity for one in fired)


minute = st.sampled_from([GOOD, GOOD, BAD, BAD, HOLE, Tally(observed_s=60), Tally(40, 50, 60)])


@given(st.lists(minute, min_size=30, max_size=70), st.sampled_from(Severity))
def test_the_replay_equals_the_rule_asked_at_every_minute(
    seen: list[Tally | None], severity: Severity
) -> None:
    ends = range(len(seen), 29, -1)
    fires = [judged_at(seen, end, severity) for end in ends]
    quiet = fires.index(False) if False in fires else len(fires)

    found = fires_since(Bins.of(0, 60, seen), POLICY, TARGET, severity, WINDOW_S)

    if quiet == 0:
        assert found is None
    else:
        assert found == Since(60 * ends[quiet - 1], is_open=quiet == len(fires))


@pytest.mark.parametrize("factor", [1, 14])
@given(seen=st.lists(minute, max_size=40))
def test_no_other_beginning_has_a_greater_excess(factor: int, seen: list[Tally | None]) -> None:
    allowed = factor * TARGET.error_budget

    def excess(first: int) -> Fraction:
        later = (one for one in seen[first:] if one is not None)
        return sum((Fraction(one.bad) - allowed * Fraction(one.total) for one in later), Fraction())

    found = burns_since(Bins.of(0, 60, seen), TARGET, Fraction(factor))

    best = max(range(len(seen) + 1), key=lambda first: (excess(first), first))
    assert (len(seen) if found is None else found.at // 60) == best
