"""The page of what asks for someone now."""

from __future__ import annotations

from dashboard.screens.objectives import page as _page
from dashboard.screens.screen import Screen


def page() -> None:
    """Draw it."""
    _page()


SCREEN = Screen(title="Now", path="now", order=10, page=page)
