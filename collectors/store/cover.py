"""Which bins make up a span, and how the bins of many spans are read once each.

A span is covered by the coarsest bins that fit: days, at both ends hours, quarter hours and
minutes. Where the covers of several spans overlap they are cut into parts; a span is the sum of
its parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise

from collectors.store.widths import DAY_S, HOUR_S, LEVELS, MINUTE_S, QUARTER_S, floor
from slo.spans import Span

_COARSER = {MINUTE_S: QUARTER_S, QUARTER_S: HOUR_S, HOUR_S: DAY_S}


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring bins of one level."""

    level_s: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is read, each row once, and which of it makes up each span.

    `spans` has the places of its parts for each span.
    """

    parts: tuple[Part, ...]
    spans: tuple[tuple[int, ...], ...]


@lru_cache
def plan_of(spans: tuple[Span, ...]) -> Plan:
    """Cover each span by the coarsest bins, and cut each level where one of them begins or ends."""
    covers = [tuple(_cover(span.since, span.until)) for span in spans]
    parts: list[Part] = []
    place: dict[tuple[int, int], int] = {}
    for level_s in LEVELS:
        ranges = {part for cover in covers for part in cover if part.level_s == level_s}
        depth = Counter(part.since for part in ranges)
        depth.subtract(part.until for part in ranges)
        edges = sorted({edge for part in ranges for edge in (part.since, part.until)})
        inside = accumulate(depth[edge] for edge in edges)
        for (since, until), covered in zip(pairwise(edges), inside, strict=False):
            place[level_s, since] = len(parts)
            if covered:
                parts.append(Part(level_s, since, until))
        place |= {(level_s, edges[-1]): len(parts)} if edges else {}
    made = (
        chain.from_iterable(
            range(place[part.level_s, part.since], place[part.level_s, part.until])
            for part in cover
        )
        for cover in covers
    )
    return Plan(tuple(parts), tuple(map(tuple, made)))


def _cover(since: int, until: int, level_s: int = MINUTE_S) -> Iterator[Part]:
    """The coarsest bins that make up [since, until), finer ones at both ends."""
    coarser = _COARSER.get(level_s)
    first, last = until, until
    if coarser is not None and -floor(-since, coarser) < floor(until, coarser):
        first, last = -floor(-since, coarser), floor(until, coarser)
    if since < first:
        yield Part(level_s, since, first)
    if coarser is not None and first < last:
        yield from _cover(first, last, coarser)
    if last < until:
        yield Part(level_s, last, until)
