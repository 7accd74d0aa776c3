"""What a straight line before and one after say about the step between them.

value  = a + slope t + level [after] + bend (t - first week after) [after]
         `level` is the step at the first week after, beyond where the line before was leading
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

from slo.evidence.comparison import Interval
from slo.evidence.exact import alpha_of
from slo.facts import Reals

LEAST_POINTS = 8
"""Weeks with a value that each side needs."""
_LAGS = 4
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """Two lines and the step between them, in the value's own unit; slopes are per week.

    `slope_change` is by how much the line after is steeper than the one before.

    It supports a verdict and never makes one: intervals of this kind are somewhat too narrow.
    """

    level_change: float
    interval: Interval
    slope_before: float
    slope_change: float
    n_before: int
    n_after: int


def segmented(
    before: Sequence[float | None],
    after: Sequence[float | None],
    *,
    gap: int = 0,
) -> Segments | None:
    """The step at the first week after, beyond the trend; None with under 8 values on a side.

    `gap` counts the weeks between the periods, which no line is fitted to. A week without a value
    is None: it is left out and the time goes on.

    Raises:
        ValueError: a value is not finite.

    Source: Wagner et al. (2002), "Segmented regression analysis of interrupted time series";
    Newey and West (1987) with 4 lags, Bartlett weights and no small-sample factor.
    """
    known = [week for week, value in enumerate(before) if value is not None]
    start = len(before) + gap
    later = [week for week, value in enumerate(after) if value is not None]
    if min(len(known), len(later)) < LEAST_POINTS:
        return None
    values = np.array([*(v for v in before if v is not None), *(v for v in after if v is not None)])
    if not np.isfinite(values).all():
        raise ValueError("a week without a known value is None, not NaN or infinite")
    week = np.array([*known, *(start + each for each in later)], np.float64)
    coefficients, errors = _fitted(_design(week, float(start)), values)
    _, slope, level, bend = (float(each) for each in coefficients)
    reach = float(scipy.special.ndtri(1 - alpha_of(_CONFIDENCE) / 2) * errors[2])
    return Segments(
        level_change=level,
        interval=Interval(level - reach, level + reach),
        slope_before=slope,
        slope_change=bend,
        n_before=len(known),
        n_after=len(later),
    )


def _design(week: Reals, start: float) -> Reals:
    post = (week >= start).astype(np.float64)
    return np.column_stack([np.ones_like(week), week, post, (week - start) * post])


def _fitted(design: Reals, values: Reals) -> tuple[Reals, Reals]:
    """Coefficients of least squares and their standard errors under autocorrelation."""
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ (design.T @ values)
    scores = design * (values - design @ coefficients)[:, None]
    spread = scores.T @ scores
    for lag in range(1, _LAGS + 1):
        shared = scores[lag:].T @ scores[:-lag]
        spread += (1 - lag / (_LAGS + 1)) * (shared + shared.T)
    return coefficients, np.sqrt(np.maximum(np.diag(inverse @ spread @ inverse), 0.0))
