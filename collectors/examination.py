"""Trying a source once, without storing anything: what every kind does unless it has its own way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from collectors import plan
from collectors.contract import Collector, Stream
from collectors.findings import Finding, note, well, wrong_by
from slo.errors import InputError, SourceError
from slo.spans import Span

_SHORT_S = 600


def tried(collector: Collector, now: int) -> Iterator[Finding]:
    """What the first batch of each stream brings; all of them end in one line when all is well."""
    streams, facts = collector.streams, 0
    told = False
    for stream in streams:
        try:
            brought, warnings = _first(collector, stream, now)
        except (SourceError, InputError) as error:
            yield wrong_by(error)
            told = True
            continue
        facts += brought
        for warning in warnings:
            yield note(warning)
    if not told:
        many = "stream" if len(streams) == 1 else "streams"
        yield well(f"answers: {len(streams)} {many}, {facts:,} rows in a first look")


def _first(collector: Collector, stream: Stream, now: int) -> tuple[int, tuple[str, ...]]:
    """How many rows the first batch has, and what the source warns of."""
    batch = next(iter(collector.collect(stream, _span(stream, now), now)), None)
    if batch is None:
        return 0, (f"{stream.name}: nothing there",)
    silence = (batch.silence,) if batch.silence else ()
    return sum(int(np.size(fact.at)) for fact in batch.facts), (*batch.warnings, *silence)


def _span(stream: Stream, now: int) -> Span:
    """The shortest span that tells whether the stream gives anything."""
    if stream.whole:
        return plan.everything(now, None)
    return plan.present(now) if stream.instant else Span(now - _SHORT_S, now)
