"""How a report becomes files: written in its formats, put into a folder, told from an issued one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.config.report_def import ReportDef
from dashboard.reports import registry
from dashboard.reports.folder import present
from dashboard.views.report.making import Store, report_of
from dashboard.views.report.model import Heading, Report

if TYPE_CHECKING:
    from dashboard.config import Config

Files = Mapping[str, bytes]


def made(config: Config, reader: Store, report: ReportDef, as_of: int) -> Report:
    """The report of the last period that had ended at `as_of`."""
    slos = [slo for slo in config.slos if report.covers(slo)]
    sources = {source.name: source for source in config.sources}
    heading = Heading(report.name, report.service, report.about(as_of))
    return report_of(heading, slos, reader, sources)


def written(report: Report, formats: Sequence[str]) -> Files:
    """The files of a report by name, such as `weekly-2026-W47.html`.

    Raises:
        ConfigError: a format needs a package that is not installed.
    """
    kinds = [registry.load(name) for name in formats]
    stem = f"{report.heading.name}-{report.heading.period.label}"
    return {f"{stem}.{kind.extension}": kind.written(report) for kind in kinds}


def digest(files: Files) -> str:
    """What tells one set of bytes from another: SHA-256 over each file's name and digest."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def differing(folder: Path, files: Files) -> tuple[str, ...]:
    """The names of those files that are in the folder with other bytes."""
    there = present(folder, tuple(files))
    return tuple(name for name, content in there.items() if content != files[name])
