"""Hands one message over through apprise, in a process of its own: it can neither hang nor fill memory.

    python -m dashboard.notify.bounded

apprise reads whatever a receiver answers, however large it is, and limits the wait for each byte
alone. So the process that does it may grow only so far, and ends by itself. What is to be said
comes by standard input as JSON, what became of it is the last line of the output: a secret address
stands in no list of processes.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from apprise import Apprise, AppriseResult

_TOO_LARGE = "answered more than can be read"
UNUSABLE = "`url` stands for no address that apprise can use"
_MORE_BYTES = 192 * 2**20
_SHORTEST_SECRET, _LONGEST_SAID = 4, 200
_PARTS = re.compile(r"[/?&=:@,;#]+")
_GRAVE = frozenset({"WARNING", "ERROR", "CRITICAL"})


def main() -> None:
    """Hand over what standard input says, and tell what became of it."""
    said = json.load(sys.stdin)
    opened = _opened(said["url"], said["timeout_s"])
    if opened is None:
        _tell(UNUSABLE)
        return
    _bound_memory()
    # Whoever waits sees that this process was ended by it.
    signal.setitimer(signal.ITIMER_REAL, said["timeout_s"])
    try:
        result = opened.notify(**said["message"], body_format="text")
    except MemoryError:
        _tell(_TOO_LARGE)
        return
    signal.setitimer(signal.ITIMER_REAL, 0)
    _tell("" if result else _reason(result, said["url"]))


def _tell(why: str) -> None:
    """Write why it was not handed over, on a line of its own; nothing where it was."""
    answer: Mapping[str, Any] = {"why": why}
    sys.stdout.write(f"\n{json.dumps(answer)}\n")


def _opened(url: str, timeout_s: int) -> Apprise | None:
    """The address, waited for as long as the channel says; None where apprise can make nothing of it."""
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - it takes most of this process's time

    # What it logs can hold the address; what matters of it comes with the result.
    heard = logging.getLogger("apprise")
    heard.propagate = False
    heard.addHandler(logging.NullHandler())
    asset = AppriseAsset(
        storage_mode="memory",
        allow_templates=False,
        service_timeout=0,
        http_redirects=False,
        app_id="burnline",
        app_desc="burnline",
        app_url="",
    )
    opened = Apprise(asset=asset)
    if not (opened.add(url) and len(opened) == 1):
        return None
    for service in opened:
        # Else it gives up after 4 s, and what was taken by then is told again.
        service.socket_read_timeout = max(service.socket_read_timeout, timeout_s)
    return opened


def _bound_memory() -> None:
    """Let this process grow only so far, where the system tells how large it is (Linux)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return
    most = pages * resource.getpagesize() + _MORE_BYTES
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _reason(result: AppriseResult, url: str) -> str:
    """The last complaint of apprise, without any part of the address."""
    said = [entry.message for entry in result.logs() if entry.level in _GRAVE]
    text = said[-1] if said else "apprise does not say why; a huge answer is one reason"
    for part in sorted(_secrets(url), key=len, reverse=True):
        text = text.replace(part, "***")
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return f"not accepted: {line[:_LONGEST_SAID]}"


def _secrets(url: str) -> set[str]:
    """Every part of the address behind its scheme, as it is written and as it is meant."""
    parts = _PARTS.split(url.partition("://")[2])
    return {one for part in parts for one in (part, unquote(part)) if len(one) >= _SHORTEST_SECRET}


if __name__ == "__main__":
    main()
