"""Which sections there are: every file of this folder that holds a SECTION."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from dashboard.views import sections
from dashboard.views.sections.contract import Section

_OWN = frozenset({"contract", "registry"})


@cache
def all_sections() -> tuple[tuple[str, Section], ...]:
    """Every section with the name of its file, in the order of the page."""
    names = (module.name for module in iter_modules(sections.__path__) if module.name not in _OWN)
    found = [(name, import_module(f"{sections.__name__}.{name}").SECTION) for name in names]
    return tuple(sorted(found, key=lambda named: (named[1].order, named[0])))
