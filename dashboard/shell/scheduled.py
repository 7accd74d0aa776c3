"""The collector as a process: from its start until it is told to end, whoever hangs.

SIGHUP, a changed file   the configuration is read anew; a broken one changes nothing
SIGTERM, Ctrl-C          no further run; after a moment the process ends, with code 0
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Timer
from types import FrameType
from typing import NoReturn

from structlog.typing import FilteringBoundLogger

from collectors.lanes import Pause
from collectors.run import Silent
from collectors.store.opening.space import FullError
from collectors.store.store import Store
from dashboard import wiring
from dashboard.configured import Configured
from dashboard.shell.collector import CollectorProcess
from dashboard.shell.reloading import reload_when_told

DONE, LOST = 0, 2
_LOOK_S = 1.0
_ENDS_WITHIN_S = 4.0
_TOLD = (signal.SIGTERM, signal.SIGINT)


def collect_until_told(configured: Configured, log: FilteringBoundLogger) -> int:
    """Collect on schedule until a signal; the exit code: done, or that the lease was lost.

    Every batch is one transaction, so that the process may end at any moment: what hangs is
    not waited for. Main thread only.

    Raises:
        StoreError: the store cannot be opened, or another collector holds it.
        ConfigError: a source cannot be put to work.
    """
    reload_when_told(configured)
    with _told_to_end() as told, ExitStack() as opened:
        store = _store(configured, told, log)
        if store is None:
            return DONE
        opened.enter_context(store)
        collector = CollectorProcess(configured, store, wiring.pace(Silent()), log)
        collector.begin()
        while not told.wait(_LOOK_S) and not collector.is_lost:
            collector.look()
        code = LOST if collector.is_lost else DONE
        guard = Timer(_ENDS_WITHIN_S, _leave, (code,))
        guard.daemon = True
        guard.start()
        if not collector.end():
            _leave(code)
    guard.cancel()
    return code


def _store(configured: Configured, told: Event, log: FilteringBoundLogger) -> Store | None:
    """The store, once its disk has room to open it; None when told to end before."""
    pause = Pause()
    while True:
        try:
            return wiring.writer(configured.current)
        except FullError as error:
            if pause.begin(error, wiring.now()):
                log.warning(pause.said)
        if told.wait(_LOOK_S):
            return None


@contextmanager
def _told_to_end() -> Iterator[Event]:
    """What is set when the process is told to end, for the block."""
    told = Event()

    def hear(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    before = {number: signal.signal(number, hear) for number in _TOLD}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(code: int) -> NoReturn:
    """End the process as it stands."""
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)
