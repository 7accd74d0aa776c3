"""Documents that people wrote beside the configuration: read when asked for, never kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from slo.errors import InputError

ReadDocument = Callable[[Path, int], bytes]
"""The bytes of a file, one more than may be at most, so that a huge one is never read whole."""


def read_document(path: Path, most_bytes: int) -> bytes:
    """The file's bytes, and one more than `most_bytes` where it has more.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(most_bytes + 1)
    except OSError as error:
        raise InputError(
            f"the document cannot be read: {error.strerror}",
            where=str(path),
            mend="name a file that exists and can be read",
        ) from None
