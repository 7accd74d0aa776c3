"""How a report becomes files: written in its formats, put into a folder, told from an issued one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.config.report_def import ReportDef
from dashboard.reports import registry
from dashboard.reports.contract import Edition
from dashboard.reports.folder import present

if TYPE_CHECKING:
    from collectors.store.reader import Reader
    from dashboard.config import Config

Files = Mapping[str, bytes]


def made(config: Config, reader: Reader, report: ReportDef, as_of: int) -> Edition:
    """The edition of the last period that had ended at `as_of`."""
    return registry.subject(report.about).edition(config, reader, report, as_of)


def written(edition: Edition, formats: Sequence[str]) -> Files:
    """The files of an edition by name, such as `weekly-2026-W47.html`.

    Raises:
        ConfigError: a format needs a package that is not installed.
    """
    kinds = [registry.load(name) for name in formats]
    return {f"{edition.stem}.{kind.extension}": kind.written(edition) for kind in kinds}


def digest(files: Files) -> str:
    """What tells one set of bytes from another: SHA-256 over each file's name and digest."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def differing(folder: Path, files: Files) -> tuple[str, ...]:
    """The names of those files that are in the folder with other bytes."""
    there = present(folder, tuple(files))
    return tuple(name for name, content in there.items() if content != files[name])
