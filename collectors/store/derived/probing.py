"""How the seconds up of a service follow from the observations of its probes, whenever they change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from collectors.store.derived import uptime
from collectors.store.derived.following import Bounds, Following
from collectors.store.points import Touched
from collectors.store.stored import StoredSeries
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Combine, Split, Uptime, Wanted
from slo.rules import uptime_rule
from slo.selector import Selector
from slo.splits import Labels, values_of

_UP = "up:"


@dataclass(frozen=True, slots=True)
class Probes:
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

    def key(self, source: str, values: Labels) -> SeriesKey:
        """The identity of the seconds up of one group."""
        return SeriesKey(
            source=source,
            name=str(self.selector),
            kind=SeriesKind.TALLY,
            labels=values,
            rule=uptime_rule(self.combine),
        )


def follow_probes(ground: Following, probes: Probes, touched: Sequence[Touched]) -> None:
    """Derive each group of probes of which one changed; the whole of a group that is new."""
    if touched and not any(probes.has(one.key) for one in touched):
        return
    groups: dict[Labels, list[StoredSeries]] = {}
    for member in ground.members(probes.selector, SeriesKind.STATUS):
        groups.setdefault(probes.group_of(member.key), []).append(member)
    for values, members in groups.items():
        keys = {member.key for member in members}
        mine = [one for one in touched if one.key in keys]
        if ground.book.find(probes.key(ground.source, values)) is None:
            _whole(ground, probes, values, members)
        elif mine:
            target = _target(ground, probes, values, members)
            for span in ground.reaches(mine):
                _derive(ground, target, members, probes.combine, span)
            since = min(one.stretch.since for one in mine)
            ground.book.widen(target.key, since, max(one.stretch.until - 1 for one in mine))


def _whole(
    ground: Following, probes: Probes, values: Labels, members: Sequence[StoredSeries]
) -> None:
    if all(member.until is None for member in members):
        return
    target = _target(ground, probes, values, members)
    since, until = _hull(members)
    _derive(ground, target, members, probes.combine, (since, until + 1))
    ground.book.widen(target.key, since, until)


def _derive(
    ground: Following,
    target: StoredSeries,
    members: Sequence[StoredSeries],
    combine: Combine,
    span: Bounds,
) -> None:
    lesser = uptime.derive(ground.connection, target, members, combine, span)
    ground.note(target, span, is_lesser=lesser)


def _target(
    ground: Following, probes: Probes, values: Labels, members: Sequence[StoredSeries]
) -> StoredSeries:
    services = {member.key.service for member in members}
    key = probes.key(ground.source, values)
    service = services.pop() if len(services) == 1 else ""
    bin_s = max(member.key.bin_s for member in members)
    return ground.book.of(replace(key, service=service, bin_s=bin_s))


def all_probes(known: Iterable[SeriesKey], wanted: Sequence[Wanted]) -> list[Probes]:
    """The probes that are asked for, and those that were once."""
    asked = {probes for one in wanted for probes in asked_probes(one)}
    held = {
        Probes(
            Selector.parse(key.name),
            Combine(key.rule.removeprefix(_UP)),
            tuple(label for label, _ in key.labels),
        )
        for key in known
        if key.rule.startswith(_UP)
    }
    return sorted(asked | held, key=lambda one: (str(one.selector), one.combine, one.by))


def asked_probes(wanted: Wanted) -> list[Probes]:
    """The probes of an indicator as one, or apart; for a breakdown by each label on its own."""
    match wanted:
        case Uptime(probe=text, combine=combine):
            return [Probes(Selector.parse(text), combine)]
        case Split(of=Uptime(probe=text, combine=combine), by=by, is_breakdown=each_alone):
            apart = [(label,) for label in by] if each_alone else [tuple(sorted(by))]
            return [Probes(Selector.parse(text), combine, labels) for labels in apart]
        case _:
            return []


def _hull(members: Sequence[StoredSeries]) -> tuple[int, int]:
    sinces = [member.since for member in members if member.since is not None]
    untils = [member.until for member in members if member.until is not None]
    return min(sinces), max(untils)
