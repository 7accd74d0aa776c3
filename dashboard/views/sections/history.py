"""How the promise changed, where it ever did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dashboard.views.blocks import Block
from dashboard.views.compliance.history_words import block
from dashboard.views.compliance.versions import histories
from dashboard.views.sections.contract import Section
from dashboard.views.slos.promised import is_unrecorded
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


def _blocks(scene: Scene, view: SloView) -> Iterator[Block]:
    """Nothing of a promise that always was what it is; the log is read only where it changed."""
    slo = next((one for one in scene.config.slos if one.name == view.name), None)
    versions = () if slo is None else scene.reader.definitions(view.name)
    if slo is None or not versions:
        return
    if len(versions) > 1 or is_unrecorded(slo, versions):
        for found in histories(scene.reader, [slo], scene.config.timezone, scene.as_of):
            yield replace(block(found), title="How the promise changed")


SECTION = Section(60, _blocks, is_folded=True)
