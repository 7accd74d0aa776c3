"""Which months kept the promise, and which quarters where one of the windows is a quarter."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.views.blocks import Block
from dashboard.views.compliance.making import records
from dashboard.views.compliance.words import block
from dashboard.views.sections.contract import Section
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.objective import Slo
from slo.periods import ReportPeriod

SHOWN = 6


def _blocks(scene: Scene, view: SloView) -> Iterator[Block]:
    """The last half year, in quarters the last six; nothing where nothing was ever measured."""
    slo = next((one for one in scene.config.slos if one.name == view.name), view.slo)
    for by in _periods(slo):
        found = records(scene.reader, [slo], by, scene.config.timezone, scene.as_of)
        for record in found:
            if record.periods:
                yield block(record, by, most=SHOWN)


def _periods(slo: Slo) -> Iterator[ReportPeriod]:
    yield ReportPeriod.MONTH
    if "quarter" in {window.kind for window in (slo.window, *slo.further)}:
        yield ReportPeriod.QUARTER


SECTION = Section(55, _blocks, is_folded=True)
