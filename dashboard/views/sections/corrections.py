"""What of the window is said not to count as it was measured."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.blocks import Block
from dashboard.views.corrections.bearing import also_touched, bearing
from dashboard.views.corrections.words import corrections_block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(scene: Scene, view: SloView) -> Iterator[Block]:
    found = bearing(scene.reader, view)
    if found:
        made = [one.correction for one in found]
        named = also_touched(scene.reader, scene.config.slos, made).values()
        also = dict.fromkeys(name for names in named for name in names if name != view.name)
        yield corrections_block(view, found, tuple(also))


SECTION = Section(40, _blocks)
