"""Who may write to an SQLite store now: one file lock for every process and every thread.

SQLite before 3.51.3 can corrupt a WAL store when two connections write and checkpoint at once,
so each write transaction and each checkpoint is taken under this lock. The kernel frees it when
its holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from collectors.store.opening import refusals
from slo.errors import StoreError

PATIENCE_S = 5.0
NOTE_BYTES = 4_080
_NOTE_AT = 16
_PAUSE_S = 0.002


class FileLock:
    """An exclusive lock on a file beside the store; its content names the last holder."""

    def __init__(self, path: Path) -> None:
        """Open (or create) the lock file; nothing is locked yet.

        Raises:
            StoreError: it is another user's, or too many files are open.
        """
        self._path = path
        self._thread = threading.Lock()
        self._file = _opened(path)

    @contextmanager
    def held(self, patience_s: float = PATIENCE_S) -> Iterator[None]:
        """Hold the lock for the block.

        Raises:
            StoreError: another holder kept it for longer than `patience_s`.
        """
        with self._thread:
            self._wait(patience_s)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def taken(self) -> bool:
        """Whether the lock is free and now held until the file is closed; nobody waits for it."""
        return self._try()

    def note(self, said: bytes) -> None:
        """Write behind the holder's id, in place: a full disk has room for it.

        Raises:
            OSError: the disk fails.
        """
        os.pwrite(self._file, said.ljust(NOTE_BYTES)[:NOTE_BYTES], _NOTE_AT)

    def close(self) -> None:
        """Let go of the file; the lock is free."""
        os.close(self._file)

    def _wait(self, patience_s: float) -> None:
        give_up = time.monotonic() + patience_s
        while not self._try():
            if time.monotonic() > give_up:
                raise self._busy()
            time.sleep(_PAUSE_S)

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        with suppress(OSError):  # a full disk may have no room for who it is
            os.pwrite(self._file, f"{os.getpid():<12}\n".encode(), 0)
        return True

    def _busy(self) -> StoreError:
        holder = os.pread(self._file, 12, 0).decode(errors="replace").strip() or "unknown"
        return StoreError(
            f"store busy (pid {holder} has been writing for more than {PATIENCE_S:.0f} s)",
            where=str(self._path),
            mend="wait for that process to end; what was not stored is collected again",
        )


def collector_lock(path: Path) -> Path:
    """The file whose lock the one collector of the store at `path` holds."""
    return path.with_name(path.name + ".collector.lock")


def noted(path: Path) -> bytes:
    """What the holder of the lock last wrote; nothing where it never did."""
    try:
        with path.open("rb") as file:
            return file.read(_NOTE_AT + NOTE_BYTES)[_NOTE_AT:].strip()
    except OSError:
        return b""


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise refusals.unwritable(path) from error
    except OSError as error:
        raise refusals.unreadable(path, error) from error
