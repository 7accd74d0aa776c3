"""Where files are put whole or not at all: a reader never meets half a file, nor another folder's.

Each is written beside its place, synced and renamed over it. A kill in between leaves the old
file and a `.part` that the next writer removes; the folder's lock keeps two writers apart.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from slo.errors import DeliveryError

_READABLE = 0o644


def placed(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """The paths of the files, each of them whole in the folder.

    Raises:
        DeliveryError: a name is none, something else stands in its place, or it cannot be written.
    """
    with _opened(folder) as where:
        for name, content in files.items():
            _check(where, folder, name)
            _write(where, folder, name, content)
    return tuple(folder / name for name in files)


def present(folder: Path, names: Iterator[str] | tuple[str, ...]) -> Mapping[str, bytes]:
    """The content of those of the files that are there; no folder is made."""
    found = {}
    for name in names:
        path = folder / name
        with suppress(FileNotFoundError, NotADirectoryError):
            if stat.S_ISREG(path.lstat().st_mode):
                found[name] = path.read_bytes()
    return found


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """The folder itself, made where need be and locked for the block; no link to another."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        where = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _refused(folder, folder, error) from error
    try:
        fcntl.flock(where, fcntl.LOCK_EX)
        yield where
    finally:
        os.close(where)


def _check(where: int, folder: Path, name: str) -> None:
    """Refuse a name that leads elsewhere, and a place where something else than a file is."""
    if not name or "/" in name or "\0" in name or name.startswith("."):
        raise DeliveryError(
            f"{name!r} is no name of a file", where=str(folder), mend="rename the report"
        )
    with suppress(FileNotFoundError):
        mode = os.stat(name, dir_fd=where, follow_symlinks=False).st_mode
        if not stat.S_ISREG(mode):
            what = "a link" if stat.S_ISLNK(mode) else "no plain file"
            raise DeliveryError(
                f"{name} is {what}", where=str(folder), mend="remove it, or choose another folder"
            )


def _write(where: int, folder: Path, name: str, content: bytes) -> None:
    part = f".{name}.part"
    try:
        with suppress(FileNotFoundError):  # of a writer that was killed: the lock is ours
            os.unlink(part, dir_fd=where)
        _fill(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _READABLE, dir_fd=where), content)
        os.rename(part, name, src_dir_fd=where, dst_dir_fd=where)
        os.fsync(where)
    except OSError as error:
        with suppress(OSError):
            os.unlink(part, dir_fd=where)
        raise _refused(folder / name, folder, error) from error


def _fill(part: int, content: bytes) -> None:
    with os.fdopen(part, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _refused(path: Path, folder: Path, error: OSError) -> DeliveryError:
    reason = "is a link or no folder" if path.is_symlink() else error.strerror or str(error)
    return DeliveryError(
        f"cannot write {path}: {reason}",
        where=str(folder),
        mend="make room or rights there, or name another folder",
    )
