"""Probes written as one letter an observation, and what they know as the state of every second."""

from __future__ import annotations

import numpy as np

from slo.status import DEGRADED, DOWN, UNKNOWN, UP, Intervals, intervals

LETTERS = {"u": UP, "d": DOWN, "g": DEGRADED, "?": UNKNOWN}


def probe(seen: str, *, every_s: int = 60, valid_s: int = 60, since: int = 0) -> Intervals:
    """A probe that saw one letter each `every_s`: u(p), d(own), (de)g(raded), ? (unknown)."""
    at = since + every_s * np.arange(len(seen), dtype=np.int64)
    state = np.array([LETTERS[letter] for letter in seen], dtype=np.int8)
    return intervals(at, state, np.full(len(seen), valid_s, dtype=np.int64))


def spread(known: Intervals, until: int) -> list[int]:
    """The intervals as the state of every second before `until`."""
    truth = [UNKNOWN] * until
    for since, end, state in zip(known.since, known.until, known.state, strict=True):
        truth[since:end] = [int(state)] * int(end - since)
    return truth


def down(known: Intervals) -> list[tuple[int, int]]:
    """Since when and until when it was down, each stretch once."""
    edges = zip(known.since.tolist(), known.until.tolist(), known.state.tolist(), strict=True)
    return [(since, until) for since, until, state in edges if state == DOWN]
