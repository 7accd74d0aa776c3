"""The members of a group as histories of their own, at the same moments as their sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from collectors.store.windows import WindowAsk
from dashboard.views.backtest.history import History, Piece
from dashboard.views.counted.binned import bins_of
from dashboard.views.counted.families import Family, family
from dashboard.views.counted.series_index import Index, Series
from dashboard.views.upkeep.scene import Scene
from slo.facts import SeriesKind
from slo.objective import Slo
from slo.spans import Span
from slo.tally import Tally

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
    index = Index(scene.reader.series(kind=SeriesKind.TALLY))
    made = family(whole.slo, index)
    burnt = sorted(_burnt(scene, whole, made, index), key=lambda one: (-one[0], one[1].name))
    return Group(
        tuple(_history(scene, whole, *one[1:]) for one in burnt[:MOST_REPLAYED]),
        max(len(burnt) - MOST_REPLAYED, 0) + made.beyond,
    )


def _burnt(
    scene: Scene, whole: History, made: Family, index: Index
) -> Iterator[tuple[float, Slo, Series]]:
    """The members with bad events, and how many they had."""
    members = [(part.slo, index.of(part.slo)) for part in made.parts]
    asks = [WindowAsk(series.ids, (whole.span,)) for _, series in members]
    for (slo, series), counts in zip(members, scene.reader.windows(asks), strict=True):
        bad = _bad(slo, counts[0])
        if bad:
            yield bad, slo, series


def _bad(slo: Slo, raw: Tally | None) -> float:
    return 0 if raw is None else raw.under(slo.treatment).bad


def _history(scene: Scene, whole: History, slo: Slo, series: Series) -> History:
    """The bins of the member where the whole has bins."""
    pieces = tuple(
        Piece(
            bins_of(
                scene.reader,
                series.ids,
                slo.treatment,
                piece.bins.bin_s,
                Span(piece.bins.since, piece.bins.until),
            ),
            piece.span,
        )
        for piece in whole.pieces
    )
    return replace(whole, slo=slo, pieces=pieces, series=series)
