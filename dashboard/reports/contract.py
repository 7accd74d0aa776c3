"""What a report format is: the ending of its files, and how one is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.views.report.model import Report


@dataclass(frozen=True, slots=True)
class Format:
    """How a report is written: the file's name is the format's, `extension` that of its files."""

    extension: str
    written: Callable[[Report], bytes]
