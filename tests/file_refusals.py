"""The error with which a file is refused, and two good lines of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from file_builders import EVER, NOW, table, write

from collectors.contract import Named
from collectors.sources.files import for_import
from slo.errors import InputError

HEADER = "at,status\n"
ROW = "2026-01-01T12:00:00Z,up\n"


def refused(folder: Path, path: str, **options: Any) -> InputError:
    """The error with which a file is refused; no batch came before it."""
    collector = for_import(Named("files", "-"), table(**options), [str(folder / path)])
    (stream,) = collector.streams
    with pytest.raises(InputError) as caught:
        next(collector.collect(stream, EVER, NOW))
    assert str(folder / path) in caught.value.where
    assert caught.value.mend
    return caught.value


def refused_text(folder: Path, text: str | bytes, file: str = "rows.csv", /, **options: Any) -> str:
    """The sentence with which a file that holds the text is refused."""
    write(folder, text, file)
    return refused(folder, file, **options).what
