"""A store with deployments, incidents, runs and probes of a small shop, and the page made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from delivery_builders import at

from collectors.contract import MAX_BATCH_ROWS, Batch, Stream
from collectors.store.store import Store
from dashboard.config import load
from dashboard.views.upkeep.scene import Scene
from slo.facts import EventRow, Fact, SeriesKey, SeriesKind, Status, StatusRows
from slo.spans import Span

AS_OF = at("2026-11-22T15:42")
HISTORY = Span(at("2025-06-01"), AS_OF)
SOURCE = """
[[source]]
kind = "files"
name = "shop"
[[source.file]]
path = "events.csv"
holds = "events"
kind = "deployment"
"""
CONFIG = (
    SOURCE
    + """
[[service]]
name = "checkout"
team = "payments"
[[service]]
name = "auth"
team = "identity"
[[service]]
name = "ledger"
team = "payments"

[[slo]]
name = "checkout uptime"
service = "checkout"
objective = 99.9
source = "shop"
uptime = 'probe{service="checkout"}'
"""
)
PROBE = SeriesKey(
    "shop", "probe", SeriesKind.STATUS, (("service", "checkout"),), service="checkout"
)


def probe(
    outages: list[tuple[str, str]], since: str, until: str = "2026-11-22T15:42"
) -> StatusRows:
    """A probe that looks at the beginning and end of each outage, and once a day beside."""
    looks = dict.fromkeys(range(at(since), at(until), 86_400), Status.UP)
    for began, ended in outages:
        looks = {when: s for when, s in looks.items() if not at(began) <= when < at(ended)}
        looks |= {at(began): Status.DOWN, at(ended): Status.UP}
    looks[at(until)] = Status.UP
    return states(looks)


def states(looks: dict[int, Status]) -> StatusRows:
    """What the probe of checkout saw; each look holds for a day and a minute."""
    times = np.array(sorted(looks), dtype=np.int64)
    valid = np.full(len(times), 86_460, dtype=np.int64)
    return StatusRows(PROBE, times, [looks[int(when)] for when in times], valid, times)


def kept(folder: Path, *facts: Fact, config: str = CONFIG, watched: Span = HISTORY) -> Path:
    """The folder with the configuration and a store that holds the facts, read whole."""
    (folder / "config.toml").write_text(config, encoding="utf-8")
    rows = [one for one in facts if isinstance(one, EventRow)]
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=watched.until) as store:
        for first in range(0, max(1, len(rows)), MAX_BATCH_ROWS):
            batch = Batch(tuple(rows[first : first + MAX_BATCH_ROWS]), watched)
            store.ingest("shop", Stream("facts"), batch, (), now=watched.until)
        for fact in facts:
            if isinstance(fact, StatusRows):
                for part in parts(fact):
                    store.ingest("shop", Stream("probes"), Batch((part,)), (), now=watched.until)
    return folder


def parts(rows: StatusRows) -> Iterator[StatusRows]:
    """The rows in pieces that one batch can hold."""
    for first in range(0, len(rows.at), MAX_BATCH_ROWS):
        cut = slice(first, first + MAX_BATCH_ROWS)
        names = ("at", "state", "valid_s", "observed_at")
        yield replace(rows, **{name: getattr(rows, name)[cut] for name in names})


@contextmanager
def scene_of(folder: Path, *, as_of: int = AS_OF, is_fixed: bool = False) -> Iterator[Scene]:
    """The scene of the folder at a moment."""
    from collectors.store.reader import Reader  # noqa: PLC0415 - opened with the store

    config = load(folder / "config.toml", {}, with_sources=False)
    with Reader.open(config.store_url) as reader:
        yield Scene(config, reader, as_of, is_fixed)
