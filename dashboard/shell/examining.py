"""What `doctor` does: look at the file, the store and the collector, and try every source once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from collectors import registry
from collectors.defects import unexpected
from collectors.examination import tried
from collectors.findings import Finding, note, well, wrong, wrong_by
from collectors.store.ground import ground
from collectors.store.integrity import damage
from dashboard import wiring
from dashboard.config import Config
from dashboard.views.upkeep.doctor import (
    Examined,
    channel_finding,
    collector_findings,
    ground_findings,
    sqlite_finding,
    zone_finding,
)
from dashboard.views.upkeep.growth import counted
from dashboard.views.upkeep.soundness import chain_findings, file_findings
from dashboard.views.upkeep.untold import UNHEARD_MEND, unheard, unheard_words, untold
from slo.errors import BurnlineError
from slo.facts import SeriesKind

DEADLINE_S = 30.0


def examined(path: Path, now: int, deadline_s: float = DEADLINE_S) -> tuple[Examined, ...]:
    """All that was found, the sources tried side by side, each for so long at most.

    One that hangs is left behind in its thread: whoever calls ends the process as it stands.

    Raises:
        ConfigError: the configuration cannot be used at all.
    """
    config = wiring.configured(path)
    trials = [_Trial(source.name, path, now) for source in config.sources]
    threads = ThreadPoolExecutor(max_workers=max(len(trials), 1), thread_name_prefix="trial")
    runs = [threads.submit(trial.run) for trial in trials]
    found = list(_at_home(config, now))
    wait(runs, timeout=deadline_s)
    threads.shutdown(wait=False)
    for trial, run in zip(trials, runs, strict=True):
        about = f'source "{trial.source}"'
        found += [Examined(about, finding) for finding in trial.told(run, deadline_s)]
    return tuple(found)


def _at_home(config: Config, now: int) -> Iterator[Examined]:
    """What was found on this machine."""
    many = f"sources: {len(config.sources)}, SLOs: {len(config.slos)}"
    if config.migrations:
        many += f", migrations: {len(config.migrations)}"
    yield Examined("config", well(f"{config.path}, {many}, digest {config.digest}"))
    yield Examined("timezone", zone_finding(config.timezone, now))
    for finding in _of_store(config):
        yield Examined("store", finding)
    for finding in _of_collector(config, now):
        yield Examined("collector", finding)
    yield from _of_channels(config, now)


def _of_store(config: Config) -> Iterator[Finding]:
    """Whether it can be read and is whole, whose it is, and what it stands on."""
    span, under = None, ground(config.store_url)
    try:
        if under is not None and under.is_new:
            yield note("there is no store yet", "burnline collect --once creates and fills it")
        else:
            with wiring.reader(config) as reader:
                span, log = counted(reader.series(kind=SeriesKind.TALLY)), reader.audit_log()
            yield well("can be read")
            yield from chain_findings(log)
            if under is not None:
                yield from file_findings(damage(config.store_url), str(under.path))
    except BurnlineError as error:
        yield wrong_by(error)
    if under is not None:
        yield from ground_findings(under, span)
        yield sqlite_finding(sqlite3.sqlite_version)


def _of_collector(config: Config, now: int) -> Iterator[Finding]:
    try:
        with wiring.reader(config) as reader:
            yield from collector_findings(
                reader.collector(), reader.last_runs(), config.digest, now
            )
    except BurnlineError:
        return  # the store's own lines say why


def _of_channels(config: Config, now: int) -> Iterator[Examined]:
    """Whether each takes what it is told, and whether somebody hears of every SLO."""
    if not config.channels:
        return
    with suppress(BurnlineError), wiring.reader(config) as reader:
        found = untold(reader.alerts, now)
        for channel in config.channels:
            name = channel.name
            yield Examined(f'channel "{name}"', channel_finding(name, found, now))
    if nobody := unheard_words(unheard(config)):
        yield Examined("channels", note(nobody, UNHEARD_MEND))


@dataclass(slots=True)
class _Trial:
    """One source, tried in a thread of its own."""

    source: str
    path: Path
    now: int
    findings: list[Finding] = field(default_factory=list)

    def run(self) -> None:
        """Try it; what it raises is a finding."""
        try:
            config = wiring.configured(
                self.path, with_sources=lambda name, _kind: name == self.source
            )
            (mine,) = [source for source in config.sources if source.name == self.source]
            kind = registry.load(mine.kind, where=mine.where)
            collector = wiring.lane(mine).collector
            for finding in (kind.examine or tried)(collector, self.now):
                self.findings.append(finding)
        except BurnlineError as error:
            self.findings.append(wrong_by(error))

    def told(self, run: Future[None], deadline_s: float) -> list[Finding]:
        """What it found, and whether it came to an end; of a defect never its own text."""
        found = list(self.findings)
        if not run.done():
            said = f"not done within {deadline_s:g} s; the rest of it was not looked at"
            found.append(wrong(said, f"see why: burnline collect --once --source {self.source}"))
            return found
        defect = run.exception()
        if defect is not None:
            found.append(wrong(f"a defect: {unexpected(defect)}", "report it with this line"))
        return found
