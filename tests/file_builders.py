"""Files written for a test, and what the files source makes of them."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from collectors.contract import Batch, Counts
from collectors.files.collector import FilesCollector
from collectors.files.table import FileTable
from slo.facts import EventRow, Fact, SampleRows, StatusRows, TallyRows
from slo.spans import Span

NOW = 1_795_348_800
"""2026-11-22T12:00:00Z."""
T0 = 1_767_268_800
"""2026-01-01T12:00:00Z."""
EVER = Span(946_684_800, NOW + 300)


def table(path: str = "rows.csv", **options: Any) -> FileTable:
    """A checked table, as the configuration makes it: lists as lists."""
    return FileTable.model_validate({"path": path, "holds": "probes", **options})


def write(folder: Path, text: str | bytes, name: str = "rows.csv") -> Path:
    """The file written; packed when its name ends with .gz."""
    body = text.encode() if isinstance(text, str) else text
    path = folder / name
    path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    return path


def read(folder: Path, *tables: FileTable, span: Span = EVER) -> list[Batch]:
    """All batches of all files."""
    collector = FilesCollector("files", tables, folder)
    return [batch for stream in collector.streams for batch in collector.collect(stream, span, NOW)]


def read_text(
    folder: Path, text: str | bytes, file: str = "rows.csv", /, **options: Any
) -> list[Batch]:
    """The batches of a file that holds the text."""
    write(folder, text, file)
    return read(folder, table(file, **options))


def counted(batches: Sequence[Batch]) -> Counts:
    """What all batches counted together."""
    return reduce(lambda total, batch: total + batch.counts, batches, Counts())


def warned(batches: Sequence[Batch]) -> list[str]:
    """What all batches warn of."""
    return [warning for batch in batches for warning in batch.warnings]


def facts(batches: Sequence[Batch]) -> list[Fact]:
    """What all batches report."""
    return [fact for batch in batches for fact in batch.facts]


def rows(batches: Sequence[Batch]) -> list[tuple[Any, ...]]:
    """Every row flat: what it is of, when, and what it says."""
    return [row for fact in facts(batches) for row in _rows(fact)]


def _rows(fact: Fact) -> list[tuple[Any, ...]]:
    match fact:
        case StatusRows():
            states = [state.value for state in fact.state]
            at = fact.at.tolist()
            return [(fact.series.name, *row) for row in zip(at, states, strict=True)]
        case SampleRows():
            columns = (fact.at.tolist(), fact.value.tolist())
            return [(fact.series.name, *row) for row in zip(*columns, strict=True)]
        case TallyRows():
            counts = (fact.at.tolist(), fact.good.tolist(), fact.total.tolist())
            return [(fact.series.name, *row) for row in zip(*counts, strict=True)]
        case EventRow():
            return [(fact.kind.value, fact.at, fact.key, fact.ended_at)]
        case _:
            raise AssertionError(fact)
