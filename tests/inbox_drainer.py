"""A real collecting process that drains the inbox and is killed while it does.

    python tests/inbox_drainer.py URL ITEMS

Having drained so many, it kills itself with the next item's transaction open.
"""

from __future__ import annotations

import os
import signal
import sys

from builders import NOON

from collectors.store import inbox
from collectors.store.store import Store
from dashboard.shell.inbound import effect_of


def main(url: str, items: int) -> None:
    """Drain so many items, then die within the next one."""
    real = inbox.write_audit
    left = [items]

    def dying(*words: object, **named: object) -> None:
        real(*words, **named)  # type: ignore[arg-type]
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    inbox.write_audit = dying
    with Store.open(url, now=NOON) as store:
        store.drain_inbox(effect_of, now=NOON)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
