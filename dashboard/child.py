"""One of the processes that `burnline up` runs: a command that does not outlive its supervisor.

    python -m dashboard.child [--config PATH] COMMAND …

Its standard input is a pipe whose other end the supervisor holds and never writes to. However
the supervisor ends, be it killed, the pipe ends with it, on every system.
"""

from __future__ import annotations

import os
import signal
import time
from threading import Thread
from typing import NoReturn

from dashboard.cli import main as run_command

GRACE_S = 4.0
_STDIN = 0


def main(grace_s: float = GRACE_S) -> NoReturn:
    """Run the command until it ends; orphaned it has so long to do so."""
    Thread(target=_end_with_the_supervisor, args=(grace_s,), daemon=True).start()
    run_command()


def _end_with_the_supervisor(grace_s: float) -> NoReturn:
    while os.read(_STDIN, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_s)
    os._exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
