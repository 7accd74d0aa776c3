"""What `report` does: lists what is due when, writes a report by hand, hands it over once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collectors.store.deliveries import Delivery, DeliveryState, Ended
from collectors.store.store import Store
from dashboard import wiring
from dashboard.config import Config
from dashboard.config.report_def import ReportDef
from dashboard.reports import registry
from dashboard.reports.due import CHANNEL, next_due
from dashboard.reports.folder import placed
from dashboard.reports.issuing import Files, differing, digest, made, written
from dashboard.views.report.when import day, instant
from dashboard.views.upkeep.delivery_words import state_words
from slo.errors import BurnlineError, ConfigError, DeliveryError
from slo.nearest import did_you_mean
from slo.spans import rfc3339


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report is wanted, in which formats, as of when, and where, if not where it belongs."""

    report: ReportDef
    formats: tuple[str, ...]
    as_of: int
    out: Path | None


def chosen(config: Config, name: str) -> ReportDef:
    """The report of that name.

    Raises:
        ConfigError: there is none.
    """
    known = {report.name: report for report in config.reports}
    if name not in known:
        raise ConfigError(
            f'no [[report]] is called "{name}"{did_you_mean(name, known)}',
            where=str(config.path),
            mend=f"name one of: {', '.join(known)}" if known else "add a [[report]]",
        )
    return known[name]


def formats_of(report: ReportDef, text: str | None) -> tuple[str, ...]:
    """The formats in a text such as `html,csv`; the report's own where there is none.

    Raises:
        ConfigError: one of them is none.
    """
    if text is None:
        return report.formats
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in registry.names():
            raise ConfigError(
                f'"{name}" is no format{did_you_mean(name, registry.names())}',
                where=f"--format {text}",
                mend=f"use some of: {','.join(registry.names())}",
            )
    return names


def by_hand(config: Config, wish: Wish) -> tuple[Path, ...]:
    """The paths of the report's files, written now.

    Where the report is put on schedule, what was issued is never written over.

    Raises:
        DeliveryError: other bytes were issued, or the folder cannot be written.
        StoreError: the store cannot be read.
    """
    folder = wish.out or wish.report.folder
    with wiring.reader(config) as reader:
        files = written(made(config, reader, wish.report, wish.as_of), wish.formats)
        period = wish.report.period_at(wish.as_of).label
        known = [one for one in reader.deliveries(wish.report.name) if one.period == period]
    changed = differing(folder, files)
    is_issued = any(map(_is_sent, known)) and folder.resolve() == wish.report.folder.resolve()
    if changed and is_issued:
        raise _otherwise(changed, folder)
    return placed(folder, files)


def delivered(config: Config, wish: Wish) -> tuple[Path, ...]:
    """The paths of the report's files, handed over where the report belongs: once a period.

    That it starts is committed before anything is written. What was cut off is done again: a
    file is put whole or not at all, and the same store gives the same bytes.

    Raises:
        DeliveryError: other bytes were issued before, or the folder cannot be written.
        StoreError: the store cannot be read or written.
    """
    report, period = wish.report, wish.report.period_at(wish.as_of)
    key = (report.name, period.label, CHANNEL)
    with wiring.writer(config) as store:
        due_at = report.due_at(period) or wish.as_of
        before = store.begin_delivery(*key, due_at=due_at, now=wiring.now())
        if before is not None and _is_sent(before):
            return _again(config, store, wish, before)
        try:
            files = written(made(config, store.reader, report, wish.as_of), wish.formats)
            paths = placed(report.folder, files)
        except BurnlineError as error:
            failed = Ended(DeliveryState.FAILED, error=error.what)
            store.end_delivery(*key, failed, now=wiring.now())
            raise
        sent = Ended(DeliveryState.SENT, digest=digest(files), place=str(report.folder))
        store.end_delivery(*key, sent, now=wiring.now())
    return paths


def listed(reports: Sequence[ReportDef], deliveries: Iterable[Delivery], now: int) -> list[str]:
    """One line a report: when it is due next, about what, and what became of the last one."""
    return [_line(report, _last(report, deliveries), now) for report in reports]


def document(
    reports: Sequence[ReportDef], deliveries: Iterable[Delivery], now: int
) -> dict[str, object]:
    """The same as `burnline.reports/1`."""
    entries = [_entry(report, _last(report, deliveries), now) for report in reports]
    return {"schema": "burnline.reports/1", "as_of": rfc3339(now), "reports": entries}


def _again(config: Config, store: Store, wish: Wish, before: Delivery) -> tuple[Path, ...]:
    """The paths of what was issued, if it would be the same today; never written anew."""
    files: Files = written(made(config, store.reader, wish.report, wish.as_of), wish.formats)
    if digest(files) != before.digest:
        raise _otherwise(tuple(files), wish.report.folder)
    return tuple(wish.report.folder.resolve() / name for name in files)


def _otherwise(names: Sequence[str], folder: Path) -> DeliveryError:
    return DeliveryError(
        f"{', '.join(names)}: today's figures differ from those that were issued, which stay",
        where=str(folder),
        mend="see what changed: write today's beside them with --out DIR",
    )


def _is_sent(delivery: Delivery) -> bool:
    return delivery.state == DeliveryState.SENT


def _last(report: ReportDef, deliveries: Iterable[Delivery]) -> Delivery | None:
    return next((one for one in reversed([*deliveries]) if one.report == report.name), None)


def _line(report: ReportDef, last: Delivery | None, now: int) -> str:
    return " · ".join([report.name, *_facts(report, last, now)])


def _facts(report: ReportDef, last: Delivery | None, now: int) -> Iterator[str]:
    yield "all services" if report.service is None else report.service
    coming = next_due(report, now)
    if coming is None:
        yield f"never due: {report.cron.text} passes every {report.period.value} over"
    else:
        weekday = day(coming.at, report.zone).partition(" ")[0]
        yield f"{coming.period.label} due {weekday} {instant(coming.at, report.zone)}"
    yield "none yet" if last is None else f"last {last.period} {state_words(last, now)}"


def _entry(report: ReportDef, last: Delivery | None, now: int) -> dict[str, object]:
    coming = next_due(report, now)
    return {
        "name": report.name,
        "service": report.service,
        "formats": list(report.formats),
        "folder": str(report.folder),
        "next": None
        if coming is None
        else {"period": coming.period.label, "due_at": rfc3339(coming.at)},
        "last": None
        if last is None
        else {
            "period": last.period,
            "state": state_words(last, now),
            "digest": last.digest,
            "attempts": last.attempts,
        },
    }
