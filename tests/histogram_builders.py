"""Histograms written as rows of their buckets."""

from __future__ import annotations

import math

import numpy as np

from slo.histogram import Histogram, histogram

INF = math.inf


def buckets(*rows: tuple[float, float, float]) -> Histogram:
    return histogram(*(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)))


def rows(of: Histogram) -> list[tuple[float, float, float]]:
    return list(zip(of.gt.tolist(), of.le.tolist(), of.count.tolist(), strict=True))


PROMETHEUS = buckets((0, 0.1, 50), (0.1, 0.25, 30), (0.25, 0.5, 16), (0.5, 1, 3), (1, INF, 1))
