"""Hypothesis strategies of the domain: objectives, tallies, histograms, observations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from slo.histogram import Histogram, grid_bucket, histogram
from slo.objective import Objective
from slo.status import Codes, Intervals, intervals
from slo.tally import Tally

WHOLE_S = 30 * 86_400


def objectives() -> st.SearchStrategy[Objective]:
    """Objectives from 1 % to 99.9999 %."""
    return st.integers(10_001, 999_999).map(lambda parts: Objective(Fraction(parts, 1_000_000)))


@st.composite
def tallies(draw: st.DrawFn, *, least: int = 0, most_s: int = WHOLE_S) -> Tally:
    """Clean counts of at least `least` events over 1 s to `most_s` observed seconds."""
    total = draw(st.integers(least, 10**9))
    good = draw(st.integers(0, total))
    return Tally(good, total, draw(st.integers(1, most_s)))


def doubtful_tallies() -> st.SearchStrategy[Tally]:
    """Any counts, down to nothing observed, with excluded and lesser seconds."""
    small = st.integers(0, 600)
    return st.builds(
        lambda bad, good, seconds, off, partial, estimated, conflict: Tally(
            good, good + bad, seconds, min(good, off), min(good, off), min(seconds, off),
            min(seconds, partial), min(seconds, estimated), min(seconds, conflict),
        ),
        small, small, small, small, small, small, small,
    )  # fmt: skip


def latencies_s(least: int = 0) -> st.SearchStrategy[np.ndarray]:
    """Raw latencies from 10 microseconds to 1000 s."""
    one = st.floats(1e-5, 1e3, allow_nan=False, allow_subnormal=False)
    return st.lists(one, min_size=least, max_size=60).map(np.array)


def bucketed(values: np.ndarray, thresholds: tuple[float, ...] = ()) -> Histogram:
    """The histogram of raw values on the 1 % grid."""
    gt, le = grid_bucket(values, thresholds)
    return histogram(gt, le, np.ones(len(values)))


@st.composite
def histograms(draw: st.DrawFn) -> Histogram:
    """Buckets over some of six fixed edges, whole counts, the last bucket open or not."""
    edges = sorted(draw(st.sets(st.sampled_from([0.1, 0.25, 0.5, 1.0, 2.5, np.inf]), min_size=1)))
    count = draw(st.lists(st.integers(0, 9), min_size=len(edges), max_size=len(edges)))
    gt = np.array([0.0, *edges[:-1]])
    return Histogram(gt, np.array(edges), np.array(count, dtype=np.float64))


@st.composite
def observations(draw: st.DrawFn, most: int = 12) -> tuple[np.ndarray, Codes, np.ndarray]:
    """Times, states and validities of one probe within about an hour."""
    at = sorted(draw(st.sets(st.integers(0, 3_600), max_size=most)))
    state = draw(st.lists(st.integers(0, 3), min_size=len(at), max_size=len(at)))
    valid_s = draw(st.lists(st.integers(1, 900), min_size=len(at), max_size=len(at)))
    return (
        np.array(at, dtype=np.int64),
        np.array(state, dtype=np.int8),
        np.array(valid_s, dtype=np.int64),
    )


def probes() -> st.SearchStrategy[Intervals]:
    """What one probe knows, as intervals."""
    return observations().map(lambda seen: intervals(*seen))
