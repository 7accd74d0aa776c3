"""The moment of the drawn pages as a real store: what burns, what is spent, what fell silent.

15:42 UTC on 22 Nov 2026. checkout fails 3.1 % of its requests since 15:18, eleven minutes after
a deployment; payments has a ticket; login is spent; notifications froze at 14:05 when its source
was refused; no row of the mobile app came since 18 Nov.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from builders import minutes, series
from made_once import made_once

from collectors.contract import MAX_BATCH_ROWS, Batch, Counts, Stream
from collectors.store.leases import Standing
from collectors.store.runs import RunRecord
from collectors.store.store import Store
from slo.facts import EventKind, EventRow, Fact, TallyRows
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.rules import tally_pick
from slo.spans import Span

AS_OF = 1_795_362_120
DATA_UNTIL = AS_OF - 120
ONSET = DATA_UNTIL - 22 * 60
DEPLOYED = ONSET - 11 * 60
FROZE = DATA_UNTIL - 95 * 60
FELL_SILENT = DATA_UNTIL - (4 * 24 + 11) * 3_600 - 28 * 60
DAY_S = 86_400
DAYS = 30

CONFIG = """
[[source]]
kind = "files"
name = "prometheus"
[[source.file]]
path = "requests.csv"
holds = "requests"

[[source]]
kind = "files"
name = "cloudwatch"
[[source.file]]
path = "cloudwatch.csv"
holds = "requests"

[[source]]
kind = "files"
name = "rum-export"
every = "1h"
[[source.file]]
path = "rum.csv"
holds = "requests"

[[source]]
kind = "files"
name = "github"
every = "5m"
[[source.file]]
path = "deploys.csv"
holds = "events"
kind = "deployment"

[[service]]
name = "checkout"
team = "payments"
runbook = "https://wiki.example/{service}"
logs = "https://logs.example/?service={service}&from={from}&to={to}"
dashboard = "https://grafana.example/d/{service}?from={from}&to={to}"
"""
_SERVICES = ("payments", "login", "mobile-bff", "notifications", "mobile", "ledger", "search")
_SLO = """
[[slo]]
name = {name}
service = "{service}"
objective = {percent}
source = "{source}"
{indicator}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One objective and how its traffic went: the usual share of bad, and other shares since."""

    name: str
    service: str
    percent: str
    usual: float
    source: str = "prometheus"
    since: int | None = None
    burning: float = 0.0
    until: int = DATA_UNTIL
    indicator: Indicator | None = None
    holes: tuple[int, int] | None = None

    @property
    def measure(self) -> Indicator:
        metric = self.name.replace(" ", "_").replace("-", "_")
        return self.indicator or Ratio(total=metric)

    @property
    def written(self) -> str:
        match self.measure:
            case Latency(threshold_s=threshold, samples=samples):
                return f'samples = "{samples}"\nlatency = "{threshold * 1_000:.0f}ms"'
            case Uptime(probe=probe):
                return f'uptime = "{probe}"'
            case Ratio(total=total):
                return f'total = "{total}"'

    def rows(self) -> TallyRows:
        count = DAYS * 1_440 - (DATA_UNTIL - self.until) // 60
        at = self.until - 60 * np.arange(count, 0, -1)
        share = np.full(count, self.usual)
        if self.since is not None:
            share[at >= self.since] = self.burning
        total = np.full(count, 6_000.0)
        wave = 1 + 0.12 * np.sin(np.arange(count) * 1.7)
        bad = np.minimum(np.round(total * share * wave), total)
        pick = tally_pick(self.measure)
        key = series(pick.name, source=self.source, rule=pick.rule)
        rows = minutes(total - bad, total, since=int(at[0]), key=key, observed_at=AS_OF)
        if self.holes is None:
            return rows
        kept = (at < self.holes[0]) | (at >= self.holes[1])
        names = ("at", "good", "total", "observed_s")
        return replace(rows, **{name: getattr(rows, name)[kept] for name in names})


LINES = (
    Line("checkout availability", "checkout", "99.95", 0.0003, since=ONSET, burning=0.031),
    Line("payments success", "payments", "99.95", 0.0003, since=DATA_UNTIL - DAY_S, burning=0.0017),
    Line("login latency", "login", "99", 0.0122, indicator=Latency(0.3, samples="login_seconds")),
    Line("mobile-bff availability", "mobile-bff", "99.9", 0.00079),
    Line("notifications delivery", "notifications", "99", 0.004, "cloudwatch", until=FROZE),
    Line("mobile app start", "mobile", "90", 0.03, "rum-export", until=FELL_SILENT),
    Line("ledger uptime", "ledger", "99.9", 0.0003, indicator=Uptime(probe="ledger_up")),
    Line("search success", "search", "99.9", 0.0003),
)


def events() -> Iterator[EventRow]:
    """Deployments of the last hours and the incidents of the last months."""
    for key, service, at, title in (
        ("3d90be7", "payments", DATA_UNTIL - 138 * 60, "Route cards by region"),
        ("7f3c2a1", "checkout", DEPLOYED, "Retry card capture on 409"),
    ):
        fields = {"title": title, "author": "payments team", "ref": key}
        yield EventRow(EventKind.DEPLOYMENT, key, at, at, service, fields=fields)
    for key, days, minutes_long, title in (
        ("INC-401", 51, 34, "errors after a deploy; rolled back"),
        ("INC-377", 95, 51, "errors after a deploy; flag switched off"),
        ("INC-349", 172, 72, "card processor time-outs; waited"),
    ):
        at = AS_OF - days * DAY_S
        ended = at + minutes_long * 60
        yield EventRow(EventKind.INCIDENT, key, at, at, "checkout", ended, {"title": title})


def filled(folder: Path, *lines: Line, names: tuple[str, ...] = ()) -> Path:
    """A config in the folder whose store holds that moment; `names` stand in for the lines' own."""
    lines = lines or LINES
    made_once(folder, ("fleet", lines, names), lambda empty: _fill(empty, lines, names))
    return folder / "config.toml"


def _fill(folder: Path, lines: tuple[Line, ...], names: tuple[str, ...]) -> None:
    slos = "".join(
        _SLO.format(
            name=json.dumps(names[i] if names else line.name),
            service=line.service,
            percent=line.percent,
            source=line.source,
            indicator=line.written,
        )
        for i, line in enumerate(lines)
    )
    services = "".join(f'[[service]]\nname = "{service}"\n' for service in _SERVICES)
    (folder / "config.toml").write_text(CONFIG + services + slos, encoding="utf-8")
    with Store.open(f"sqlite:///{folder / 'burnline.db'}", now=AS_OF) as store:
        for line in lines:
            for part in _parts(line.rows()):
                store.ingest(line.source, Stream("facts"), Batch((part,)), (), now=AS_OF)
        happened: tuple[Fact, ...] = tuple(events())
        store.ingest("github", Stream("events"), Batch(happened), (), now=AS_OF)
        for run in runs():
            store.record(run)
        store.take_lease("ops-2", 71, "ops-2", Standing(config_digest=""), now=AS_OF - 5)


def runs() -> Iterator[RunRecord]:
    """The last run of each source."""
    span = Span(DATA_UNTIL - 60, DATA_UNTIL)
    yield RunRecord("prometheus", AS_OF - 60, AS_OF - 57, span=span, counts=Counts(read=40))
    yield RunRecord("github", AS_OF - 240, AS_OF - 239)
    yield RunRecord("rum-export", AS_OF - 1_200, AS_OF - 1_199)
    refused = "cloudwatch: refused, HTTP 403: the role may not call GetMetricData"
    yield RunRecord("cloudwatch", AS_OF - 30, AS_OF - 29, refused)


def _parts(rows: TallyRows) -> Iterator[TallyRows]:
    for first in range(0, len(rows.at), MAX_BATCH_ROWS):
        cut = slice(first, first + MAX_BATCH_ROWS)
        columns = {name: getattr(rows, name)[cut] for name in ("at", "good", "total", "observed_s")}
        yield replace(rows, **columns)
