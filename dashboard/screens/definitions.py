"""The page of definitions: what every objective promises, in words and as it is written."""

from __future__ import annotations

from dashboard.charts.definitions import definitions_page
from dashboard.charts.notice import notice_page
from dashboard.screens.frame import live, show
from dashboard.screens.screen import ADMIN, Screen
from dashboard.session import look
from dashboard.views.pages.definitions import promises
from dashboard.views.upkeep.notice import Notice


def page() -> None:
    """Draw the definitions, and draw them again when the configuration has changed."""
    live(_definitions)


def _definitions() -> None:
    found = look(promises)
    show(notice_page(found) if isinstance(found, Notice) else definitions_page(found))


SCREEN = Screen(title="Definitions", path="definitions", order=40, page=page, group=ADMIN)
