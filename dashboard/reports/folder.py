"""Where files are put whole or not at all: a reader never meets half a file, nor another folder's.

Links that lead to the folder are followed once, when it is opened, and the paths told are then
those of the folder itself; no link within it is written over.
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
    with _opened(folder) as (where, told):
        for name, content in files.items():
            _check(where, told, name)
            _write(where, told, name, content)
    return tuple(told / name for name in files)


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
def _opened(folder: Path) -> Iterator[tuple[int, Path]]:
    """The folder itself, made where need be and locked for the block, and what it is called.

    That is how it was written, or, where a link led there, where it lies.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        real = folder.resolve()
        where = os.open(real, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise _refused(folder, folder, error) from error
    try:
        fcntl.flock(where, fcntl.LOCK_EX)
        yield where, folder if folder.absolute() == real else real
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
    reason, mend = error.strerror or str(error), "make room or rights there, or name another folder"
    if isinstance(error, FileExistsError | NotADirectoryError):
        is_lost = path.is_symlink() and not path.exists()
        whose = "it is" if path.exists() or is_lost else "something on its path is"
        reason = f"{whose} {'a link that leads nowhere' if is_lost else 'no folder'}"
        mend = "name another folder"
    return DeliveryError(f"cannot write {path}: {reason}", where=str(folder), mend=mend)
