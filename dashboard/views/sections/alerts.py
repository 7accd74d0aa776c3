"""The alerts of an SLO on its page: what is live, what was, and whether those who should were told."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.alerts.blocks import ledger, live_block, past_block, told_block
from dashboard.views.blocks import Block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.lengths import DAY_S

_SHOWN_S = 30 * DAY_S


def make(scene: Scene, view: SloView) -> Iterator[Block]:
    """What is live, then what is over, then each notice of the last 30 days; none where none was."""
    since, slos = scene.as_of - _SHOWN_S, scene.config.slos
    made = ledger(scene.reader.alerts, scene.as_of, since=since, slos=slos, subjects=[view.name])
    if made.live and not scene.is_fixed:
        yield live_block(made)
    rest = (past_block(made), told_block(made))
    yield from (block for block in rest if block is not None)


SECTION = Section(order=50, make=make, is_folded=True)
