"""A state holds while it is known to; a hole is unknown, neither up nor down."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from probe_letters import down, probe, spread
from strategies import observations, probes

from slo.facts import Status
from slo.spans import Span
from slo.status import (
    DEGRADED,
    DOWN,
    UNKNOWN,
    UP,
    Codes,
    Intervals,
    codes,
    intervals,
    seconds_per_bin,
    states,
)

Seen = tuple[np.ndarray, Codes, np.ndarray]


def second_by_second(seen: Seen, until: int) -> list[int]:
    """The naive truth: the state of every second before `until`."""
    at, state, valid_s = seen
    truth = [UNKNOWN] * until
    for index in range(len(at) - 1):
        end = min(at[index + 1], at[index] + valid_s[index])
        truth[at[index] : end] = [int(state[index])] * int(end - at[index])
    return truth


def test_states_and_their_codes_are_each_others_inverse() -> None:
    assert states(codes(Status)) == tuple(Status)


@given(observations())
def test_intervals_hold_exactly_the_seconds_that_observations_cover(seen: Seen) -> None:
    assert spread(intervals(*seen), 4_600) == second_by_second(seen, 4_600)


@given(observations())
def test_intervals_are_ascending_disjoint_known_and_as_long_as_possible(seen: Seen) -> None:
    known = intervals(*seen)

    assert (known.since <= known.until).all()
    assert (known.until[:-1] <= known.since[1:]).all()
    assert UNKNOWN not in known.state
    touching = known.until[:-1] == known.since[1:]
    assert not (touching & (known.state[:-1] == known.state[1:])).any()


@given(observations())
def test_nothing_is_claimed_after_the_last_observation(seen: Seen) -> None:
    known = intervals(*seen)

    assert len(known.until) == 0 or known.until[-1] <= seen[0][-1]


@given(observations(), st.integers(0, 3_600))
def test_a_repeated_sighting_of_the_same_state_changes_no_second(seen: Seen, moment: int) -> None:
    """An extra observation that says what was known anyway, valid just as long, adds nothing."""
    at, state, valid = seen
    truth = second_by_second(seen, 4_600)
    before = int(np.searchsorted(at, moment, side="right")) - 1
    if moment in at or truth[moment] == UNKNOWN:
        return
    until = at[before] + valid[before]

    again = intervals(
        np.insert(at, before + 1, moment),
        np.insert(state, before + 1, truth[moment]).astype(np.int8),
        np.insert(valid, before + 1, until - moment),
    )

    assert spread(again, 4_600) == truth


@given(probes(), st.sampled_from([60, 300, 900]), st.integers(0, 3_600), st.integers(0, 3_600))
def test_seconds_per_bin_add_up_to_the_known_seconds_of_the_span(
    known: Intervals, bin_s: int, one: int, two: int
) -> None:
    span = Span(min(one, two), max(one, two))
    inside = spread(known, 4_600)[span.since : span.until]

    found = seconds_per_bin(known, bin_s, span)

    assert found.up_s.sum() == sum(state in {UP, DEGRADED} for state in inside)
    assert found.down_s.sum() == inside.count(DOWN)


@given(probes(), st.sampled_from([60, 300, 900]))
def test_every_bin_holds_the_seconds_that_lie_in_it_and_empty_bins_are_left_out(
    known: Intervals, bin_s: int
) -> None:
    truth = spread(known, 5_400)

    found = seconds_per_bin(known, bin_s, Span(0, 5_400))

    assert (found.at % bin_s == 0).all()
    assert (np.diff(found.at) > 0).all()
    for at, up_s, down_s in zip(found.at, found.up_s, found.down_s, strict=True):
        inside = truth[at : at + bin_s]
        assert (up_s, down_s) == (sum(s in {UP, DEGRADED} for s in inside), inside.count(DOWN))
        assert up_s + down_s > 0


@given(observations(), st.integers(0, 3_600), st.sampled_from([60, 900]))
def test_two_halves_of_a_span_have_the_seconds_of_the_whole(
    seen: Seen, cut: int, bin_s: int
) -> None:
    known = intervals(*seen)
    halves = [seconds_per_bin(known, bin_s, span) for span in (Span(0, cut), Span(cut, 4_600))]
    whole = seconds_per_bin(known, bin_s, Span(0, 4_600))

    assert sum(half.up_s.sum() for half in halves) == whole.up_s.sum()
    assert sum(half.down_s.sum() for half in halves) == whole.down_s.sum()


def test_a_span_without_known_seconds_has_no_bins() -> None:
    assert seconds_per_bin(probe(""), 60, Span(0, 600)).at.tolist() == []
    assert seconds_per_bin(probe("uuu"), 60, Span(6_000, 6_600)).at.tolist() == []
    assert seconds_per_bin(probe("uuu", since=6_000), 60, Span(0, 600)).at.tolist() == []


# --- stretches down


def test_an_outage_is_one_stretch_however_often_it_was_seen() -> None:
    assert down(probe("uddduuduu")) == [(60, 240), (360, 420)]


def test_an_outage_at_the_end_lasts_until_what_was_seen_last() -> None:
    assert down(probe("uudd")) == [(120, 180)]
    assert down(probe("uuud")) == [(180, 180)]


def test_an_unknown_stretch_ends_an_outage_and_is_no_part_of_it() -> None:
    seen = probe("ddd", every_s=600, valid_s=60)

    assert down(seen) == [(0, 60), (600, 660), (1_200, 1_200)]
