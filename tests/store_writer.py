"""A real writing process that goes on only when told: one batch for each number it is sent.

    python tests/store_writer.py URL

Opened, it says `open`; after each batch it says its number again.
"""

from __future__ import annotations

import sys

from builders import NOON
from store_importer import store_batch

from collectors.store.store import Store


def write_when_told(url: str) -> None:
    """Store the batches asked for on stdin until it ends."""
    with Store.open(url, now=NOON) as store:
        _say("open")
        for line in sys.stdin:
            store_batch(store, int(line))
            _say(line.strip())


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    write_when_told(sys.argv[1])
