"""What a report is made of, and how it is written: subjects fill an `Edition`, formats write one.

Subject   config, store and moment  ->  Edition
Format    Edition                   ->  the bytes of a file
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.config.report_def import ReportDef
from dashboard.reports.letter import Letter

if TYPE_CHECKING:
    from collectors.store.reader import Reader
    from dashboard.config import Config

Value = str | int | float | None
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table for spreadsheets: ratios are fractions, an unknown is None."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One report of one period, for people, for spreadsheets and for programs.

    `stem` begins the names of its files, such as `weekly-2026-W47`.
    """

    stem: str
    letter: Letter
    sheet: Sheet
    document: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Format:
    """How an edition is written: the file's name is the format's, `extension` that of its files."""

    extension: str
    written: Callable[[Edition], bytes]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report can be about: the file's name is what `about` calls it.

    `edition` is a function of config, store, report and moment alone. Beside it the file says in
    `KEYS` which keys of its table it takes, and what each names (config/subjects.py).
    """

    edition: Callable[[Config, Reader, ReportDef, int], Edition]
