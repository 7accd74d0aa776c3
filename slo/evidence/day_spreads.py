"""How what was measured spread over values, day by day: raw values and buckets alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from slo.facts import Reals


@dataclass(frozen=True, slots=True, eq=False)
class DaySpreads:
    """How what was measured spread over values: a row of counts a day, a column a bucket (gt, le].

    Buckets ascend; a raw value is a bucket with gt == le. Days are in order, without holes: a day
    on which nothing was measured is a row of zeros.
    """

    gt: Reals
    le: Reals
    counts: Reals

    def __post_init__(self) -> None:
        """Refuse what no measurement can give.

        Raises:
            ValueError: the shapes do not fit, buckets descend, or a count is no number of 0 or more.
        """
        if self.counts.shape[1:] != self.gt.shape or self.gt.shape != self.le.shape:
            raise ValueError("counts have a row a day and a column a bucket")
        if np.isnan(self.gt).any() or np.isnan(self.le).any():
            raise ValueError("a value that is not a number has no bucket")
        if (self.gt > self.le).any() or (self.gt[1:] < self.le[:-1]).any():
            raise ValueError("buckets must be ascending and disjoint")
        if not (np.isfinite(self.counts).all() and (self.counts >= 0).all()):
            raise ValueError("a count is a number of zero or more")
