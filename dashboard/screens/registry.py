"""Which pages there are: every file of this folder that holds a SCREEN."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from dashboard import screens
from dashboard.screens.screen import Screen


@cache
def all_screens() -> tuple[Screen, ...]:
    """Every page in the order of the menu."""
    names = (module.name for module in iter_modules(screens.__path__))
    modules = (import_module(f"{screens.__name__}.{name}") for name in names if name != "registry")
    found = [module.SCREEN for module in modules if hasattr(module, "SCREEN")]
    return tuple(sorted(found, key=lambda screen: (screen.group, screen.order)))


def paths() -> frozenset[str]:
    """The address of every page, the first one's included."""
    return frozenset({"/", *(f"/{screen.path}" for screen in all_screens())})
