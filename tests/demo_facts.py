"""The files of a demo, read by hand: rows by the csv module, times by the datetime module."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from dashboard.demo.folder import Folder
from dashboard.demo.story import Story

SEED = 1
NOW = 1_795_369_964  # 2026-11-22T17:52:44Z


def epoch(text: str) -> int:
    """Epoch seconds of an RFC 3339 text."""
    return int(datetime.fromisoformat(text).timestamp())


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file, packed or not."""
    body = path.read_bytes()
    text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode()
    yield from csv.DictReader(text.splitlines())


def rows_within(path: Path, since: str, until: str) -> list[dict[str, str]]:
    """Those whose `at` lies in a span of RFC 3339 texts, which sort as their times do."""
    return [row for row in rows(path) if since <= row["at"] < until]


def begun(path: Path, now: int = NOW, *, days: int = 2, port: int = 8501) -> tuple[Folder, Story]:
    folder = Folder(path)
    return folder, folder.begin(now, seed=SEED, days=days, port=port)


def said(folder: Folder) -> dict[tuple[str, str, str], str]:
    """What every row of minutes says, by its kind, time and service."""
    found = {}
    for path in sorted((folder.path / "facts" / "minutes").iterdir()):
        for row in rows(path):
            at, service, *values = row.values()
            kind = path.name.partition("-")[0]
            part = values.pop(0) if kind in {"routes", "schemes"} else ""
            key = (kind, at, f"{service} {part}".strip())
            assert found.setdefault(key, ",".join(values)) == ",".join(values)
    return found
