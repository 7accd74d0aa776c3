"""The page of sources: how each stands, what was not measured, how this burnline itself is."""

from __future__ import annotations

from dashboard.charts.health import below, health_foot, health_head, sources_table
from dashboard.charts.notice import notice_page
from dashboard.screens.frame import live, show
from dashboard.screens.screen import ADMIN, Screen
from dashboard.session import look
from dashboard.views.pages.health import HealthPage, health_of
from dashboard.views.upkeep.notice import Notice


def page() -> None:
    """Draw the sources, and draw them again as time goes on."""
    live(_health)


def _health() -> None:
    found = look(health_of, even_empty=True)
    if isinstance(found, Notice):
        show(notice_page(found))
    else:
        draw(found)


def draw(page: HealthPage) -> None:
    """The verdict, the sources, the holes beside this burnline."""
    show(health_head(page))
    if page.rows:
        show(sources_table(page))
    show(below(page))
    show(health_foot())


SCREEN = Screen(title="Data health", path="health", order=10, page=page, group=ADMIN)
