"""A state holds while it is known to; a hole is unknown, neither up nor down."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import observations, probes

from slo.facts import Status
from slo.indicator import Combine
from slo.spans import Span
from slo.status import (
    DEGRADED,
    DOWN,
    UNKNOWN,
    UP,
    Codes,
    Intervals,
    Outage,
    codes,
    combine,
    intervals,
    outages,
    seconds_per_bin,
    states,
)

HOUR_S = 3_600
LETTERS = {"u": UP, "d": DOWN, "g": DEGRADED, "?": UNKNOWN}
Seen = tuple[np.ndarray, Codes, np.ndarray]


def probe(seen: str, *, every_s: int = 60, valid_s: int = 60, since: int = 0) -> Intervals:
    """A probe that saw one letter each `every_s`: u(p), d(own), (de)g(raded), ? (unknown)."""
    at = since + every_s * np.arange(len(seen), dtype=np.int64)
    state = np.array([LETTERS[letter] for letter in seen], dtype=np.int8)
    return intervals(at, state, np.full(len(seen), valid_s, dtype=np.int64))


def second_by_second(seen: Seen, until: int) -> list[int]:
    """The naive truth: the state of every second before `until`."""
    at, state, valid_s = seen
    truth = [UNKNOWN] * until
    for index in range(len(at) - 1):
        end = min(at[index + 1], at[index] + valid_s[index])
        truth[at[index] : end] = [int(state[index])] * int(end - at[index])
    return truth


def spread(known: Intervals, until: int) -> list[int]:
    """The intervals as the state of every second before `until`."""
    truth = [UNKNOWN] * until
    for since, end, state in zip(known.since, known.until, known.state, strict=True):
        truth[since:end] = [int(state)] * int(end - since)
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


# --- outages


def test_an_outage_is_counted_once_however_often_it_was_seen() -> None:
    assert outages(probe("uddduuduu")) == (
        Outage(60, 240, ongoing=False),
        Outage(360, 420, ongoing=False),
    )


def test_an_outage_at_the_end_is_ongoing() -> None:
    assert outages(probe("uudd")) == (Outage(120, 180, ongoing=True),)
    assert outages(probe("uuud")) == (Outage(180, 180, ongoing=True),)


def test_an_unknown_stretch_ends_an_outage_and_is_no_part_of_it() -> None:
    seen = probe("ddd", every_s=600, valid_s=60)

    assert outages(seen) == (
        Outage(0, 60, ongoing=False),
        Outage(600, 660, ongoing=False),
        Outage(1_200, 1_200, ongoing=True),
    )


@given(probes())
def test_outages_hold_exactly_the_seconds_down(known: Intervals) -> None:
    found = outages(known)

    assert sum(outage.until - outage.since for outage in found) == spread(known, 4_600).count(DOWN)
    assert all(not outage.ongoing for outage in found[:-1])


# --- several probes of one service


def decided(seen: list[int], rule: Combine) -> int:
    """The rule in words: up with enough up, down once too many are down, else unknown."""
    if not seen:
        return UNKNOWN
    need = {Combine.ANY: 1, Combine.MAJORITY: len(seen) // 2 + 1, Combine.ALL: len(seen)}[rule]
    if seen.count(UP) >= need:
        return UP
    if seen.count(UP) + seen.count(DEGRADED) >= need:
        return DEGRADED
    possible = len(seen) - seen.count(DOWN)
    return DOWN if possible < need else UNKNOWN


@given(st.lists(probes(), max_size=4), st.sampled_from(Combine))
def test_every_second_of_a_combination_follows_its_rule(
    members: list[Intervals], rule: Combine
) -> None:
    members = [member for member in members if member.watched.length_s]
    alone = [spread(member, 4_600) for member in members]

    combined = spread(combine(members, rule), 4_600)

    for second in range(0, 4_600, 7):
        seen = [
            states[second]
            for states, member in zip(alone, members, strict=True)
            if member.watched.since <= second < member.watched.until
        ]
        expected = decided(seen, rule) if len(members) != 1 else alone[0][second]
        assert combined[second] == expected


@given(st.lists(probes(), min_size=2, max_size=4), st.sampled_from(Combine))
def test_the_order_of_probes_never_matters(members: list[Intervals], rule: Combine) -> None:
    backwards = combine(members[::-1], rule)

    assert spread(combine(members, rule), 4_600) == spread(backwards, 4_600)


@given(st.lists(probes(), max_size=4))
def test_any_is_up_whenever_majority_is_and_majority_whenever_all_is(
    members: list[Intervals],
) -> None:
    any_up, majority, all_up = (
        np.isin(spread(combine(members, rule), 4_600), (UP, DEGRADED)) for rule in Combine
    )

    assert (all_up <= majority).all()
    assert (majority <= any_up).all()


@pytest.mark.parametrize(
    ("rule", "members", "expected"),
    [
        (Combine.ANY, ("dd", "ud", "??"), [UP, UNKNOWN]),
        (Combine.ANY, ("dd", "ud", "dd"), [UP, DOWN]),
        (Combine.MAJORITY, ("uu", "ud", "dd"), [UP, DOWN]),
        (Combine.MAJORITY, ("uu", "u?", "d?"), [UP, UNKNOWN]),
        (Combine.MAJORITY, ("uu", "ud"), [UP, DOWN]),
        (Combine.ALL, ("uu", "u?", "uu"), [UP, UNKNOWN]),
        (Combine.ALL, ("uu", "?d", "u?"), [UNKNOWN, DOWN]),
        (Combine.ALL, ("ug", "uu"), [UP, DEGRADED]),
        (Combine.MAJORITY, ("gu", "dg", "uu"), [DEGRADED, UP]),
    ],
)
def test_unknown_probes_leave_it_unknown_only_when_they_could_decide(
    rule: Combine, members: tuple[str, ...], expected: list[int]
) -> None:
    known = combine([probe(seen + "?u") for seen in members], rule)

    assert spread(known, 120)[::60] == expected


def test_a_new_region_does_not_make_the_past_unknown_nor_a_retired_one_the_future() -> None:
    old, new = probe("uuuuu"), probe("uuuuu", since=600)
    always = probe("u" * 16)

    combined = combine([old, new, always], Combine.ALL)

    assert spread(combined, 900)[::60] == [*[UP] * 4, UNKNOWN, *[UP] * 9, UNKNOWN]


def test_a_probe_that_only_ever_said_unknown_is_a_member_all_the_same() -> None:
    combined = combine([probe("uuu"), probe("???")], Combine.ALL)

    assert spread(combined, 180) == [UNKNOWN] * 180


def test_one_probe_alone_decides_to_its_last_observation() -> None:
    assert outages(combine([probe("uud"), probe("")], Combine.ALL)) == (
        Outage(120, 120, ongoing=True),
    )
    assert outages(combine([], Combine.ANY)) == ()


# --- a real history against independently computed answers


def history(path: Path) -> dict[str, dict[int, Status]]:
    found: dict[str, dict[int, Status]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            at = int(datetime.fromisoformat(row["ts_utc"]).timestamp())
            found[row["slug"]][at] = Status(row["status"])
    return found


def known_of(seen: dict[int, Status]) -> Intervals:
    at = np.array(sorted(seen), dtype=np.int64)
    return intervals(at, codes(seen[int(moment)] for moment in at), np.full(len(at), 26 * HOUR_S))


def test_the_outages_and_uptimes_of_a_real_history_are_those_of_the_oracle(shared: Path) -> None:
    sites = json.loads((shared / "oracles/realdata/probes_4hse.json").read_text())["sites"]
    seen = history(shared / "data/probes_4hse/probes.csv.gz")
    assert len(sites) == 7

    for slug, truth in sites.items():
        known = known_of(seen[slug])
        found = outages(known)
        bins = seconds_per_bin(known, 900, Span(0, 2**31))
        up_s, down_s = int(bins.up_s.sum()), int(bins.down_s.sum())

        assert len(found) == truth["outages"]
        assert any(one.ongoing for one in found) == truth["outage_ongoing_at_end"]
        assert 100 * up_s / (up_s + down_s) == pytest.approx(truth["uptime_step_26h_pct"], abs=1e-4)
        assert down_s / 60 == pytest.approx(truth["down_min_26h"], abs=0.06)
        longest = max((one.until - one.since for one in found), default=0)
        assert longest / 60 == pytest.approx(truth["longest_outage_min"] or 0, abs=0.06)


def test_a_hole_of_91_days_in_a_real_history_is_not_measured(shared: Path) -> None:
    seen = history(shared / "data/probes_4hse/probes.csv.gz")["www"]
    hole = Span(
        int(datetime.fromisoformat("2025-04-05T00:00:00Z").timestamp()),
        int(datetime.fromisoformat("2025-07-01T00:00:00Z").timestamp()),
    )

    assert seconds_per_bin(known_of(seen), 900, hole).at.tolist() == []
