"""How a collection ends that is told to (SIGTERM): at once, with whole batches stored and no other.

Every batch is one transaction, so the store needs no farewell. A thread watches instead of a
handler: Python's handlers wait for whatever the main thread is doing, be it a name that is
looked up for half a minute.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from types import FrameType
from typing import NoReturn

ENDED = 128 + signal.SIGTERM
"""The exit code, as shells say it."""
_SAID = (
    "burnline: told to end (SIGTERM); every batch that was stored is whole, and the next run"
    " brings the rest\n"
)
_STDERR = 2


@contextmanager
def at_once_when_told() -> Iterator[None]:
    """Let SIGTERM end the process at once, for the block; main thread only."""
    listening, telling = os.pipe()
    os.set_blocking(telling, False)
    watcher = Thread(target=_watch, args=(listening,), daemon=True)
    before = signal.signal(signal.SIGTERM, _noted)
    told_before = signal.set_wakeup_fd(telling, warn_on_full_buffer=False)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(told_before)
        signal.signal(signal.SIGTERM, before)
        os.close(telling)
        watcher.join()
        os.close(listening)


def _noted(_signal: int, _frame: FrameType | None) -> None:
    """Nothing: that there is a handler is what makes signals reach the watcher."""


def _watch(listening: int) -> None:
    """Read the number of each signal that arrives, until nobody can tell of one any more."""
    while told := os.read(listening, 1):
        if told[0] == signal.SIGTERM:
            _end()


def _end() -> NoReturn:
    """End the process as it stands; the words go past the buffers, which others may hold."""
    with suppress(OSError):
        os.write(_STDERR, (f"\n{_SAID}" if os.isatty(_STDERR) else _SAID).encode())
    os._exit(ENDED)
