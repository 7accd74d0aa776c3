"""Facts from files: CSV, JSON, NDJSON and OpenMetrics, plain or gzip, read as streams.

A file is read through and checked before its first row is stored, and read whole every time:
it claims no span, and no stored value knows which file or line it came from, so the order, the
split and the repetition of files change nothing.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from collectors.contract import Batch, Named, SourceKind, Stream
from collectors.files.passes import Source, batches
from collectors.files.reading import Progress, no_progress, shown, size_of
from collectors.files.table import FileTable, refuse_url
from slo.errors import ConfigError, InputError
from slo.indicator import Latency, Ratio
from slo.spans import Span


class Options(BaseModel):
    """The files of one source."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )

    file: Annotated[tuple[FileTable, ...], Field(strict=False, min_length=1)]
    """The tables `[[source.file]]`."""
    root: str = "."
    """The folder that relative paths start from; the configuration's own."""


@dataclass(frozen=True, slots=True)
class FilesCollector:
    """Reads the files that its tables name; `progress` is told of bytes read as they are read."""

    source: str
    tables: tuple[FileTable, ...]
    root: Path = Path()
    progress: Progress = no_progress

    @property
    def streams(self) -> Sequence[Stream]:
        """One for each file there is now; a pattern without a match is one that fails by name."""
        return [Stream(name, whole=True) for name in self._sources()]

    @property
    def total_bytes(self) -> int:
        """What `progress` will have been told in the end: each file is checked, then stored."""
        return 2 * sum(size_of(source.path) for source in self._sources().values())

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """Yield the facts of the stream's file whose time lies in the span.

        Raises:
            InputError: the file cannot be read as what the configuration says; raised before
                the first batch.
        """
        source = self._sources().get(stream.name)
        if source is None:
            raise InputError(
                "the file is not there any more", where=stream.name, mend="collect again"
            )
        yield from batches(source, span, now, self.progress)

    def _sources(self) -> Mapping[str, Source]:
        """The files by the names of their streams: the path, and what for where it is read twice."""
        found = [
            Source(path, name, table.plan(self.source))
            for table in self.tables
            for path, name in self._matches(table.path)
        ]
        times = Counter(source.shown for source in found)
        named: dict[str, Source] = {}
        for source in found:
            name = source.shown
            if times[source.shown] > 1:
                name += f" ({source.plan.holds.value} {source.plan.name})".replace(" )", ")")
            while name in named:
                name += "+"
            named[name] = source
        return named

    def _matches(self, path: str) -> list[tuple[Path, str]]:
        if not glob.has_magic(path) or os.path.lexists(self.root / path):
            return [(self.root / path, shown(path))]
        names = sorted(glob.glob(path, root_dir=self.root))  # noqa: PTH207 the pattern may be absolute
        # A pattern that matches nothing is read as a name, and fails as one that is not there.
        return [(self.root / name, shown(name)) for name in names or [path]]


def for_import(
    named: Named, table: FileTable, paths: Sequence[str], progress: Progress = no_progress
) -> FilesCollector:
    """The collector of `paths`, each read as the table says; its own `path` does not matter.

    Raises:
        ConfigError: an SLO of the source asks for what files cannot hold.
        InputError: a path is a URL.
    """
    _refuse_unanswerable(named)
    for path in paths:
        refuse_url(path)
    unique = list(dict.fromkeys(paths))
    tables = tuple(table.model_copy(update={"path": path}) for path in unique)
    return FilesCollector(named.name, tables, Path(), progress)


def table_for(options: Options, path: str) -> FileTable | None:
    """The first configured table whose path or pattern means that file; None when none does."""
    # `realpath`, because `Path.resolve` raises where symbolic links run in a circle.
    asked, root = Path(os.path.realpath(path)), Path(os.path.realpath(options.root))
    return next((table for table in options.file if asked.match(str(root / table.path))), None)


def _refuse_unanswerable(named: Named) -> None:
    """Refuse what no file answers, rather than leave it unmeasured for ever."""
    for indicator in named.indicators:
        match indicator:
            case Latency(histogram=str()):
                what = "files hold no histograms"
                mend = "samples = 'probe_latency_seconds{service=\"checkout\"}'"
            case Latency(only_if=str()):
                what = "only_if has no meaning for files"
                mend = 'take it out; holds = "probes" leaves out what failed'
            case Ratio(good=str()) | Ratio(bad=str()):
                what = "rows of files carry good and total together"
                mend = "total = 'requests{service=\"checkout\"}' alone"
            case _:
                continue
        raise ConfigError(what, where=named.where, mend=mend)


def _build(named: Named, options: BaseModel) -> FilesCollector:
    assert isinstance(options, Options)
    _refuse_unanswerable(named)
    return FilesCollector(named.name, options.file, Path(options.root))


SOURCE = SourceKind("files", Options, _build)
