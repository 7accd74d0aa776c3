"""Kinds of sources that no product would ship, as an installed package would register them.

counted   finds its service up, and notes the moment of each run
hanging   never comes back, and heeds no deadline
broken    raises what no source should, with a secret in it
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from collectors.contract import Batch, Collector, Named, SourceKind, Stream
from collectors.described import Described
from slo.facts import SeriesKey, SeriesKind, Status, StatusRows
from slo.spans import Span

KINDS = ("counted", "hanging", "broken")
CANARY = "canary-4711"
VALID_S = 3


class Options(Described):
    """What every odd source may say."""

    notes: str
    """The file that gets a line a run: the seconds of the stopwatch, and the moment."""
    takes: float = 0.0
    """How many seconds a run takes."""


@dataclass(frozen=True, slots=True)
class Odd:
    """Notes that it was asked, then does what its kind does."""

    kind: str
    name: str
    options: Options

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The present alone."""
        return (Stream("state", instant=True),)

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """One observation, or none ever."""
        with Path(self.options.notes).open("a", encoding="utf-8") as notes:
            notes.write(f"{time.monotonic()} {now}\n")
        if self.kind == "hanging":
            threading.Event().wait()
        if self.kind == "broken":
            raise ValueError(f"http://shop.example/?token={CANARY}")
        if self.options.takes:  # libfaketime knows no sleep of no time
            time.sleep(self.options.takes)
        key = SeriesKey(self.name, "state", SeriesKind.STATUS, (), "", "", 60)
        at, valid_s = np.array([now]), np.array([VALID_S])
        yield Batch((StatusRows(key, at, (Status.UP,), valid_s, at),))


def register(folder: Path) -> None:
    """An installed distribution whose entry points name the kinds."""
    described = folder / "odd-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
    points = "".join(f"{kind} = odd_sources:{kind.upper()}\n" for kind in KINDS)
    (described / "entry_points.txt").write_text(f"[burnline.sources]\n{points}")


def source(
    folder: Path, name: str, kind: str = "counted", every: str = "1s", **more: object
) -> str:
    """The table `[[source]]` of one of them; its runs are noted in `NAME.runs`."""
    lines = [
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for key, value in more.items()
    ]
    notes = folder / f"{name}.runs"
    head = f'[[source]]\nname = "{name}"\nkind = "{kind}"\nevery = "{every}"\nnotes = "{notes}"\n'
    return head + "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Run:
    """When a source was asked: by a stopwatch that nobody sets, and by the clock it was told."""

    stopwatch_s: float
    now: int


def runs(folder: Path, name: str) -> list[Run]:
    """Every run of the source so far."""
    path = folder / f"{name}.runs"
    lines = path.read_text().splitlines() if path.exists() else []
    return [
        Run(float(line.split()[0]), int(line.split()[1])) for line in lines if line.count(" ") == 1
    ]


def _kind(kind: str) -> SourceKind:
    def build(named: Named, options: BaseModel) -> Collector:
        assert isinstance(options, Options)
        return Odd(kind, named.name, options)

    return SourceKind(kind, Options, build)


COUNTED, HANGING, BROKEN = map(_kind, KINDS)
