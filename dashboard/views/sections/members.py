"""The values of its labels, or the members of a composite, each with a budget of its own."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.apart_words import members_block
from dashboard.views.blocks import Block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(_scene: Scene, view: SloView) -> Iterator[Block]:
    if view.parts:
        yield members_block(view)


SECTION = Section(15, _blocks)
