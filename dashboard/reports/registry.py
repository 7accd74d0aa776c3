"""Which formats and subjects there are: the files of `formats/` and `subjects/`."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

from dashboard.reports import formats, subjects
from dashboard.reports.contract import Format, Subject


def names() -> tuple[str, ...]:
    """The names of all formats, sorted; nothing is imported."""
    return tuple(sorted(_files(formats)))


def load(name: str) -> Format:
    """The format of that name, imported now.

    Raises:
        ConfigError: it needs a package that is not installed.
    """
    found: Format = import_module(f"{formats.__name__}.{_files(formats)[name]}").FORMAT
    return found


def subject(about: str) -> Subject:
    """What a report is about, imported now."""
    found: Subject = import_module(f"{subjects.__name__}.{_files(subjects)[about]}").SUBJECT
    return found


def _files(folder: ModuleType) -> dict[str, str]:
    """The modules of the folder by what they are called: `csv_.py` is `csv`."""
    found = (module.name for module in pkgutil.iter_modules(folder.__path__))
    return {module.rstrip("_"): module for module in found}
