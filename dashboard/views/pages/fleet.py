"""The board of a scene: every objective as it stands, with the sources behind the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.views.counted.beginnings import fires_since
from dashboard.views.counted.figures import evaluate
from dashboard.views.slos.overview import by_need
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import Board
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines
from slo.alerting import Alert
from slo.judgement import Now


def fleet(scene: Scene) -> Board:
    """All objectives in the order of need, each with its last 28 days and since when it fires."""
    return board_of(scene, [_dated(view, scene) for view in judged(scene, history=True)])


def _dated(view: SloView, scene: Scene) -> SloView:
    """The view with since when it fires: minutes are read of those alone that do."""
    if not view.firing or view.judgement.now is Now.FROZEN:
        return view
    return replace(view, fires=fires_since(view.alarming, scene.reader, live_alerts(scene)))


def live_alerts(scene: Scene) -> tuple[Alert, ...]:
    """The alerts that are live; none of a moment that was asked for."""
    return () if scene.is_fixed else scene.reader.alerts.live()


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
