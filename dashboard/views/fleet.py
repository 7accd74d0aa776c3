"""The board of a scene: every objective as it stands, with the sources behind the figures."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.views.board import Board
from dashboard.views.figures import evaluate
from dashboard.views.overview import by_need
from dashboard.views.scene import Scene
from dashboard.views.slo_view import SloView
from dashboard.views.source_lines import source_lines


def fleet(scene: Scene) -> Board:
    """All objectives in the order of need, each with its last 28 days."""
    return board_of(scene, judged(scene, history=True))


def judged(scene: Scene, *, history: bool = False) -> tuple[SloView, ...]:
    """The view of each objective of the config."""
    sources = {source.name: source for source in scene.config.sources}
    return evaluate(
        scene.config.slos, scene.reader, as_of=scene.as_of, sources=sources, history=history
    )


def board_of(scene: Scene, views: Sequence[SloView]) -> Board:
    """These views with what stands around them: moment, sources, digest of the config."""
    return Board(
        views=by_need(views),
        as_of=scene.as_of,
        is_fixed=scene.is_fixed,
        sources=source_lines(scene),
        digest=scene.config.digest,
    )
