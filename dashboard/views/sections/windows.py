"""What the same counts say over each of several windows."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.blocks import Block
from dashboard.views.compliance.windows import windows_block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(_: Scene, view: SloView) -> Iterator[Block]:
    if view.further:
        yield windows_block(view)


SECTION = Section(20, _blocks)
