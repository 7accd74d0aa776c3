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


def main() -> NoReturn:
    """Run the command until it ends or is orphaned."""
    Thread(target=_end_with_the_supervisor, daemon=True).start()
    run_command()


def _end_with_the_supervisor() -> NoReturn:
    while os.read(_STDIN, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
