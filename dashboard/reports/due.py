"""Which reports are due: once a period, whatever the clocks, the schedule and the collector did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collectors.store.deliveries import Delivery, DeliveryState, Ended
from dashboard.config.report_def import ReportDef
from dashboard.config.subjects import PROMISED, keys_of
from dashboard.reports.rendering import delivered_by_child
from slo.lengths import HOUR_S, MINUTE_S
from slo.periods import NamedPeriod, kind_of

if TYPE_CHECKING:
    from collectors.store.store import Store
    from dashboard.config import Config

CHANNEL = "folder"
LOOK_BACK = 12
"""So many periods are made up for after a rest; older ones are told by hand, with --as-of."""
_SOONEST_S, _LATEST_S = MINUTE_S, HOUR_S
_DOUBLINGS = 6
_AT_ONCE = 4
PATIENCE_S = HOUR_S
"""A source that cannot be collected is waited for so long."""
_SETTLED_S = 120


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is to be made of a period, and since when."""

    report: ReportDef
    period: NamedPeriod
    at: int


def due(
    reports: Iterable[ReportDef], deliveries: Sequence[Delivery], *, born_at: int, now: int
) -> tuple[Due, ...]:
    """What is due at `now`, what has waited longest first.

    After a rest each missed period is due, up to the last twelve. A report that was never made
    begins with the last time its schedule came round, unless the store was not yet there.
    """
    found = [one for report in reports for one in _due(report, deliveries, born_at, now)]
    return tuple(sorted(found, key=lambda one: (one.at, one.report.name)))


def next_due(report: ReportDef, now: int) -> Due | None:
    """The next time the report is made; None where its schedule passes every period over."""
    period = report.period_at(now)
    for _ in range(LOOK_BACK):
        at = report.due_at(period)
        if at is not None and at > now:
            return Due(report, period, at)
        period = period.following
    return None


def deliver_due(config: Config, store: Store, now: int) -> tuple[str, ...]:
    """Hand over what is due, each in a process of its own; the sentences of what failed.

    At most four at once: whoever asks each minute has the rest soon.
    """
    if not config.reports:
        return ()
    known = store.reader.deliveries()
    waiting = _ready(
        config, store, due(config.reports, known, born_at=store.reader.born_at(), now=now), now
    )
    said = [
        (one, delivered_by_child(config.path, one.report.name, one.at))
        for one in waiting[:_AT_ONCE]
    ]
    failed = [(one, error) for one, error in said if error is not None]
    for one, error in failed:
        _note(store, one, (known, error), now)
    return tuple(f"report {one.report.name} {one.period.label}: {error}" for one, error in failed)


def has_facts(
    one: Due, sources: Iterable[str], good_at: Mapping[str, int | None], since: int, now: int
) -> bool:
    """Whether the period's facts are there: each source was collected well after it was due.

    A source that fails is waited for an hour, from `since` on, when the collector began: after
    a rest it first brings in what it missed.
    """
    late = max(one.at, one.period.span.until + _SETTLED_S)
    if now >= max(late, since) + PATIENCE_S:
        return True
    return all((good_at.get(source) or 0) >= late for source in sources)


def _ready(config: Config, store: Store, waiting: Sequence[Due], now: int) -> list[Due]:
    """Those of what is due whose facts are there."""
    good_at = {health.last.source: health.last_good_at for health in store.reader.last_runs()}
    seen = store.reader.collector()
    since = 0 if seen is None else seen.since
    return [
        one for one in waiting if has_facts(one, awaited(config, one.report), good_at, since, now)
    ]


def awaited(config: Config, report: ReportDef) -> frozenset[str]:
    """The sources that must have brought the period's facts.

    Those of its SLOs where it tells of promises alone; all where it tells of anything else, since
    events may come from any source.
    """
    if PROMISED in keys_of(report.about).values():
        return frozenset(slo.source for slo in config.slos if report.covers(slo))
    return frozenset(source.name for source in config.sources)


def _note(store: Store, one: Due, why: tuple[Sequence[Delivery], str], now: int) -> None:
    """Keep why it failed where the process could not do so itself, as when it was killed."""
    known, error = why
    if _attempts(known, one) == _attempts(store.reader.deliveries(one.report.name), one):
        store.begin_delivery(one.report.name, one.period.label, CHANNEL, due_at=one.at, now=now)
    ended = Ended(DeliveryState.FAILED, error=error)
    store.end_delivery(one.report.name, one.period.label, CHANNEL, ended, now=now)


def _attempts(known: Sequence[Delivery], one: Due) -> int:
    key = (one.report.name, one.period.label, CHANNEL)
    return sum(each.attempts for each in known if (each.report, each.period, each.channel) == key)


def _due(
    report: ReportDef, deliveries: Sequence[Delivery], born_at: int, now: int
) -> Iterator[Due]:
    handled = {
        one.period: one
        for one in deliveries
        if one.report == report.name
        and one.channel == CHANNEL
        and kind_of(one.period) is report.period
    }
    came_round = list(_came_round(report, now))
    if not handled:
        yield from (one for one in came_round[:1] if one.at >= born_at)
        return
    first = min(one.due_at for one in handled.values())
    for one in came_round:
        if _is_open(handled, one, first, now):
            yield one


def _came_round(report: ReportDef, now: int) -> Iterator[Due]:
    """The periods whose reports were due by now, the latest first."""
    period = report.period_at(now)
    for _ in range(LOOK_BACK):
        at = report.due_at(period)
        if at is not None and at <= now:
            yield Due(report, period, at)
        period = period.before


def _is_open(handled: Mapping[str, Delivery], one: Due, first: int, now: int) -> bool:
    """Whether a period still waits: never begun, cut off, or failed long enough ago."""
    before = handled.get(one.period.label)
    if before is None:
        return one.at > first
    if before.state == DeliveryState.FAILED:
        tries = min(before.attempts - 1, _DOUBLINGS)
        pause_s = min(_SOONEST_S << tries, _LATEST_S)
        return now >= (before.ended_at or before.started_at) + pause_s
    return before.state_at(now) is DeliveryState.UNKNOWN
