"""How a long-lived process is told to read its configuration anew: SIGHUP."""

from __future__ import annotations

import signal
from threading import Thread
from types import FrameType

from dashboard.configured import Configured


def reload_when_told(configured: Configured) -> None:
    """Have SIGHUP read the configuration anew, from now on; main thread only."""

    def told(_signal: int, _frame: FrameType | None) -> None:
        # In a thread of its own: a handler runs within whatever the main thread is doing, and
        # that may be a look at the same files.
        Thread(target=configured.reload, daemon=True).start()

    signal.signal(signal.SIGHUP, told)
