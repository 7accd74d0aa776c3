"""Where a budget fell: what belongs to one fall, how deep it must be, and what is measured of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from slo.cliffs import LEAST, cliffs
from slo.course import Course

STEP = 60
WINDOW = 600
"""A step burns fast above 2 x 60 / 600 = 0.2 of the budget."""
LONG = 6_000
"""Here above 0.02, so that a fast step may still be too little for a fall."""


def spending(spent: Mapping[int, float], measured: float = 1.0) -> Course:
    """A course of thirty steps of which these spend that share of the budget."""
    spends = np.array([spent.get(step, 0.0) for step in range(30)])
    return Course(
        at=np.arange(30, dtype=np.int64) * STEP,
        left=1.0 - np.cumsum(spends),
        spent=spends,
        measured=np.full(30, measured),
        known=np.ones(30, np.bool_),
    )


def test_two_calm_steps_between_fast_ones_are_part_of_the_fall_and_three_end_it() -> None:
    (one,) = cliffs(spending({10: 0.25, 13: 0.25}), WINDOW)
    two = cliffs(spending({10: 0.25, 14: 0.25}), WINDOW)

    assert (one.since, one.until, one.share) == (9 * STEP, 13 * STEP, 0.5)
    assert [(fall.since, fall.until) for fall in two] == [
        (9 * STEP, 10 * STEP),
        (13 * STEP, 14 * STEP),
    ]


def test_a_fall_of_just_the_least_depth_is_one() -> None:
    assert len(cliffs(spending({10: LEAST}), LONG)) == 1
    assert cliffs(spending({10: LEAST - 1e-7}), LONG) == ()


def test_a_step_burns_as_fast_as_its_share_of_a_whole_window_does() -> None:
    # 0.3 of the budget is fast; at half a window measured it weighs 0.15, which is not.
    assert len(cliffs(spending({10: 0.3}), WINDOW)) == 1
    assert cliffs(spending({10: 0.3}, measured=0.5), WINDOW) == ()


def test_a_fall_is_as_deep_as_its_share_of_a_whole_window_and_told_with_what_it_took() -> None:
    # 0.1 of the budget at half a window measured: 0.05 of a whole one, which is just enough.
    (fall,) = cliffs(spending({10: 2 * LEAST}, measured=0.5), LONG)

    assert fall.share == 2 * LEAST
    assert cliffs(spending({10: 1.9 * LEAST}, measured=0.5), LONG) == ()
