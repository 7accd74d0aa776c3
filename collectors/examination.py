"""Trying a source once, without storing anything: what every kind does unless it has its own way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

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
    """How many rows the first batch has, or all of an instant, and what the source warns of."""
    asked = collector.collect(stream, _span(stream, now), now)
    batches = list(asked) if stream.instant else list(islice(asked, 1))
    warnings = [words for batch in batches for words in (*batch.warnings, batch.silence) if words]
    if not batches:
        warnings.append(f"{stream.name}: nothing there")
    return sum(int(np.size(fact.at)) for batch in batches for fact in batch.facts), tuple(warnings)


def _span(stream: Stream, now: int) -> Span:
    """The shortest span that tells whether the stream gives anything."""
    if stream.whole:
        return plan.everything(now, None)
    return plan.present(now) if stream.instant else Span(now - _SHORT_S, now)
