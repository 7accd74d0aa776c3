"""A shop to be judged: facts into a real store, an SLO on them, the command in a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from builders import NOON
from components.burnline import RUN
from components.forked import template

from collectors.contract import MAX_BATCH_ROWS, Batch, Stream
from collectors.store.store import Reader, Store
from dashboard.views.counted.course import CourseView, course_view
from dashboard.views.counted.figures import evaluate
from dashboard.views.counted.zoom import Zoom
from dashboard.views.slos.slo_view import SloView
from slo.facts import Fact, TallyRows
from slo.indicator import Indicator, Ratio
from slo.objective import Objective, Slo
from slo.policy import Policy
from slo.spans import RollingWindow, Window

ROOT = Path(__file__).resolve().parent.parent
DAYS_30 = RollingWindow(30 * 86_400)
REQUESTS = Ratio(total="requests")


@dataclass(frozen=True, slots=True)
class Shop:
    """The origin that all built facts come from: asked each minute."""

    kind: str = "files"
    every_s: int = 60
    is_generated: bool = False


def an_slo(
    percent: str = "99.9",
    *,
    name: str = "checkout",
    window: Window = DAYS_30,
    indicator: Indicator = REQUESTS,
    policy: Policy | None = None,
) -> Slo:
    """An SLO of the source "shop" on its requests."""
    objective = Objective.from_percent(percent)
    return Slo(name, "shop", objective, window, "shop", indicator, policy)


def stored(
    folder: Path, *facts: Fact, indicators: tuple[Indicator, ...] = (), url: str = ""
) -> str:
    """The URL of a store that holds the facts: in the folder, or where the URL says."""
    url = url or f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=NOON) as store:
        for part in chain.from_iterable(_parts(fact) for fact in facts):
            store.ingest("shop", Stream("facts"), Batch((part,)), indicators, now=NOON)
    return url


def _parts(fact: Fact) -> Iterator[Fact]:
    """The fact in pieces that one batch can hold."""
    if not isinstance(fact, TallyRows):
        yield fact
        return
    for first in range(0, len(fact.at), MAX_BATCH_ROWS):
        cut = slice(first, first + MAX_BATCH_ROWS)
        columns = {name: getattr(fact, name)[cut] for name in ("at", "good", "total", "observed_s")}
        yield replace(fact, **columns)


def judged(url: str, *slos: Slo, as_of: int = NOON, history: bool = False) -> tuple[SloView, ...]:
    """The views of the SLOs on the store."""
    with Reader.open(url) as reader:
        return evaluate(slos, reader, as_of=as_of, sources={"shop": Shop()}, history=history)


def one_judged(url: str, slo: Slo | None = None, *, as_of: int = NOON) -> SloView:
    """The view of one SLO on the store."""
    (view,) = judged(url, slo or an_slo(), as_of=as_of)
    return view


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its standard output, read as JSON."""
        return json.loads(self.out)

    @property
    def slo(self) -> Any:
        """The only SLO of its answer."""
        (only,) = self.json["slos"]
        return only


def burnline(*words: str, folder: Path, code: str = RUN, **environ: str) -> Ran:
    """Run the command in a process of its own, in the folder; `code` asks another thing of it.

    It is started anew only where the start matters: with a code or an environment of its own.
    """
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    if code == RUN and environ.keys() <= {"COLUMNS"}:
        done = template().run(words, folder, known)
    else:
        done = _started(words, folder, code, known)
    return Ran(done[0], done[1].decode(), done[2].decode())


def _started(
    words: tuple[str, ...], folder: Path, code: str, environ: dict[str, str]
) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, check=False, timeout=600
    )
    return done.returncode, done.stdout, done.stderr


def course_of(
    url: str, slo: Slo, zoom: Zoom = Zoom.WINDOW, *, as_of: int = NOON
) -> tuple[SloView, CourseView]:
    """The view of the SLO and its course."""
    (view,) = judged(url, slo, as_of=as_of)
    with Reader.open(url) as reader:
        return view, course_view(reader, view, zoom, Shop())
