"""Facts from files: CSV, JSON, NDJSON and OpenMetrics, plain or gzip, read as streams.

A file is read through and checked before its first row is stored, and read whole every time:
it claims no span, and no stored value knows which file or line it came from, so the order, the
split and the repetition of files change nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from collectors.contract import Collector, Named, SourceKind, refuse_unanswerable
from collectors.described import Described
from collectors.files.reading import Progress, no_progress
from collectors.files.table import FileTable, refuse_url
from collectors.findings import Finding
from slo.indicator import Base, Latency, Ratio

if TYPE_CHECKING:
    from collectors.files.collector import FilesCollector


class Options(Described):
    """The files of one source."""

    file: Annotated[tuple[FileTable, ...], Field(strict=False, min_length=1)]
    """The tables `[[source.file]]`."""
    root: str = "."
    """The folder that relative paths start from; the configuration's own."""


def for_import(
    named: Named, table: FileTable, paths: Sequence[str], progress: Progress = no_progress
) -> FilesCollector:
    """The collector of `paths`, each read as the table says; its own `path` does not matter.

    Raises:
        ConfigError: an SLO of the source asks for what files cannot hold.
        InputError: a path is a URL.
    """
    for path in paths:
        refuse_url(path)
    unique = list(dict.fromkeys(paths))
    tables = tuple(table.model_copy(update={"path": path}) for path in unique)
    return _collector(named, tables, progress=progress)


def table_for(options: Options, path: str) -> FileTable | None:
    """The first configured table whose path or pattern means that file; None when none does."""
    # `realpath`, because `Path.resolve` raises where symbolic links run in a circle.
    asked, root = Path(os.path.realpath(path)), Path(options.root)
    meant = (each for each in options.file if asked.match(os.path.realpath(root / each.path)))
    return next(meant, None)


def refuses(indicator: Base) -> str | None:
    """Why no file answers it, so that it would stay unmeasured for ever; None when one may."""
    match indicator:
        case Latency(histogram=str()):
            mend = "samples = 'probe_latency_seconds{service=\"checkout\"}'"
            return f"files hold no histograms; write {mend}"
        case Latency(only_if=str()):
            mend = 'take it out; holds = "probes" leaves out what failed'
            return f"only_if has no meaning for files; {mend}"
        case Ratio(good=str()) | Ratio(bad=str()):
            mend = "total = 'requests{service=\"checkout\"}' alone"
            return f"rows of files carry good and total together; write {mend}"
        case _:
            return None


def _build(named: Named, options: BaseModel) -> FilesCollector:
    assert isinstance(options, Options)
    return _collector(named, options.file, Path(options.root))


def _collector(
    named: Named,
    tables: tuple[FileTable, ...],
    root: Path = Path(),
    progress: Progress = no_progress,
) -> FilesCollector:
    # Commands that read no file check the options alone.
    from collectors.files.collector import FilesCollector  # noqa: PLC0415

    refuse_unanswerable(SOURCE, named)
    return FilesCollector(named.name, tables, root, progress)


def _examine(collector: Collector, now: int) -> Iterator[Finding]:
    from collectors.files.collector import FilesCollector  # noqa: PLC0415 - as above

    assert isinstance(collector, FilesCollector)
    return collector.tried(now)


SOURCE = SourceKind(
    "files",
    Options,
    _build,
    refuses=refuses,
    examine=_examine,
    fills_holes="if the files hold it",
)
