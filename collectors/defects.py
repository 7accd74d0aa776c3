"""What broke and where, without the error's own text, which may hold anything."""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Iterator
from pathlib import Path

TOO_MANY_FILES = "this machine has too many open files"
RAISE_LIMIT = "raise the limit (ulimit -n), or end other processes of this user"
_TOO_MANY = frozenset({errno.EMFILE, errno.ENFILE})


def unexpected(error: BaseException) -> str:
    """The kind of the error and the line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"unexpected {type(error).__name__}{place}"


def has_too_many_files(error: BaseException) -> bool:
    """Whether it came of a file that could not be opened because too many are: nobody's defect.

    >>> has_too_many_files(OSError(errno.EMFILE, "Too many open files"))
    True
    >>> has_too_many_files(ImportError("libz.so.1: cannot open: Too many open files"))
    True
    >>> has_too_many_files(OSError(errno.ENOENT, "No such file or directory"))
    False
    """
    return any(
        (isinstance(one, OSError) and one.errno in _TOO_MANY)
        or (isinstance(one, ImportError) and os.strerror(errno.EMFILE) in str(one))
        for one in _chain(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
