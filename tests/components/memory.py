"""How much memory this process took at most while a block ran."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def peak_growth_mib() -> Iterator[Callable[[], float]]:
    """Gives a function that tells, after the block, by how many MiB it grew at its peak."""
    process, ended = psutil.Process(), threading.Event()
    before = peak = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.005):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: (peak - before) / 2**20
    finally:
        ended.set()
        watcher.join()
