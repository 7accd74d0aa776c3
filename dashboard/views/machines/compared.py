"""A side and a change as every document for machines writes them."""

from __future__ import annotations

import math

from slo.evidence.comparison import Comparison, Interval, Scale, Side

_SIDE = ("estimate", "n", "hits", "still_open", "exposure", "coverage", "interval")
_CHANGE = ("absolute", "percent", "ratio", "points")


def side(found: Side | None) -> dict[str, object]:
    """One period: all null where it was not measured at all; ratios are fractions, times seconds.

    >>> side(Side(estimate=0.5, n=4, hits=2))["hits"], side(None)["n"]
    (2, None)
    """
    if found is None:
        return dict.fromkeys(_SIDE)
    return {
        "estimate": finite(found.estimate),
        "n": found.n,
        "hits": found.hits,
        "still_open": found.still_open,
        "exposure": None if found.n and not found.exposure_s else found.exposure_s,
        "coverage": finite(found.coverage),
        "interval": interval(found.interval),
    }


def change(found: Comparison | None, *, is_share: bool) -> dict[str, object]:
    """After against before in each way that makes sense for the unit: points for shares."""
    if found is None or found.before.estimate is None or found.after.estimate is None:
        return dict.fromkeys(_CHANGE)
    before, after = found.before.estimate, found.after.estimate
    absolute = found.change if found.scale is Scale.DIFFERENCE else after - before
    ratio = _ratio(found, before, after)
    return {
        "absolute": finite(absolute),
        "percent": None if ratio is None or is_share else (ratio - 1) * 100,
        "ratio": ratio,
        "points": finite(absolute * 100) if is_share and absolute is not None else None,
    }


def interval(found: Interval | None) -> dict[str, float | None] | None:
    """Both ends; null for one that is not bounded."""
    return None if found is None else {"low": finite(found.low), "high": finite(found.high)}


def finite(value: float | None) -> float | None:
    """The value; JSON has no number for what is infinite."""
    return None if value is None or not math.isfinite(value) else value


def _ratio(found: Comparison, before: float, after: float) -> float | None:
    if found.scale is Scale.RATIO:
        return finite(found.change)
    return after / before if before > 0 else None
