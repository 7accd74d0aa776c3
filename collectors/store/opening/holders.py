"""Which other processes hold a lock of SQLite on a store, where the system tells it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_LOCKS = Path("/proc/locks")


def writers(path: Path) -> tuple[int, ...]:
    """The processes other than this one that keep others from the store; none where unknown.

    Linux lists the locks, so that no file has to be opened: to close it again would take this
    process's own locks away.
    """
    try:
        listed = _LOCKS.read_text(encoding="ascii").splitlines()
    except OSError:
        return ()
    places = set(_places(path))
    found = {int(pid) for kind, pid, place in map(_lock, listed) if kind and place in places}
    return tuple(sorted(found - {os.getpid(), 0, -1}))


def _places(path: Path) -> Iterator[str]:
    """The files of the store as the list calls them."""
    for suffix in ("", "-shm"):
        try:
            seen = path.with_name(path.name + suffix).stat()
        except OSError:
            continue
        yield f"{os.major(seen.st_dev):02x}:{os.minor(seen.st_dev):02x}:{seen.st_ino}"


def _lock(line: str) -> tuple[bool, str, str]:
    """Whether the line tells of an exclusive lock, whose and on which file.

    >>> _lock("7: POSIX  ADVISORY  WRITE 812 08:01:131 120 120")
    (True, '812', '08:01:131')
    >>> _lock("7: -> POSIX  ADVISORY  WRITE 813 08:01:131 120 120")[0]
    False
    """
    words = line.split()
    if len(words) < 6 or words[1] != "POSIX" or words[3] != "WRITE":  # noqa: PLR2004
        return False, "0", ""
    return True, words[4], words[5]
