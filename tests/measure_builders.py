"""Stores with known facts, and what a kind of measure makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from builders import HOUR_S
from delivery_builders import RULES, at, span

from collectors.contract import MAX_BATCH_ROWS, Batch, Stream
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from dashboard.measures import registry
from dashboard.measures.contract import Asked, Measured
from slo.facts import (
    EventRow,
    HistogramRows,
    SampleRows,
    SeriesKey,
    SeriesKind,
    Status,
    StatusRows,
    TallyRows,
)
from slo.spans import Span

UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
NOW = at("2026-06-01")
BEFORE, AFTER = span("2025-07-01", "2025-12-30"), span("2025-12-30", "2026-06-30")
"""182 days each; the second one is not over at NOW."""

Columns = TallyRows | HistogramRows | StatusRows | SampleRows


def told(
    store: Store,
    facts: Iterable[EventRow | Columns],
    *,
    source: str = "shop",
    read_at: int | None = NOW,
) -> None:
    """Have the source tell the facts, and say that it was then read whole; None: never was."""
    facts = list(facts)
    events = [one for one in facts if isinstance(one, EventRow)]
    for first in range(0, len(events), MAX_BATCH_ROWS):
        _ingest(store, source, *events[first : first + MAX_BATCH_ROWS])
    for one in facts:
        if not isinstance(one, EventRow):
            _ingest(store, source, one)
    if read_at is not None:
        store.record(RunRecord(source=source, started_at=read_at, ended_at=read_at))


def _ingest(store: Store, source: str, *facts: EventRow | Columns) -> None:
    store.ingest(source, Stream("all"), Batch(tuple(facts)), (), now=NOW)


def evenly(of: Span, count: int) -> list[int]:
    """So many moments in a span, as far apart as can be, none at its ends."""
    return [of.since + (2 * place + 1) * of.length_s // (2 * count) for place in range(count)]


def values(
    pairs: Sequence[tuple[int, float]],
    name: str = "seconds",
    *,
    source: str = "shop",
    **labels: str,
) -> SampleRows:
    """Measured values at their moments."""
    moments, measured = (np.array(each) for each in zip(*pairs, strict=True))
    key = _key(name, SeriesKind.SAMPLE, source, labels)
    moments = moments.astype(np.int64)
    valid_s = np.full(len(moments), HOUR_S)
    return SampleRows(key, moments, measured.astype(np.float64), valid_s, moments)


def seen(
    pairs: Sequence[tuple[int, str]],
    name: str = "probe",
    *,
    valid_s: int = HOUR_S,
    source: str = "shop",
    **labels: str,
) -> StatusRows:
    """Observations: `u` is up, `d` down."""
    moments = np.array([moment for moment, _ in pairs], np.int64)
    states = [{"u": Status.UP, "d": Status.DOWN}[state] for _, state in pairs]
    key = _key(name, SeriesKind.STATUS, source, labels)
    return StatusRows(key, moments, states, np.full(len(moments), valid_s), moments)


def _key(name: str, kind: SeriesKind, source: str, labels: dict[str, str]) -> SeriesKey:
    return SeriesKey(source, name, kind, tuple(sorted(labels.items())))


def asked(store: Store, before: Span = BEFORE, after: Span = AFTER, **more: Any) -> Asked:
    """The two periods, looked at now unless said."""
    made = Asked(reader=store.reader, before=before, after=after, as_of=NOW, zone=UTC, rules=RULES)
    return replace(made, **more)


def measured(kind: str, of: Asked, *, goal: str | None = None, **options: Any) -> Measured:
    """What the kind makes of the facts; options as a configuration gives them."""
    made = registry.load(kind)
    checked = made.options.model_validate(options)
    aim = None if goal is None else made.goal(goal, checked)
    return made.measure(checked, replace(of, goal=aim))


def decimal(text: str) -> Decimal:
    """A number with a point as the configuration reads it."""
    return Decimal(text)
