"""The members of a group or a composite as histories of their own, at the moments of the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from collectors.store.windows import WindowAsk
from dashboard.views.backtest.history import History, Piece
from dashboard.views.counted.binned import bins_of
from dashboard.views.counted.families import Family, family
from dashboard.views.counted.series_index import Index
from dashboard.views.upkeep.scene import Scene
from slo.freshness import stale_after_s
from slo.indicator import Composite, is_worst_member
from slo.objective import Slo
from slo.spans import Span

MOST_REPLAYED = 20
"""More take minutes to replay; those with the most bad events are the ones that can have burnt."""


@dataclass(frozen=True, slots=True)
class Group:
    """The members with the most bad events; `left_out` counts the others that had any, or may."""

    members: tuple[History, ...] = ()
    left_out: int = 0


def group_of(scene: Scene, whole: History) -> Group:
    """The members of a group over the same bins as the whole; empty where it is no group.

    A member without a bad event can have paged nobody and is not read.
    """
    if not whole.slo.group_by or whole.slo.member:
        return Group()
    index = Index.of_tallies(scene.reader)
    return _group(_Read(scene, index, whole), family(whole.slo, index))


def composed(scene: Scene, whole: History, *, is_corrected: bool = True) -> tuple[History, int]:
    """The history of a composite with those of its members, theirs too; and how many are left out.

    A group among the worst keeps its members, of which each fires by itself. What is no composite
    stays as it is.
    """
    if not isinstance(whole.slo.indicator, Composite):
        return whole, 0
    index = Index.of_tallies(scene.reader)
    read = _Read(scene, index, whole, is_corrected=is_corrected)
    found = _parts(read, family(whole.slo, index))
    return replace(whole, parts=found.members), found.left_out


@dataclass(frozen=True, slots=True)
class _Read:
    """From what histories of members are made: over the bins of a whole."""

    scene: Scene
    index: Index
    whole: History
    is_corrected: bool = True

    def history(self, slo: Slo) -> History:
        """The bins of a member where the whole has bins."""
        series, treatment = self.index.of(slo), slo.treatment if self.is_corrected else None
        reader = self.scene.reader
        pieces = tuple(
            Piece(
                bins_of(reader, series.together, treatment, at.bin_s, Span(at.since, at.until)),
                span,
            )
            for at, span in ((one.bins, one.span) for one in self.whole.pieces)
        )
        late_s = stale_after_s(self._every_s(slo.source), bin_s=series.bin_s)
        return History(slo, self.whole.span, pieces, series, late_s=late_s)

    def _every_s(self, source: str) -> int:
        named = (one.every_s for one in self.scene.config.sources if one.name == source)
        return next(named, 0)


def _parts(read: _Read, made: Family) -> Group:
    """The members of a composite, and how many members of its groups are left out."""
    is_worst = is_worst_member(made.slo.indicator)
    found, left_out = [], 0
    for one in made.parts:
        within = Group()
        if isinstance(one.slo.indicator, Composite):
            within = _parts(read, one)
        elif is_worst and one.parts:
            within = _group(read, one)
        found.append(replace(read.history(one.slo), parts=within.members))
        left_out += within.left_out
    return Group(tuple(found), left_out)


def _group(read: _Read, made: Family) -> Group:
    burnt = sorted(_burnt(read, made), key=lambda one: (-one[0], one[1].name))
    return Group(
        tuple(read.history(slo) for _, slo in burnt[:MOST_REPLAYED]),
        max(len(burnt) - MOST_REPLAYED, 0) + made.beyond,
    )


def _burnt(read: _Read, made: Family) -> Iterator[tuple[float, Slo]]:
    """The members with bad events, and how many they had."""
    members = [part.slo for part in made.parts]
    asks = [WindowAsk(read.index.of(slo).together, (read.whole.span,)) for slo in members]
    for slo, (raw,) in zip(members, read.scene.reader.windows(asks), strict=True):
        counted = raw if raw is None or not read.is_corrected else raw.under(slo.treatment)
        if counted is not None and counted.bad:
            yield counted.bad, slo
