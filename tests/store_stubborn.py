"""A real writing process that tries each batch until the store takes it.

    python tests/store_stubborn.py URL ACKNOWLEDGED REFUSED BATCHES

It says `open` before its first batch; each batch taken is noted in ACKNOWLEDGED, each refusal, as
a sentence, in REFUSED.
"""

from __future__ import annotations

import sys
from pathlib import Path

from builders import NOON
from store_importer import store_batch

from collectors.store.store import Store
from slo.errors import StoreError

_MOST_TRIES = 50


def write_stubbornly(url: str, acknowledged: Path, refused: Path, batches: int) -> None:
    """Store the batches one after the other, each as often as it takes."""
    with Store.open(url, now=NOON) as store, acknowledged.open("a") as acks:
        for number in range(batches):
            _until_taken(store, number, refused)
            acks.write(f"{number}\n")
            acks.flush()


def _until_taken(store: Store, number: int, refused: Path) -> None:
    for _ in range(_MOST_TRIES):
        try:
            store_batch(store, number)
        except StoreError as error:
            with refused.open("a") as said:
                said.write(f"{error.what}\n")
        else:
            return
    raise AssertionError(f"batch {number} was refused {_MOST_TRIES} times")


if __name__ == "__main__":
    write_stubbornly(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
