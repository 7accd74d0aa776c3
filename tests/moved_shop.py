"""A shop that moved: ten weeks before, two of moving, ten after, as files and a configuration.

cart   moves day by day: 10 of 100 requests on the new system on the first day, all from the tenth
mail   stays on the old system
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from told_builders import DAY_S, day

from slo.spans import rfc3339

FIRST, MOVES, MOVED, LAST = (
    day("2026-01-05"),
    day("2026-03-16"),
    day("2026-03-30"),
    day("2026-06-08"),
)
CONFIG = """
store = "sqlite:///burnline.db"

[[source]]
name = "shop"
kind = "files"
generated = true
every = "1h"

[[source.file]]
path = "seconds.csv"
holds = "gauges"
name = "request_seconds"
columns = { value = "seconds" }
labels = ["side"]
valid_for = "8h"

[[source.file]]
path = "probes.csv"
holds = "probes"
columns = { status = "state" }
valid_for = "1h"

[[source.file]]
path = "incidents.csv"
holds = "incidents"

[[source.file]]
path = "deployments.csv"
holds = "events"
kind = "deployment"

[[source.file]]
path = "moving.csv"
holds = "requests"
name = "moving"
labels = ["side"]

[[migration]]
name = "cloud"
title = "To the cloud"
before = [2026-01-05, 2026-03-16]
after = [2026-03-30, 2026-06-08]

[[migration.metric]]
id = "p95"
title = "API latency, p95"
kind = "latency_quantile"
samples = 'request_seconds{service="api"}'
goal = "< 500ms"

[[migration.metric]]
id = "uptime"
title = "Uptime"
kind = "uptime"
uptime = 'probe{service="api"}'
valid_for = "1h"
goal = ">= 99.9 %"

[[migration.metric]]
id = "incidents"
title = "Incidents"
kind = "event_rate"
events = "incident"
goal = "<= 2 a month"

[[migration.metric]]
id = "deployments"
title = "Deployments"
kind = "event_rate"
events = "deployment"
goal = ">= 1 a week"

[[migration.service]]
name = "cart"
old = 'moving{service="cart",side="old"}'
new = 'moving{service="cart",side="new"}'

[[migration.service]]
name = "mail"
old = 'moving{service="mail",side="old"}'
new = 'moving{service="mail",side="new"}'

[[migration.beside]]
title = "p95"
kind = "latency_quantile"
old = 'request_seconds{service="both",side="old"}'
new = 'request_seconds{service="both",side="new"}'
new_name = "Canary"
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its head and its rows, each with its moment first."""

    name: str
    head: str
    rows: tuple[tuple[int, str], ...]


def write(folder: Path, *, until: int = LAST, config: str = CONFIG) -> None:
    """The configuration, and every fact before a moment."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(config)
    for table in _tables():
        lines = [text for at, text in table.rows if at < until]
        (folder / table.name).write_text("\n".join([table.head, *lines, ""]))


def _tables() -> Iterator[Table]:
    yield Table("seconds.csv", "at,service,side,seconds", tuple(_seconds()))
    yield Table("probes.csv", "at,service,state", tuple(_probes()))
    yield Table("incidents.csv", "id,at,ended_at,service,severity,title", tuple(_incidents()))
    yield Table("deployments.csv", "id,at,service,version,title", tuple(_deployments()))
    yield Table("moving.csv", "at,service,side,good,total", tuple(_moving()))


def _seconds() -> Iterator[tuple[int, str]]:
    """Eight values a day around 800 ms before and 450 ms after; both sides while it moves."""
    for at in range(FIRST, LAST, DAY_S // 8):
        wave = (at // (DAY_S // 8)) % 11 * 0.004
        level = 0.78 if at < MOVED else 0.44
        yield at, f"{rfc3339(at)},api,,{level + wave:.3f}"
        if MOVES <= at < MOVED:
            yield at, f"{rfc3339(at)},both,old,{0.78 + wave:.3f}"
            yield at, f"{rfc3339(at)},both,new,{0.44 + wave:.3f}"


def _probes() -> Iterator[tuple[int, str]]:
    """Down for an hour every fifth day before, and once after."""
    for at in range(FIRST, LAST, 3_600):
        days, hour = divmod(at - FIRST, DAY_S)
        is_down = hour == 12 * 3_600 and (days % 5 == 2 if at < MOVES else days == 100)
        yield at, f"{rfc3339(at)},api,{'down' if is_down else 'up'}"


def _incidents() -> Iterator[tuple[int, str]]:
    """Fourteen before, one every fifth day, and two after."""
    moments = [FIRST + n * 5 * DAY_S + 40_000 for n in range(14)]
    for n, at in enumerate([*moments, MOVED + 20 * DAY_S, MOVED + 50 * DAY_S]):
        yield at, f"I-{n},{rfc3339(at)},{rfc3339(at + 3_600)},api,1,Outage {n}"


def _deployments() -> Iterator[tuple[int, str]]:
    """One every 35 days before and one every 5 after."""
    before = [FIRST + n * 35 * DAY_S + 50_000 for n in range(2)]
    after = [MOVED + n * 5 * DAY_S + 50_000 for n in range(14)]
    for n, at in enumerate([*before, *after]):
        yield at, f"D-{n},{rfc3339(at)},api,v{n},Change {n}"


def _moving() -> Iterator[tuple[int, str]]:
    """A hundred requests a day at noon; the new system gets ten more of cart's each day."""
    for at in range(FIRST + DAY_S // 2, LAST, DAY_S):
        moved = min(max((at - MOVES) // DAY_S + 1, 0) * 10, 100)
        for side, count in (("old", 100 - moved), ("new", moved)):
            if count:
                yield at, f"{rfc3339(at)},cart,{side},{count},{count}"
        yield at, f"{rfc3339(at)},mail,old,50,50"
