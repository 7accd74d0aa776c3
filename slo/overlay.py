"""Slices of several SLOs laid over each other: bad where any of them is."""

from __future__ import annotations

import numpy as np

from slo.facts import Reals

COLUMNS = 9
GOOD, TOTAL, OBSERVED = 0, 1, 2
EXCLUDED_GOOD, EXCLUDED_TOTAL, EXCLUDED_S = 3, 4, 5
PARTIAL, ESTIMATED, CONFLICT = 6, 7, 8
"""Good, total and observed seconds; the same excluded; partial, estimated and conflicting ones."""
COUNTS, EXCLUDED, LESSER = slice(0, 3), slice(3, 6), slice(6, COLUMNS)
"""The three of each row above."""
EVENTS = (GOOD, TOTAL, EXCLUDED_GOOD, EXCLUDED_TOTAL)
"""What is counted: events of most indicators, seconds of slices."""
SECONDS = (OBSERVED, EXCLUDED_S, PARTIAL, ESTIMATED, CONFLICT)
"""Time, whatever is counted."""


def laid_over(parts: Reals) -> Reals:
    """The seconds of each bin, of members by bins by columns: as many rows as there are bins.

    A bin is bad when any member had a bad second in it, for as long as the bad ones were observed.
    It is good as far as all of them were; where none is bad and one is not known it is unknown.
    A bin without events of any member counts for nothing.

    A member under a correction decides nothing: the bin is excluded, unless another one is bad.

    Source: OpenSLO, composites with budgetingMethod Timeslices: a slice is bad if it is bad for
    any of the objectives.

    >>> up, down, unknown = [60.0, 60, 60] + [0.0] * 6, [30.0, 60, 60] + [0.0] * 6, [0.0] * 9
    >>> found = laid_over(np.array([[up, up, unknown, unknown], [up, down, down, up]]))
    >>> found[:, COUNTS].tolist()
    [[60.0, 60.0, 60.0], [0.0, 60.0, 60.0], [0.0, 60.0, 60.0], [0.0, 0.0, 0.0]]
    """
    good, total, observed_s = (parts[:, :, n] for n in (GOOD, TOTAL, OBSERVED))
    bad, corrected = np.asarray(total > good), np.asarray(parts[:, :, EXCLUDED_S] > 0)
    is_bad = bad.any(axis=0)
    seconds = np.where(is_bad, (observed_s * bad).max(axis=0), observed_s.min(axis=0))
    counted = seconds * (total > 0).any(axis=0)
    kept = np.where(is_bad, 0.0, counted)
    excluded = np.logical_and(corrected.any(axis=0), ~(bad & ~corrected).any(axis=0))
    lesser = np.minimum(parts[:, :, LESSER].max(axis=0), seconds[:, None])
    own = np.column_stack([kept, counted, seconds])
    found: Reals = np.hstack([own, own * np.reshape(excluded, (-1, 1)), lesser])
    return found


def laid_coarsely(parts: Reals) -> Reals:
    """The same of bins of which the minutes are gone, or never were: as bad as can be, an estimate.

    Nobody knows any more which bad seconds of two members were the same ones, so they are added.

    >>> one, other = [600.0, 900, 900] + [0.0] * 6, [800.0, 900, 900] + [0.0] * 6
    >>> found = laid_coarsely(np.array([[one], [other]]))
    >>> found[0, [GOOD, TOTAL, OBSERVED, ESTIMATED]].tolist()
    [500.0, 900.0, 900.0, 900.0]
    """
    good, total, observed_s = (parts[:, :, n] for n in (GOOD, TOTAL, OBSERVED))
    found = laid_over(parts)
    bad_s = np.minimum((total - good).sum(axis=0), observed_s.max(axis=0, initial=0))
    seconds = np.maximum(observed_s.min(axis=0), bad_s)
    counted = seconds * (total > 0).any(axis=0)
    own = np.column_stack([counted - bad_s, counted, seconds])
    excluded = found[:, EXCLUDED_S] > 0
    found[:, COUNTS], found[:, EXCLUDED] = own, own * excluded[:, None]
    found[:, ESTIMATED] = np.where(bad_s > 0, seconds, found[:, ESTIMATED])
    return found
