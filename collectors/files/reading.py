"""The text of a file: opened warily, unpacked within limits, never held whole."""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from collectors.files.plan import MEGABYTE
from slo.errors import InputError

MAX_ROW_CHARS = MEGABYTE
Progress = Callable[[int], None]

_HEAD_BYTES = 4_096
_CHUNK_BYTES = 262_144
_GZIP = b"\x1f\x8b"
_ARCHIVES = {
    b"PK\x03\x04": "a zip archive",
    b"PK\x05\x06": "a zip archive",
    _GZIP: "packed twice by gzip",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def shown(path: Path | str) -> str:
    """The path as text that can be printed and stored, whatever bytes its name has."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def no_progress(count: int) -> None:
    """Tell nobody."""


@contextmanager
def text_of(path: Path, *, max_expanded: int, progress: Progress = no_progress) -> Iterator[TextIO]:
    """The file as UTF-8 text, unpacked if it is gzip; undecodable bytes become surrogates.

    Raises:
        InputError: it cannot be opened, is no regular file, is of a kind that is not read, is
            damaged or cut off, or unpacks to more than `max_expanded` bytes.
    """
    with _regular(path) as file:
        raw = _unpacked(file, path, max_expanded, progress)
        buffered = io.BufferedReader(raw)
        _refuse_other_kinds(buffered.peek(_HEAD_BYTES)[:_HEAD_BYTES], path)
        with io.TextIOWrapper(buffered, "utf-8-sig", "surrogateescape", newline="") as text:
            yield text


def refuse_bomb(path: Path, *, max_expanded: int) -> None:
    """Unpack a packed file to nowhere: what it hides shows at once, before any row is parsed.

    Raises:
        InputError: as `text_of` does.
    """
    with _regular(path) as file:
        raw = _unpacked(file, path, max_expanded, no_progress)
        while isinstance(raw, _Unpacked) and raw.read(_CHUNK_BYTES):
            pass


def size_of(path: Path) -> int:
    """How many bytes the file has on disk; 0 when it cannot be asked."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


class Lines:
    """The lines of a text one by one; counts them and bounds the length of a row.

    A row of CSV may span lines, so its reader says where a row begins.
    """

    def __init__(self, text: TextIO, where: str) -> None:
        """Start before the first line."""
        self.number = 0
        self.first = 1
        self._text, self._where, self._chars = text, where, 0

    def begin_row(self) -> None:
        """The next line is the first of a row."""
        self.first, self._chars = self.number + 1, 0

    @property
    def spanned(self) -> int:
        """How many lines the row has had so far."""
        return self.number - self.first + 1

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_ROW_CHARS + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._chars += len(line)
        if self._chars > MAX_ROW_CHARS:
            raise InputError(
                "a row is longer than 1 MB",
                where=f"{self._where}:{self.first}",
                mend="close the quotation mark that was left open there, or take the row out",
            )
        return line


class _Metered(io.RawIOBase):
    """Bytes of the file on disk; says how many were read."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file, self._progress = file, progress

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        read = self._file.read(len(into))
        into[: len(read)] = read
        self._progress(len(read))
        return len(read)


class _Unpacked(_Metered):
    """Bytes of a packed file; refuses damage and more of them than agreed."""

    def __init__(self, packed: gzip.GzipFile, path: Path, limit: int) -> None:
        super().__init__(packed, no_progress)  # type: ignore[arg-type]
        self._where, self._limit, self._expanded = shown(path), limit, 0

    def readinto(self, into: memoryview) -> int:  # type: ignore[override]
        try:
            count = super().readinto(into)
        except EOFError as error:
            raise self._refused("the gzip file is cut off", "fetch it again") from error
        except (zlib.error, OSError) as error:
            raise self._refused(f"the gzip file is damaged: {error}", "fetch it again") from error
        self._expanded += count
        if self._expanded > self._limit:
            raise self._refused(
                f"the file expands beyond {self._limit / MEGABYTE:g} MB",
                f'max_expanded = "{4 * self._limit // MEGABYTE}MB", or unpack it first',
            )
        return count

    def _refused(self, what: str, mend: str) -> InputError:
        return InputError(what, where=self._where, mend=mend)


@contextmanager
def _regular(path: Path) -> Iterator[BinaryIO]:
    try:
        if _is_of_live_database(path):
            raise InputError(
                "the file is of an SQLite database that is in use",
                where=shown(path),
                mend="name only files of facts, such as *.csv",
            )
        # A pipe without a writer would block the opening itself.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unopened(path, error) from error
    try:
        _check_kind(os.fstat(handle), path)
        with os.fdopen(handle, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def _is_of_live_database(path: Path) -> bool:
    """Whether it is a database, perhaps our own: to close it would drop this process's locks."""
    database = os.path.realpath(path).removesuffix("-wal").removesuffix("-shm")
    return os.access(f"{database}-shm", os.F_OK)


def _unpacked(file: BinaryIO, path: Path, limit: int, progress: Progress) -> io.RawIOBase:
    head = file.read(_HEAD_BYTES)
    file.seek(0)
    raw = _Metered(file, progress)
    if head.startswith(_GZIP):
        return _Unpacked(gzip.GzipFile(fileobj=io.BufferedReader(raw)), path, limit)
    if path.suffix == ".gz":
        raise InputError(
            "the file is named .gz but is not gzip",
            where=shown(path),
            mend="rename it, or pack it with gzip",
        )
    return raw


def _check_kind(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no regular file"
        raise InputError(
            f"this is {kind}",
            where=shown(path),
            mend='name a file, or a pattern such as "folder/*.csv"',
        )
    if found.st_size == 0:
        raise InputError("the file is empty", where=shown(path), mend="write it again")


def _unopened(path: Path, error: OSError | ValueError) -> InputError:
    code = error.errno if isinstance(error, OSError) else None
    what, mend = {
        errno.ENOENT: ("there is no such file", "check the path"),
        errno.EACCES: ("the file may not be read", f"chmod u+r {shown(path)}"),
        errno.ELOOP: ("its symbolic links run in a circle", "name the file itself"),
        errno.ENAMETOOLONG: ("the file name is too long", "shorten it"),
        errno.ENOTDIR: ("a part of the path is no folder", "check the path"),
        errno.EMFILE: ("too many files are open", "raise the limit: ulimit -n 1024"),
    }.get(code or 0, (f"the file cannot be opened: {error}", "check the path"))
    return InputError(what, where=shown(path), mend=mend)


def _refuse_other_kinds(head: bytes, path: Path) -> None:
    for magic, kind in _ARCHIVES.items():
        if head.startswith(magic):
            raise InputError(
                f"this is {kind}, which is not read",
                where=shown(path),
                mend="unpack or export it; CSV, JSON, OpenMetrics and gzip of them are read",
            )
    if head.startswith(_WIDE) or b"\x00" in head:
        raise InputError(
            "the text is UTF-16 or binary, not UTF-8",
            where=shown(path),
            mend=f"iconv -f UTF-16 -t UTF-8 {shown(path.name)} > utf8-{shown(path.name)}",
        )
    if head.lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise InputError(
            "this is an HTML page (a login page?), no file of rows",
            where=shown(path),
            mend="download the file itself, signed in",
        )
