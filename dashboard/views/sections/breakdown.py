"""Which values of its labels the bad events have."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.apart_words import breakdown_block
from dashboard.views.blocks import Block
from dashboard.views.counted.breakdown import breakdowns
from dashboard.views.explained.apart import onset
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(scene: Scene, view: SloView) -> Iterator[Block]:
    if view.slo.breakdown:
        for found in breakdowns(scene.reader, view, onset(scene, view)):
            yield breakdown_block(view, found)


SECTION = Section(10, _blocks)
