"""What follows from stored points: tallies per rule, and histograms of raw latencies.

Uptime     the observations of all probes that a selector matches -> seconds up and known
Latency    the samples of one series -> events at or under each threshold, and buckets
Ratio      the samples of one series, each 1 or 0 -> requests that were good, out of all

A rule that was derived once is followed for ever, whether or not it is configured today: the
figures of a store depend on its facts, not on who asked for them when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from collectors.store.derived import latency, successes, uptime
from collectors.store.derived.refit import refit
from collectors.store.ids import SeriesBook, StoredSeries, digest_of, stored
from collectors.store.points import Touched, neighbours
from collectors.store.tables import observations, samples, series
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Combine, Latency, Ratio, Split, Uptime, Wanted
from slo.rules import uptime_rule
from slo.selector import Selector
from slo.splits import Labels, values_of

_UP, _UNDER = "up:", "<="


@dataclass(frozen=True, slots=True)
class _Change:
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class _Probes:
    """Probes that are combined by a rule: all of them, or those of each value of some labels."""

    selector: Selector
    combine: Combine
    by: tuple[str, ...] = ()

    def group_of(self, key: SeriesKey) -> Labels:
        """The values that tell the group of a series."""
        return values_of(dict(key.labels), self.by)

    def has(self, key: SeriesKey) -> bool:
        """Whether a series is one of these probes."""
        is_probe = key.kind is SeriesKind.STATUS
        return is_probe and self.selector.matches(key.name, dict(key.labels))


class Deriver:
    """Derives the series of one source within one transaction."""

    def __init__(self, connection: Connection, source: str, book: SeriesBook) -> None:
        """Nothing is read until something changed."""
        self._connection, self._source, self._book = connection, source, book

    def follow(self, touched: Sequence[Touched], indicators: Sequence[Wanted]) -> None:
        """Derive anew what the changed points bear on."""
        if not touched:
            return
        known = self._derived()
        for probes in _probes(known, indicators):
            self._follow_probes(probes, touched)
        by_series: dict[SeriesKey, list[Touched]] = {}
        for one in touched:
            if one.key.kind is SeriesKind.SAMPLE:
                by_series.setdefault(one.key, []).append(one)
        for key, changes in by_series.items():
            self._follow_latency(key, changes, known, indicators)
            self._follow_successes(key, changes, indicators)

    def ensure(self, indicators: Sequence[Wanted]) -> None:
        """Derive from all that is stored what no earlier configuration asked for."""
        known = self._derived()
        for indicator in indicators:
            match indicator:
                case Uptime() | Split(of=Uptime()):
                    for probes in _asked_probes(indicator):
                        self._follow_probes(probes, ())
                case Latency(samples=str(text)):
                    for base in self._members(Selector.parse(text), SeriesKind.SAMPLE):
                        self._follow_latency(base.key, [], known, [indicator])
                case Ratio(total=text, good=None, bad=None):
                    for base in self._members(Selector.parse(text), SeriesKind.SAMPLE):
                        self._follow_successes(base.key, [], [indicator])
                case Latency(histogram=str(text)):
                    refit(self._connection, self._book, self._source, text, indicator.threshold_s)

    def _follow_probes(self, probes: _Probes, touched: Sequence[Touched]) -> None:
        """Derive each group of probes of which one changed; the whole of a group that is new."""
        if touched and not any(probes.has(one.key) for one in touched):
            return
        groups: dict[Labels, list[StoredSeries]] = {}
        for member in self._members(probes.selector, SeriesKind.STATUS):
            groups.setdefault(probes.group_of(member.key), []).append(member)
        for values, members in groups.items():
            keys = {member.key for member in members}
            mine = [one for one in touched if one.key in keys]
            if self._book.find(self._uptime_key(probes, values)) is None:
                self._whole_uptime(probes, values, members)
            elif mine:
                target = self._uptime_target(probes, values, members)
                for change in _joined(self._reach(one) for one in mine):
                    self._derive_uptime(target, members, probes.combine, change)
                self._widen(target.key, mine)

    def _whole_uptime(
        self, probes: _Probes, values: Labels, members: Sequence[StoredSeries]
    ) -> None:
        if all(member.until is None for member in members):
            return
        target = self._uptime_target(probes, values, members)
        since, until = _hull(members)
        self._derive_uptime(target, members, probes.combine, _Change(since, until + 1))
        self._book.widen(target.key, since, until)

    def _derive_uptime(
        self,
        target: StoredSeries,
        members: Sequence[StoredSeries],
        combine: Combine,
        change: _Change,
    ) -> None:
        span = (change.since, change.until)
        if uptime.derive(self._connection, target, members, combine, span):
            self._book.mark_lesser(target.key)

    def _uptime_target(
        self, probes: _Probes, values: Labels, members: Sequence[StoredSeries]
    ) -> StoredSeries:
        services = {member.key.service for member in members}
        key = self._uptime_key(probes, values)
        service = services.pop() if len(services) == 1 else ""
        return self._book.of(
            replace(key, service=service, bin_s=max(member.key.bin_s for member in members))
        )

    def _uptime_key(self, probes: _Probes, values: Labels) -> SeriesKey:
        return SeriesKey(
            source=self._source,
            name=str(probes.selector),
            kind=SeriesKind.TALLY,
            labels=values,
            rule=uptime_rule(probes.combine),
        )

    def _follow_latency(
        self,
        base: SeriesKey,
        changes: Sequence[Touched],
        known: Iterable[SeriesKey],
        indicators: Sequence[Wanted],
    ) -> None:
        """Derive the changed spans; all of them when a threshold is new to the series."""
        held = {
            float(key.rule.removeprefix(_UNDER))
            for key in known
            if (key.name, key.labels) == (base.name, base.labels)
            and key.rule.startswith(_UNDER)
            and "|" not in key.rule
        }
        asked = {
            indicator.threshold_s
            for indicator in indicators
            if isinstance(indicator, Latency)
            and indicator.samples is not None
            and Selector.parse(indicator.samples).matches(base.name, dict(base.labels))
        }
        stored_base = self._book.of(base)
        if stored_base.since is None or stored_base.until is None or not held | asked:
            return
        targets = latency.targets(self._book, base, sorted(held | asked))
        spans = [(change.since, change.until) for change in _joined(map(self._reach, changes))]
        if not asked <= held:
            spans = [(stored_base.since, stored_base.until + 1)]
        lesser = [latency.derive(self._connection, stored_base, targets, s) for s in spans]
        for key in targets.keys:
            self._book.widen(key, stored_base.since, stored_base.until)
            if any(lesser):
                self._book.mark_lesser(key)

    def _follow_successes(
        self, base: SeriesKey, changes: Sequence[Touched], indicators: Sequence[Wanted]
    ) -> None:
        """Count the changed spans anew; all of them when nobody asked for counts before."""
        is_held = successes.is_held(self._connection, self._book, base)
        stored_base = self._book.of(base)
        if stored_base.since is None or stored_base.until is None:
            return
        if not is_held and not successes.is_asked(base, indicators):
            return
        spans = [(change.since, change.until) for change in _joined(map(self._reach, changes))]
        if not is_held:
            spans = [(stored_base.since, stored_base.until + 1)]
        target = self._book.of(successes.tally_key(base))
        lesser = [successes.derive(self._connection, stored_base, target, span) for span in spans]
        self._book.widen(target.key, stored_base.since, stored_base.until)
        if any(lesser):
            self._book.mark_lesser(target.key)

    def _reach(self, one: Touched) -> _Change:
        """From the point before the change, whose hold it ends, to the one after it."""
        table = observations if one.key.kind is SeriesKind.STATUS else samples
        stretch = one.stretch
        before, after = neighbours(
            self._connection, table, stretch.series_id, stretch.since, stretch.until
        )
        since = stretch.since if before is None else before
        return _Change(since, max(after or 0, stretch.until + one.valid_s))

    def _widen(self, key: SeriesKey, touched: Sequence[Touched]) -> None:
        since = min(one.stretch.since for one in touched)
        self._book.widen(key, since, max(one.stretch.until - 1 for one in touched))

    def _derived(self) -> list[SeriesKey]:
        mine = (series.c.source == self._source, series.c.kind == SeriesKind.TALLY.value)
        rows = self._connection.execute(select(series).where(*mine, series.c.rule != ""))
        return [stored(row).key for row in rows]

    def _members(self, selector: Selector, kind: SeriesKind) -> list[StoredSeries]:
        """The base series that the selector matches, as this transaction leaves them."""
        mine = (series.c.source == self._source, series.c.kind == kind.value)
        rows = self._connection.execute(
            select(series).where(*mine, series.c.name == selector.name, series.c.rule == "")
        )
        keys = [stored(row).key for row in rows]
        matching = [key for key in keys if selector.matches(key.name, dict(key.labels))]
        return [self._book.of(key) for key in sorted(matching, key=digest_of)]


def _probes(known: Iterable[SeriesKey], wanted: Sequence[Wanted]) -> list[_Probes]:
    """The probes that are asked for, and those that were once."""
    asked = {probes for one in wanted for probes in _asked_probes(one)}
    held = {
        _Probes(
            Selector.parse(key.name),
            Combine(key.rule.removeprefix(_UP)),
            tuple(label for label, _ in key.labels),
        )
        for key in known
        if key.rule.startswith(_UP)
    }
    return sorted(asked | held, key=lambda one: (str(one.selector), one.combine, one.by))


def _asked_probes(wanted: Wanted) -> list[_Probes]:
    """The probes of an indicator as one, or apart; for a breakdown by each label on its own."""
    match wanted:
        case Uptime(probe=text, combine=combine):
            return [_Probes(Selector.parse(text), combine)]
        case Split(of=Uptime(probe=text, combine=combine), by=by, is_breakdown=each_alone):
            apart = [(label,) for label in by] if each_alone else [tuple(sorted(by))]
            return [_Probes(Selector.parse(text), combine, labels) for labels in apart]
        case _:
            return []


def _hull(members: Sequence[StoredSeries]) -> tuple[int, int]:
    sinces = [member.since for member in members if member.since is not None]
    untils = [member.until for member in members if member.until is not None]
    return min(sinces), max(untils)


def _joined(changes: Iterable[_Change]) -> list[_Change]:
    """The changes with overlapping ones made one, so that nothing is derived twice."""
    joined: list[_Change] = []
    for change in sorted(changes, key=lambda one: one.since):
        if joined and change.since <= joined[-1].until:
            joined[-1] = _Change(joined[-1].since, max(joined[-1].until, change.until))
        else:
            joined.append(change)
    return joined
