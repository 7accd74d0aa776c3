"""Two facts are never merged: what happens now, and how much of the budget is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import doubtful_tallies, objectives

from slo.burn import default_policy, policy_windows
from slo.judgement import (
    Check,
    Judgement,
    Level,
    Measured,
    Now,
    Reason,
    State,
    check_of,
    judge,
    level_of,
    state_of,
    worst,
)
from slo.objective import Objective
from slo.policy import Policy, Severity
from slo.tally import Tally

MONTH_S = 30 * 86_400
TARGET = Objective.from_percent("99.9")
POLICY = default_policy(TARGET, MONTH_S)
FAST, SLOW_TICKET = POLICY[0], POLICY[3]
FULL = Tally(999_900, 1_000_000, MONTH_S)


def measured(
    window: Tally | None = FULL, bad_s: int = 0, *, is_stale: bool = False, **doubts: int
) -> Measured:
    """A window, and the last `bad_s` seconds of the recent ones failing wholly."""
    recent = {
        length_s: Tally(max(0, length_s - bad_s), length_s, length_s, **doubts)
        for length_s in policy_windows(POLICY)
    }
    return Measured(window, recent, is_stale=is_stale)


def judged(what: Measured, policy: Policy = POLICY) -> Judgement:
    return judge(TARGET, policy, what, MONTH_S)


@pytest.mark.parametrize(
    ("tally", "state", "words"),
    [
        (None, State.NO_DATA, "not measured"),
        (Tally(), State.NO_DATA, "not measured"),
        (Tally(observed_s=60), State.NO_TRAFFIC, "no traffic"),
        (Tally(0, 1, 60), State.OK, "ok"),
        (Tally(1, 1), State.OK, "ok"),
        (Tally(1, 1, 60, partial_s=60), State.PARTIAL, "partly measured"),
        (Tally(1, 1, 60, estimated_s=60), State.ESTIMATED, "estimated"),
        (Tally(1, 1, 60, partial_s=1, estimated_s=60), State.PARTIAL, "partly measured"),
        (Tally(1, 1, 60, partial_s=1, conflict_s=60), State.CONFLICT, "sources disagree"),
        (Tally(observed_s=60, conflict_s=60), State.CONFLICT, "sources disagree"),
    ],
)
def test_the_gravest_doubt_about_a_window_is_its_state(
    tally: Tally | None, state: State, words: str
) -> None:
    assert state_of(tally) is state
    assert state.words == words


@pytest.mark.parametrize(
    ("remaining", "level"),
    [
        (None, Level.UNKNOWN),
        (Fraction(1), Level.HEALTHY),
        (Fraction(1, 4), Level.HEALTHY),
        (Fraction(1, 4) - Fraction(1, 10**30), Level.LOW),
        (Fraction(1, 10**30), Level.LOW),
        (Fraction(0), Level.SPENT),
        (Fraction(-3), Level.SPENT),
    ],
)
def test_a_budget_at_exactly_nothing_left_is_spent(
    remaining: Fraction | None, level: Level
) -> None:
    assert level_of(remaining) is level


def test_a_quiet_healthy_objective_needs_no_reason() -> None:
    calm = judged(measured())

    assert calm == Judgement(Now.QUIET, Level.HEALTHY, State.OK, (), ())
    assert check_of(calm) is Check.OK


def test_a_page_may_fire_while_the_budget_is_healthy() -> None:
    paging = judged(measured(bad_s=300))

    assert (paging.now, paging.level) == (Now.PAGING, Level.HEALTHY)
    assert Reason.PAGE in paging.reasons
    assert check_of(paging) is Check.CRITICAL


def test_a_budget_may_be_spent_while_all_is_quiet() -> None:
    spent = judged(measured(Tally(998_000, 1_000_000, MONTH_S)))

    assert (spent.now, spent.level) == (Now.QUIET, Level.SPENT)
    assert spent.reasons == (Reason.SPENT,)
    assert check_of(spent) is Check.WARNING


def test_a_budget_under_a_quarter_warns() -> None:
    low = judged(measured(Tally(999_200, 1_000_000, MONTH_S)))

    assert (low.level, low.reasons) == (Level.LOW, (Reason.LOW,))
    assert check_of(low) is Check.WARNING


def test_a_ticket_level_burn_warns_and_does_not_page() -> None:
    ticket = judged(measured(bad_s=300), policy=(SLOW_TICKET,))

    assert (ticket.now, ticket.reasons) == (Now.TICKET, (Reason.TICKET,))
    assert check_of(ticket) is Check.WARNING


@pytest.mark.parametrize("doubt", ["partial_s", "estimated_s"])
def test_partial_and_estimated_counts_can_warn_but_never_page(doubt: str) -> None:
    doubtful = judged(measured(bad_s=300, **{doubt: 1}))

    assert doubtful.now is Now.TICKET
    assert Reason.DEMOTED in doubtful.reasons
    assert check_of(doubtful) is Check.WARNING


def test_no_traffic_is_ok_with_a_reason() -> None:
    silent = Measured(
        Tally(observed_s=MONTH_S), {n: Tally(observed_s=n) for n in policy_windows(POLICY)}
    )

    verdict = judged(silent)

    expected = Judgement(Now.QUIET, Level.UNKNOWN, State.NO_TRAFFIC, (), (Reason.NO_TRAFFIC,))
    assert verdict == expected
    assert check_of(verdict) is Check.OK


def test_what_was_never_measured_is_frozen_and_unknown() -> None:
    nothing = judged(Measured(None, {}))

    expected = Judgement(Now.FROZEN, Level.UNKNOWN, State.NO_DATA, (), (Reason.UNMEASURED,))
    assert nothing == expected
    assert check_of(nothing) is Check.UNKNOWN


def test_sources_that_disagree_are_unknown_unless_something_graver_holds() -> None:
    calm = judged(measured(Tally(999_900, 1_000_000, MONTH_S, conflict_s=60)))
    spent = judged(measured(Tally(1, 1_000_000, MONTH_S, conflict_s=60)))

    assert (calm.now, calm.reasons, check_of(calm)) == (
        Now.QUIET,
        (Reason.CONFLICT,),
        Check.UNKNOWN,
    )
    assert check_of(spent) is Check.WARNING


def test_stale_data_freeze_a_quiet_alert() -> None:
    stale = judged(measured(is_stale=True))

    assert (stale.now, stale.reasons) == (Now.FROZEN, (Reason.STALE,))
    assert check_of(stale) is Check.UNKNOWN


def test_stale_data_freeze_a_page_and_do_not_resolve_it() -> None:
    stale = judged(measured(bad_s=300, is_stale=True))

    assert stale.now is Now.FROZEN
    assert stale.firing
    assert check_of(stale) is Check.CRITICAL


def test_a_short_window_that_was_not_measured_freezes_instead_of_resolving() -> None:
    recent = {**measured(bad_s=300).recent, FAST.short_s: None}

    blind = judge(TARGET, (FAST,), Measured(FULL, recent), MONTH_S)

    assert (blind.now, blind.reasons) == (Now.FROZEN, (Reason.NOT_MEASURED_NOW,))
    assert check_of(blind) is Check.UNKNOWN


def test_a_row_that_fires_still_fires_while_another_is_blind() -> None:
    recent = {**measured(bad_s=300).recent, FAST.short_s: None}

    half_blind = judged(Measured(FULL, recent))

    assert half_blind.now is Now.PAGING
    assert Reason.NOT_MEASURED_NOW in half_blind.reasons


def test_every_doubtful_state_is_told_as_a_reason() -> None:
    partial = judged(measured(Tally(1_000, 1_000, MONTH_S, partial_s=60)))
    estimated = judged(measured(Tally(1_000, 1_000, MONTH_S, estimated_s=60)))

    assert partial.reasons == (Reason.PARTIAL,)
    assert estimated.reasons == (Reason.ESTIMATED,)
    assert {check_of(partial), check_of(estimated)} == {Check.OK}


@given(objectives(), doubtful_tallies(), doubtful_tallies(), doubtful_tallies(), st.booleans())
def test_any_counts_get_both_facts_and_a_check_that_follow_the_rules(
    objective: Objective, window: Tally, long: Tally, short: Tally, is_stale: bool
) -> None:
    policy = default_policy(objective, MONTH_S)
    lengths = policy_windows(policy)
    recent = {length: long if length >= 3_600 else short for length in lengths}

    verdict = judge(objective, policy, Measured(window, recent, is_stale=is_stale), MONTH_S)

    pages = any(one.severity is Severity.PAGE for one in verdict.firing)
    assert (verdict.now is Now.PAGING) <= pages
    assert (check_of(verdict) is Check.CRITICAL) == pages
    assert (verdict.level is Level.UNKNOWN) == (window.total == 0)
    assert is_stale <= (verdict.now is Now.FROZEN)
    assert (check_of(verdict) is Check.OK) <= (
        verdict.now is Now.QUIET and verdict.level in {Level.HEALTHY, Level.UNKNOWN}
    )
    assert bool(verdict.reasons) or check_of(verdict) is Check.OK


@given(st.lists(st.sampled_from(Check), min_size=1))
def test_the_worst_of_all_never_depends_on_their_order(checks: list[Check]) -> None:
    assert worst(checks) is worst(reversed(checks))
    assert worst(checks) in checks


@pytest.mark.parametrize(("one", "other"), list(product(Check, repeat=2)))
def test_precedence_is_critical_warning_unknown_ok(one: Check, other: Check) -> None:
    precedence = (Check.CRITICAL, Check.WARNING, Check.UNKNOWN, Check.OK)

    assert worst((one, other)) is next(check for check in precedence if check in {one, other})


def test_of_nothing_to_check_the_worst_is_unknown() -> None:
    nothing: Iterable[Check] = ()

    assert worst(nothing) is Check.UNKNOWN


def set_aside(recent: Iterable[int], what: Measured, window: Tally | None = FULL) -> Judgement:
    """The judgement where all that was measured of those lengths is under corrections."""
    lengths = frozenset(recent)
    left = {n: None if n in lengths else tally for n, tally in what.recent.items()}
    return judged(replace(what, window=window, recent=left, set_aside=lengths))


def test_minutes_under_a_correction_are_no_hole_and_freeze_nothing() -> None:
    quiet = set_aside([300, 1_800], measured())

    assert quiet.now is Now.QUIET
    assert quiet.reasons == (Reason.CORRECTED,)


def test_a_hole_beside_a_correction_freezes_all_the_same() -> None:
    what = measured()
    holes = replace(what, recent={**what.recent, 3_600: None})

    assert set_aside([300], holes).now is Now.FROZEN


def test_what_fires_over_windows_that_count_fires_beside_a_correction() -> None:
    assert set_aside([300], measured(bad_s=MONTH_S)).now is Now.PAGING


def test_a_window_that_is_under_corrections_as_a_whole_is_quiet_and_its_budget_unknown() -> None:
    young = set_aside([*policy_windows(POLICY), MONTH_S], measured(), window=None)

    assert (young.now, young.level) == (Now.QUIET, Level.UNKNOWN)
    assert young.reasons == (Reason.CORRECTED,)


def test_stale_data_freeze_whatever_is_set_aside() -> None:
    assert set_aside([300], measured(is_stale=True)).now is Now.FROZEN


def test_a_window_that_nothing_measured_is_said_to_be_so_beside_a_correction() -> None:
    hole = set_aside([300], measured(), window=None)

    assert hole.now is Now.FROZEN
    assert hole.reasons == (Reason.UNMEASURED, Reason.CORRECTED)
