"""The page of sources."""

from __future__ import annotations

from dashboard.screens.objectives import page as _page
from dashboard.screens.screen import ADMIN, Screen


def page() -> None:
    """Draw it."""
    _page()


SCREEN = Screen(title="Data health", path="health", order=10, page=page, group=ADMIN)
