"""Sources that hang and sources that answer as badly as can be, to have beside good ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path

import odd_sources
from components.hostile import (
    Answer,
    Hostile,
    bomb,
    dripping,
    endless,
    matrix,
    raw,
    reply,
    reset,
    silent,
)

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
_WIDE = matrix(*(({"job": "x" * 60_000, "n": str(n)}, [[1, "1"]]) for n in range(120)))
HOSTILE: tuple[Answer, ...] = (
    endless(_HEAD, b'{"status": "success", ' * 1_000),
    dripping(_HEAD),
    reply(bomb(200), "200 OK", "application/json", "Content-Encoding: gzip"),
    reset(_HEAD + b'{"status"'),
    reply(_WIDE),
    raw(b"\x00" * 70_000),
)


@contextmanager
def bad_company(
    folder: Path, *, hung: int, hostile: int, every: str, timeout: str
) -> Iterator[list[str]]:
    """The tables of so many sources that hang and so many that are hostile.

    Every second one of those that hang heeds no deadline at all.
    """
    with ExitStack() as stack:
        quiet = stack.enter_context(Hostile(silent)).url
        tables = [
            odd_sources.source(folder, f"hung {number}", "hanging", every)
            if number % 2
            else prometheus(f"hung {number}", quiet, every, timeout)
            for number in range(hung)
        ]
        for number, answer in enumerate(islice(cycle(HOSTILE), hostile)):
            url = stack.enter_context(Hostile(answer)).url
            tables.append(prometheus(f"hostile {number}", url, every, timeout))
        yield tables


def prometheus(name: str, url: str, every: str, timeout: str) -> str:
    """A source that asks for the state of one service, with the SLO that needs it."""
    source = f'[[source]]\nname = "{name}"\nkind = "prometheus"\nurl = "{url}"\n'
    pace = f'every = "{every}"\ntimeout = "{timeout}"\nbackfill = "1h"\n'
    return f'{source}{pace}\n[[slo]]\nname = "{name}"\nobjective = 99\nsource = "{name}"\nuptime = "up"\n'
