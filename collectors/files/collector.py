"""The collector of files: which there are now, and what each of them holds."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collectors.contract import Batch, Stream
from collectors.files import trial
from collectors.files.memory import Memory, Standing
from collectors.files.passes import Source, batches
from collectors.files.reading import Progress, no_progress, shown, size_of
from collectors.files.table import FileTable
from collectors.findings import Finding
from slo.errors import InputError
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class FilesCollector:
    """Reads the files that its tables name; `progress` is told of bytes read as they are read."""

    source: str
    tables: tuple[FileTable, ...]
    root: Path = Path()
    progress: Progress = no_progress
    memory: Memory = field(default_factory=Memory)

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

        A file that was read to its end before and has not changed since is not opened again.

        Raises:
            InputError: the file cannot be read as what the configuration says; raised before
                the first batch.
        """
        source = self._sources().get(stream.name)
        if source is None:
            raise InputError(
                "the file is not there any more", where=stream.name, mend="collect again"
            )
        standing = Standing.of(source.path, span, now)
        told = self.memory.told(stream.name, standing)
        if told is not None:
            yield told
            return
        last, gave_facts = Batch(()), False
        for last in batches(source, span, now, self.progress):
            gave_facts = gave_facts or bool(last.facts)
            yield last
        # Here only when every batch before the last, which has no facts, was stored.
        self.memory.keep(stream.name, standing, last, gave_facts=gave_facts)

    def tried(self, now: int) -> Iterator[Finding]:
        """What the first rows of each file show; nothing is remembered of it."""
        return trial.tried(tuple(self._sources().values()), now)

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
