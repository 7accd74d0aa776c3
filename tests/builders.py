"""Facts with sensible defaults, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from slo.facts import (
    EventKind,
    EventRow,
    HistogramRows,
    SampleRows,
    SeriesKey,
    SeriesKind,
    Status,
    StatusRows,
    TallyRows,
)

NOON = 1_767_268_800
"""2026-01-01T12:00:00Z: the moment around which the built facts lie."""

MINUTE_S, QUARTER_S, HOUR_S, DAY_S = 60, 900, 3_600, 86_400


def series(
    name: str = "requests",
    kind: SeriesKind = SeriesKind.TALLY,
    *,
    source: str = "shop",
    rule: str = "",
    bin_s: int = 60,
    **labels: str,
) -> SeriesKey:
    """A series of the source "shop"; keywords that are no field are its labels."""
    pairs = tuple(sorted(labels.items()))
    return SeriesKey(source, name, kind, pairs, rule, labels.get("service", ""), bin_s)


def minutes(
    good: Sequence[float],
    total: Sequence[float],
    *,
    since: int = NOON,
    key: SeriesKey | None = None,
    observed_at: int | None = None,
    partial: bool = False,
) -> TallyRows:
    """Consecutive full minutes from `since` on."""
    at = since + MINUTE_S * np.arange(len(total), dtype=np.int64)
    return TallyRows(
        key or series(),
        at,
        np.asarray(good, dtype=np.float64),
        np.asarray(total, dtype=np.float64),
        np.full(len(total), MINUTE_S, dtype=np.int64),
        observed_at if observed_at is not None else since + MINUTE_S * len(total),
        partial=partial,
    )


def steady(count: int, *, bad: int = 0, per_minute: int = 100, since: int = NOON) -> TallyRows:
    """`count` minutes of equal traffic, each with `bad` bad events."""
    return minutes([per_minute - bad] * count, [per_minute] * count, since=since)


def states(
    text: str,
    *,
    since: int = NOON,
    every_s: int = MINUTE_S,
    valid_s: int = 300,
    key: SeriesKey | None = None,
) -> StatusRows:
    """Observations from a line of u(p), d(own), g (degraded), ? (unknown); a space is a hole."""
    meaning = {"u": Status.UP, "d": Status.DOWN, "g": Status.DEGRADED, "?": Status.UNKNOWN}
    seen = [(since + i * every_s, meaning[c]) for i, c in enumerate(text) if c != " "]
    at = np.array([moment for moment, _ in seen], dtype=np.int64)
    valid = np.full(len(seen), valid_s, dtype=np.int64)
    probe = key or series("probe", SeriesKind.STATUS, service="checkout")
    return StatusRows(probe, at, [state for _, state in seen], valid, at)


def samples(
    values: Iterable[float],
    *,
    since: int = NOON,
    every_s: int = MINUTE_S,
    valid_s: int = 300,
    key: SeriesKey | None = None,
) -> SampleRows:
    """Measured values, one every `every_s` seconds."""
    value = np.fromiter(values, dtype=np.float64)
    at = since + every_s * np.arange(len(value), dtype=np.int64)
    valid = np.full(len(value), valid_s, dtype=np.int64)
    gauge = key or series("probe_latency_seconds", SeriesKind.SAMPLE, service="checkout")
    return SampleRows(gauge, at, value, valid, at)


def quarters(
    counts: Sequence[Mapping[tuple[float, float], float]],
    *,
    since: int = NOON,
    key: SeriesKey | None = None,
    observed_at: int | None = None,
) -> HistogramRows:
    """Consecutive 15-minute bins; each maps (gt, le] in seconds to its events."""
    rows = [
        (since + i * QUARTER_S, gt, le, count)
        for i, buckets in enumerate(counts)
        for (gt, le), count in sorted(buckets.items())
    ]
    at, gt, le, count = zip(*rows, strict=True) if rows else ((), (), (), ())
    return HistogramRows(
        key or series("latency_bucket", SeriesKind.HISTOGRAM),
        np.array(at, dtype=np.int64),
        np.array(gt, dtype=np.float64),
        np.array(le, dtype=np.float64),
        np.array(count, dtype=np.float64),
        observed_at if observed_at is not None else since + QUARTER_S * len(counts),
    )


def incident(key: str = "INC-1", *, at: int = NOON, lasted_s: int | None = 3_600) -> EventRow:
    """An incident of the checkout service; `lasted_s=None` is still going on."""
    ended_at = None if lasted_s is None else at + lasted_s
    return EventRow(EventKind.INCIDENT, key, at, at, "checkout", ended_at)
