"""How long the budget lasts, what returns to it, and what its policy asks for."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.blocks import Block
from dashboard.views.projection.making import projection
from dashboard.views.projection.words import lasting_block, policy_block, returning_block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(scene: Scene, view: SloView) -> Iterator[Block]:
    made = projection(scene, view)
    if made is None:
        return
    policy = policy_block(view, scene.config.policies)
    yield from filter(None, (lasting_block(made), returning_block(made), policy))


SECTION = Section(25, _blocks)
