"""Which formats a report can have: the files of `dashboard/reports/formats/`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from dashboard.reports import formats
from dashboard.reports.contract import Format


def names() -> tuple[str, ...]:
    """The names of all formats, sorted; nothing is imported."""
    return tuple(sorted(_files()))


def load(name: str) -> Format:
    """The format of that name, imported now.

    Raises:
        ConfigError: it needs a package that is not installed.
    """
    found: Format = import_module(f"{formats.__name__}.{_files()[name]}").FORMAT
    return found


def _files() -> dict[str, str]:
    """The modules of the folder by format: `csv_.py` is `csv`."""
    found = (module.name for module in pkgutil.iter_modules(formats.__path__))
    return {module.rstrip("_"): module for module in found}
