"""What should be thought over about the alert rows above it: those that the traffic mocks."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.blocks import Block
from dashboard.views.linting.making import measured
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(_: Scene, view: SloView) -> Iterator[Block]:
    """A sentence each; nothing where every row can fire, and none on a single event."""
    found = measured(view)
    if found.advice:
        said = tuple(f"{one.words[0].upper()}{one.words[1:]}." for one in found.advice)
        yield Block(title="To think over", note="as burnline slo lint says it", words=said)


SECTION = Section(5, _blocks)
