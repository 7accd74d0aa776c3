"""Several probes of one service are one state by a rule, unknown only where the unknown decide."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from probe_letters import down, probe, spread
from strategies import probes

from slo.indicator import Combine
from slo.status import DEGRADED, DOWN, UNKNOWN, UP, Intervals, combine


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
    assert down(combine([probe("uud"), probe("")], Combine.ALL)) == [(120, 120)]
    assert down(combine([], Combine.ANY)) == []
