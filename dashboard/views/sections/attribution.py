"""Which deploys and incidents spent the budget."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.attribution.making import spending
from dashboard.views.attribution.words import SHOWN, block
from dashboard.views.blocks import Block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(scene: Scene, view: SloView) -> Iterator[Block]:
    made = spending(scene.reader, scene.config.delivery, view)
    if made is not None and made.spent:
        yield block(made, most=SHOWN)


SECTION = Section(30, _blocks)
