"""What makes a file of this folder a part of the page of one SLO: the value `SECTION` at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dashboard.views.blocks import Block
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks made of config, store, moment and the SLO's own view; none where there is nothing.

    Of two sections the one of the lower order stands first. `is_folded` sections are opened by
    who wants to read them.
    """

    order: int
    make: Callable[[Scene, SloView], Iterable[Block]]
    is_folded: bool = False
