"""Known time, up and down, over years of observations: read piece by piece, cut exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from slo.evidence.comparison import Downtime
from slo.facts import Integers, Reals
from slo.spans import Span
from slo.status import DOWN, Intervals


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Disjoint ascending stretches of known time; what lies between them is not known."""

    since: Integers
    until: Integers
    is_down: NDArray[np.bool_]

    def within(self, span: Span) -> Stretches:
        """The parts inside a span."""
        since = np.clip(self.since, span.since, span.until)
        until = np.clip(self.until, span.since, span.until)
        some = until > since
        return Stretches(since[some], until[some], self.is_down[some])

    def downtime(self, span: Span) -> Downtime:
        """The outages of a span, cut at its ends, in the time of it that is known."""
        inside = self.within(span)
        lengths = inside.until - inside.since
        return Downtime(tuple(map(float, lengths[inside.is_down].tolist())), float(lengths.sum()))

    def by_day(self, edges: Sequence[int] | Integers) -> tuple[Reals, Reals]:
        """The seconds up and the seconds down between each two edges."""
        at = np.asarray(edges, np.int64)
        down, known = (self._before(at, only_down=each) for each in (True, False))
        return np.diff(known) - np.diff(down), np.diff(down)

    def _before(self, at: Integers, *, only_down: bool) -> Reals:
        """The known seconds (or those down) before each moment."""
        mine = self.is_down if only_down else np.ones(len(self.since), np.bool_)
        since, until = self.since[mine], self.until[mine]
        if not len(since):
            return np.zeros(len(at))
        sums = np.append(0, np.cumsum(until - since))
        place = np.searchsorted(since, at, side="right")
        last = np.maximum(place - 1, 0)
        inside = np.minimum(at, until[last]) - since[last]
        found: Reals = np.where(place > 0, sums[last] + np.maximum(inside, 0), 0.0)
        return found


def joined(pieces: Iterator[tuple[Span, Intervals]]) -> Stretches:
    """The known time of adjoining pieces, each cut at its own ends; what touches becomes one."""
    parts = [_cut(known, span) for span, known in pieces]
    since, until = (
        np.concatenate([np.empty(0, np.int64), *(getattr(one, name) for one in parts)])
        for name in ("since", "until")
    )
    is_down = np.concatenate([np.empty(0, np.bool_), *(one.is_down for one in parts)])
    if not len(since):
        return Stretches(since, until, is_down)
    fresh = np.append(True, (since[1:] != until[:-1]) | (is_down[1:] != is_down[:-1]))
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(since) - 1)
    return Stretches(since[fresh], until[last], is_down[fresh])


def of_spans(up: Sequence[Span], down: Sequence[Span]) -> Stretches:
    """The stretches of disjoint spans up and down."""
    spans = sorted([*((one, False) for one in up), *((one, True) for one in down)])
    return Stretches(
        np.array([one.since for one, _ in spans], np.int64),
        np.array([one.until for one, _ in spans], np.int64),
        np.array([is_down for _, is_down in spans], np.bool_),
    )


def _cut(known: Intervals, span: Span) -> Stretches:
    return Stretches(known.since, known.until, known.state == DOWN).within(span)
