"""Where an address without a page leads: to *Now* while anything fires, else to *Objectives*."""

from __future__ import annotations

from dashboard.screens import now, objectives
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.pages.fleet import fleet
from dashboard.views.upkeep.board import Board


def first() -> Screen:
    """The page to begin with, decided anew at each visit."""
    found = look(fleet)
    fires = isinstance(found, Board) and any(view.firing for view in found.views)
    return now.SCREEN if fires else objectives.SCREEN
