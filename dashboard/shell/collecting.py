"""What `collect`, `import` and `up` share: run sources into the store, and tell what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import asdict, dataclass

import click
import orjson

from collectors.run import Lane, Progress, collect_once
from collectors.store.store import Ingested, RunRecord, Store
from dashboard import wiring
from dashboard.config import Config, SourceDef
from dashboard.shell.correcting.following import follow
from dashboard.shell.definitions import keep
from dashboard.shell.ending import at_once_when_told
from dashboard.shell.progress import Bar
from dashboard.shell.telling import complain, harmless
from dashboard.views.upkeep.source_words import good_words
from slo.errors import ConfigError
from slo.nearest import did_you_mean

DONE, IN_PART, NOT_DONE = 0, 1, 2


def chosen(config: Config, names: Sequence[str]) -> tuple[SourceDef, ...]:
    """The sources of these names, all when none is named.

    Raises:
        ConfigError: there is no source, or none of such a name.
    """
    refuse_unknown(config, names)
    known = {source.name: source for source in config.sources}
    if not known:
        raise ConfigError(
            "there is nothing to collect from", where=str(config.path), mend="add a [[source]]"
        )
    return tuple(known[name] for name in names) if names else config.sources


def refuse_unknown(config: Config, names: Sequence[str]) -> None:
    """Refuse the name of a source that is not configured: no SLO would read its facts.

    Raises:
        ConfigError: there is no source of such a name.
    """
    known = [source.name for source in config.sources]
    for name in names:
        if name not in known:
            raise ConfigError(
                f'no source is called "{name}"{did_you_mean(name, known)}',
                where=f"--source {name}",
                mend=f"use one of: {', '.join(known)}" if known else "add a [[source]]",
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the runs brought, and when each source last went well before now."""

    records: tuple[RunRecord, ...]
    last_good_at: Mapping[str, int | None]


def collected(
    config: Config,
    lanes: Iterable[Lane],
    *,
    since: int | None = None,
    progress: Progress | None = None,
    then: Callable[[Store, Sequence[RunRecord]], None] | None = None,
) -> Outcome:
    """Run each source once, all at the same time, into the configured store.

    One bar shows how far all have come, unless that is told elsewhere. The promises as they now
    stand are kept with the facts; `then` is done with what came of it at the end. SIGTERM
    ends it between two batches.

    Raises:
        StoreError: the store cannot be written.
    """
    with at_once_when_told(), wiring.writer(config) as store:
        keep(store, config.slos, wiring.now())
        records = _side_by_side(tuple(lanes), store, since, progress)
        follow(config, store, now=wiring.now())
        healths = store.reader.last_runs()
        if then is not None:
            then(store, records)
    return Outcome(records, {health.last.source: health.last_good_at for health in healths})


def tell(outcome: Outcome, *, as_json: bool = False) -> int:
    """Print what each run brought, its complaints on stderr; the command's exit code."""
    if as_json:
        runs = [asdict(record) for record in outcome.records]
        click.echo(orjson.dumps({"schema": "burnline.collect/1", "runs": runs}))
    for record in outcome.records:
        if not as_json:
            click.echo(harmless(_line(record)).encode())
        for warning in record.warnings:
            complain(f"{record.source}: warning: {warning}")
        if record.error is not None:
            good_at = outcome.last_good_at.get(record.source)
            complain(f"{record.source}: {_failed(record, good_at)}")
            complain(record.error)
    return _code(outcome.records)


def _side_by_side(
    lanes: Sequence[Lane], store: Store, since: int | None, progress: Progress | None
) -> tuple[RunRecord, ...]:
    """A record a source; one that hangs delays no other, the store alone is taken in turns."""
    label = lanes[0].name if len(lanes) == 1 else f"{len(lanes)} sources"
    with nullcontext(progress) if progress else Bar(label) as told, _threads(lanes) as threads:
        pace = wiring.pace(told)
        runs = [
            threads.submit(collect_once, lane, store, wiring.now(), pace, since=since)
            for lane in lanes
        ]
        return tuple(run.result() for run in runs)


def _threads(lanes: Sequence[Lane]) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=max(len(lanes), 1), thread_name_prefix="lane")


def _failed(record: RunRecord, good_at: int | None) -> str:
    if record.is_in_part:
        return f"done in part, {len(record.failures)} of {record.streams} streams failed"
    return f"failed, {good_words(good_at, record.ended_at)}"


def _line(record: RunRecord) -> str:
    stored, counts = record.stored, record.counts
    amounts = (
        (stored.new, "new"),
        (stored.unchanged, "known"),
        (stored.revised, "revised"),
        (stored.conflicts, "in conflict"),
        (counts.duplicates, "duplicate"),
        (stored.thinned, "thinned before"),
        (counts.skipped_malformed, "malformed"),
        (counts.dropped_nonfinite, "not finite"),
        (counts.dropped_future, "in the future"),
    )
    said = ", ".join(f"{amount:,} {what}" for amount, what in amounts if amount or what == "new")
    return f"{record.source}: {said}{_ending(record)}"


def _ending(record: RunRecord) -> str:
    if record.is_in_part:
        return ", done in part"
    return ", failed" if record.error else ""


def _code(records: Sequence[RunRecord]) -> int:
    """Done when nothing failed, not done when nothing else was, in part between them."""
    if all(record.error is None for record in records):
        return DONE
    brought = any(
        record.error is None or record.is_in_part or record.stored != Ingested()
        for record in records
    )
    return IN_PART if brought else NOT_DONE
