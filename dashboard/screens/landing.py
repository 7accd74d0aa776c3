"""Where an address without a page leads: to *Now* while anything fires, else to *Objectives*.

Where nothing was promised, to *Migration* or *Delivery & incidents*, whichever has something.
"""

from __future__ import annotations

from dashboard import serving
from dashboard.screens import delivery, migration, now, objectives
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.pages.fleet import fleet
from dashboard.views.upkeep.board import Board
from slo.errors import BurnlineError


def first() -> Screen:
    """The page to begin with, decided anew at each visit."""
    if not _is_promised():
        others = (one for one in (migration.SCREEN, delivery.SCREEN) if one.has_entry)
        return next(others, objectives.SCREEN)
    found = look(fleet)
    fires = isinstance(found, Board) and any(view.firing for view in found.views)
    return now.SCREEN if fires else objectives.SCREEN


def _is_promised() -> bool:
    """Whether there is any objective; a config that cannot be used is told of by its page."""
    try:
        return bool(serving.current().load().slos)
    except BurnlineError:
        return True
