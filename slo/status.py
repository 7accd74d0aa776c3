"""When was it up, down or unknown: from observations to intervals and seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from slo.facts import Integers, Status
from slo.indicator import Combine
from slo.spans import Span

Codes = NDArray[np.int8]

_STATES = (Status.DOWN, Status.UP, Status.DEGRADED, Status.UNKNOWN)
_CODES = {state: code for code, state in enumerate(_STATES)}
DOWN, UP, DEGRADED, UNKNOWN = range(4)


def codes(states: Iterable[Status]) -> Codes:
    """The states as small integers: 0 down, 1 up, 2 degraded, 3 unknown.

    >>> codes([Status.UP, Status.DOWN])
    array([1, 0], dtype=int8)
    """
    return np.array([_CODES[state] for state in states], dtype=np.int8)


def states(coded: Iterable[int]) -> tuple[Status, ...]:
    """The states that the integers of `codes` stand for."""
    return tuple(_STATES[int(code)] for code in coded)


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Stretches [since, until) in a known state, ascending, disjoint, unknown ones left out.

    The last may be empty: a last observation tells a state and claims no time after itself.
    `watched` runs from the first observation to the end of the last one's validity: the time
    in which the probe counts as a member when several are combined.
    """

    since: Integers
    until: Integers
    state: Codes
    watched: Span


@dataclass(frozen=True, slots=True, eq=False)
class BinSeconds:
    """Seconds up (degraded included) and down of the bins that hold any known second."""

    at: Integers
    up_s: Integers
    down_s: Integers


def intervals(at: Integers, state_codes: Codes, valid_s: Integers) -> Intervals:
    """The stretches that observations of one series cover, `at` ascending and unique.

    A state holds until the next observation, at most its own `valid_s`; beyond that the state
    is unknown. Nothing is claimed after the last observation.

    >>> known = intervals(np.array([0, 60, 900]), codes([Status.UP, Status.DOWN, Status.UP]),
    ...                   np.array([300, 300, 300]))
    >>> known.since.tolist(), known.until.tolist(), known.state.tolist()
    ([0, 60, 900], [60, 360, 900], [1, 0, 1])
    """
    if len(at) == 0:
        return _nothing()
    following = np.append(at[1:], at[-1])
    watched = Span(int(at[0]), int(at[-1] + valid_s[-1]))
    return _joined(at, np.minimum(following, at + valid_s), state_codes, watched)


def combine(members: Sequence[Intervals], rule: Combine) -> Intervals:
    """One status out of several probes of one service.

    Up needs one member (any), more than half (majority) or every member (all) to see it up.
    It is up once enough are known up, down once too many are known down for that, and unknown
    while the members that are unknown could decide it either way; an even split is therefore
    down under `majority`. Up that leans on degraded members is degraded. A probe is a member
    only while it is `watched`: a new region does not make the past unknown, nor does a
    retired one the future.
    """
    known = [member for member in members if member.watched.length_s]
    if len(known) < 2:  # noqa: PLR2004 - one member decides alone, to its last observation
        return known[0] if known else _nothing()
    bounds = [(member.watched.since, member.watched.until) for member in known]
    edges = np.unique(
        np.concatenate([*(m.since for m in known), *(m.until for m in known), np.ravel(bounds)])
    ).astype(np.int64)
    starts = edges[:-1]
    seen = np.stack([_at(member, starts) for member in known])
    alive = np.stack([(since <= starts) & (starts < until) for since, until in bounds])
    watched = Span(int(edges[0]), int(edges[-1]))
    return _joined(starts, edges[1:], _decided(seen, alive, rule), watched)


def seconds_per_bin(known: Intervals, bin_s: int, span: Span) -> BinSeconds:
    """Up and down seconds of each bin that holds known seconds of the span.

    >>> known = Intervals(np.array([50]), np.array([130]), codes([Status.UP]), Span(50, 130))
    >>> seconds_per_bin(known, 60, Span(0, 600)).up_s.tolist()
    [10, 60, 10]
    """
    if len(known.since) == 0:
        return BinSeconds(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    since = max(span.since, int(known.since[0]))
    until = max(since, min(span.until, int(known.until[-1])))
    at = np.arange(since // bin_s * bin_s, until, bin_s, dtype=np.int64)
    edges = np.clip(np.append(at, at[-1] + bin_s) if len(at) else at, since, until)
    up_s = np.diff(_seconds_before(edges, known, known.state != DOWN))
    down_s = np.diff(_seconds_before(edges, known, known.state == DOWN))
    some = up_s + down_s > 0
    return BinSeconds(at[some], up_s[some], down_s[some])


def _nothing() -> Intervals:
    none = np.empty(0, dtype=np.int64)
    return Intervals(none, none, np.empty(0, dtype=np.int8), Span(0, 0))


def _joined(since: Integers, until: Integers, state: Codes, watched: Span) -> Intervals:
    """The stretches without unknown ones, touching ones of equal state made one."""
    kept = state != UNKNOWN
    since, until, state = since[kept], until[kept], state[kept]
    if len(since) == 0:
        return replace(_nothing(), watched=watched)
    fresh = np.append(True, (since[1:] != until[:-1]) | (state[1:] != state[:-1]))
    ends = np.append(np.flatnonzero(fresh)[1:] - 1, len(since) - 1)
    return Intervals(since[fresh], until[ends], state[fresh], watched)


def _at(member: Intervals, moments: Integers) -> Codes:
    """The member's state at each moment."""
    if len(member.since) == 0:
        return np.full(len(moments), UNKNOWN, dtype=np.int8)
    index = np.searchsorted(member.since, moments, side="right") - 1
    inside = (index >= 0) & (moments < member.until[index])
    return np.where(inside, member.state[index], np.int8(UNKNOWN))


def _decided(seen: Codes, alive: NDArray[np.bool_], rule: Combine) -> Codes:
    """The combined state of each stretch; rows are members, columns stretches."""
    members = alive.sum(axis=0)
    need = {
        Combine.ANY: np.minimum(members, 1),
        Combine.MAJORITY: members // 2 + 1,
        Combine.ALL: members,
    }[rule]
    up = ((seen == UP) & alive).sum(axis=0)
    serving = up + ((seen == DEGRADED) & alive).sum(axis=0)
    down = ((seen == DOWN) & alive).sum(axis=0)
    state = np.select(
        [members == 0, up >= need, serving >= need, down > members - need],
        [UNKNOWN, UP, DEGRADED, DOWN],
        default=UNKNOWN,
    )
    return state.astype(np.int8)


def _seconds_before(moments: Integers, known: Intervals, counted: NDArray[np.bool_]) -> Integers:
    """How many counted seconds lie before each moment."""
    lengths = np.where(counted, known.until - known.since, 0)
    before = np.append(0, np.cumsum(lengths))
    index = np.searchsorted(known.since, moments, side="right") - 1
    inside = np.clip(moments - known.since[index], 0, lengths[index])
    return np.where(index < 0, 0, before[index] + inside)
