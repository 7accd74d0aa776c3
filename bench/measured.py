"""How long a thing takes, and how the lines of the result look."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable


def median_ms(call: Callable[[], object], times: int = 5) -> float:
    """The middle of `times` runs in milliseconds, after one that is not counted."""
    call()
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begin) * 1_000)
    return statistics.median(spent)


def once_s(call: Callable[[], object]) -> float:
    """One run in seconds."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def say(what: str, found: str, goal: str = "") -> None:
    """One line of the result."""
    sys.stdout.write(f"{what:<58} {found:>22}  {goal}".rstrip() + "\n")
    sys.stdout.flush()
