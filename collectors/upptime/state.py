"""What a site's file says: its status, how long it took to answer, and when it was looked at."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime

from slo.facts import Status

_LINE = re.compile(r"(?:- )?([A-Za-z]+):\s*(.*?)\s*")
_STATES = {"up": Status.UP, "down": Status.DOWN, "degraded": Status.DEGRADED}
_LONGEST_BYTES = 16_384
_LONGEST_STATUS = 40


class UnusableStateError(ValueError):
    """The file says nothing that can be stored."""


@dataclass(frozen=True, slots=True)
class State:
    """A site as it was last looked at; `at` and `latency_s` are None where the file names none."""

    status: Status
    latency_s: float | None
    at: int | None


def read(content: bytes) -> State:
    r"""The state that Upptime wrote: `key: value` lines, in its first versions as list items.

    >>> read(b"url: https://shop\nstatus: up\ncode: 200\nresponseTime: 250\n").latency_s
    0.25

    Raises:
        UnusableStateError: it names no status that is known, or is no such file.
    """
    if len(content) > _LONGEST_BYTES:
        raise UnusableStateError("it is longer than 16 kB")
    lines = (_LINE.fullmatch(line) for line in content.decode(errors="replace").split("\n"))
    said = {found[1].casefold(): found[2].strip("'\"") for found in lines if found}
    word = said.get("status", "").casefold()
    if word not in _STATES:
        raise UnusableStateError(
            f"its status {word[:_LONGEST_STATUS]!r} is not up, down or degraded"
        )
    return State(_STATES[word], _latency_s(said.get("responsetime", "")), _second(said))


def _latency_s(text: str) -> float | None:
    """Seconds; None for 0 ms, which Upptime writes when nothing answered."""
    try:
        latency_s = float(text) / 1_000
    except ValueError:
        return None
    return latency_s if latency_s > 0 and math.isfinite(latency_s) else None


def _second(said: dict[str, str]) -> int | None:
    try:
        written = datetime.fromisoformat(said.get("lastupdated", ""))
    except ValueError:
        return None
    return math.floor(written.timestamp()) if written.tzinfo else None
