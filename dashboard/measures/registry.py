"""Which kinds of measure there are: the files of `kinds/`; a file there is the registration."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from dashboard.measures import kinds
from dashboard.measures.contract import MeasureKind
from slo.nearest import did_you_mean


def names() -> tuple[str, ...]:
    """The names of all kinds, sorted; nothing is imported."""
    found = (module.name for module in pkgutil.iter_modules(kinds.__path__))
    return tuple(sorted(name for name in found if not name.startswith("_")))


def load(kind: str) -> MeasureKind:
    """The kind of that name, imported now.

    Raises:
        ValueError: there is none; the nearest name is said.
    """
    if kind not in names():
        there = ", ".join(names())
        raise ValueError(f"no measure is called {kind!r}{did_you_mean(kind, names())}; {there}")
    found: MeasureKind = import_module(f"{kinds.__name__}.{kind}").KIND
    return found
