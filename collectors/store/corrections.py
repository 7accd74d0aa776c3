"""The corrections of a store: what each says, which series it is about, whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, or_, select, update

from collectors.store.canonical import canonical_json
from collectors.store.engine_tables import corrections
from slo.corrections import Correction, correction_of
from slo.facts import SeriesKey, SeriesKind
from slo.indicator import Indicator
from slo.rules import tally_pick
from slo.selector import Selector
from slo.spans import Span, united
from slo.splits import Labels


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The tallies of one indicator of one source, those of its bounds and its parts among them.

    Without a `selector` they were made for the indicator as a whole: every label they have tells
    a part of it. `member` are the labels of a member of its group, whose own they are then alone.
    """

    source: str
    name: str
    rule: str
    selector: str = ""
    member: Labels = ()

    def holds(self, key: SeriesKey) -> bool:
        """Whether a series is one of them."""
        if (key.kind, key.source, key.name) != (SeriesKind.TALLY, self.source, self.name):
            return False
        if key.rule != self.rule and not key.rule.startswith(f"{self.rule}|"):
            return False
        labels = dict(key.labels)
        if not self._is_of_member(labels):
            return False
        return not self.selector or _parsed(self.selector).matches(key.name, labels)

    def _is_of_member(self, labels: Mapping[str, str]) -> bool:
        """Whether labels are those of the member; what is told apart on purpose carries them all."""
        absent = "" if self.selector else None
        return all(labels.get(label, absent) == value for label, value in self.member)


def target_of(source: str, indicator: Indicator, member: Labels = ()) -> Target:
    """The target that an indicator is, or a member of its group.

    >>> from slo.indicator import Uptime
    >>> target_of("probes", Uptime("up")).rule
    'up:majority'
    """
    pick = tally_pick(indicator)
    selector = "" if pick.selector is None else str(pick.selector)
    return Target(source, pick.name, pick.rule, selector, member)


Targets = tuple[Target, ...] | None
"""What a correction is about; None is every tally there is."""


@dataclass(frozen=True, slots=True)
class StoredCorrection:
    """A correction in the store; once `revoked_at` it bears on nothing and stays to be read."""

    correction: Correction
    targets: Targets
    created_at: int
    revoked_at: int | None = None

    def holds(self, key: SeriesKey) -> bool:
        """Whether it is about a series."""
        if self.targets is None:
            return key.kind is SeriesKind.TALLY
        return any(target.holds(key) for target in self.targets)


def read_corrections(connection: Connection) -> tuple[StoredCorrection, ...]:
    """Every correction there ever was, in the order of their making."""
    rows = connection.execute(select(corrections).order_by(corrections.c.id))
    return tuple(map(_stored, rows))


def find(connection: Connection, key: str) -> StoredCorrection | None:
    """The correction of that key, revoked or not."""
    row = connection.execute(select(corrections).where(corrections.c.key == key)).first()
    return None if row is None else _stored(row)


def live_in(connection: Connection, span: Span) -> tuple[StoredCorrection, ...]:
    """Those that hold and can cover something of a span."""
    table = corrections.c
    ends = or_(table.until.is_(None), table.until > span.since)
    asked = select(corrections).where(table.revoked_at.is_(None), table.since < span.until, ends)
    return tuple(map(_stored, connection.execute(asked)))


def covered(live: Iterable[StoredCorrection], key: SeriesKey, span: Span) -> tuple[Span, ...]:
    """What the corrections cover of a span of one series, each second once."""
    mine = (one.correction for one in live if one.holds(key))
    return united(part for one in mine for part in one.spans_within(span))


def write(connection: Connection, said: Correction, targets: Targets, *, now: int) -> None:
    """Add a correction, or let the one of its key say this from now on."""
    values: dict[str, Any] = {
        "since": said.since,
        "until": said.until,
        "document": canonical_json(said.document, said.key),
        "targets": _text(targets, said.key),
    }
    mine = corrections.c.key == said.key
    if not connection.execute(update(corrections).where(mine).values(values)).rowcount:
        connection.execute(insert(corrections).values(**values, key=said.key, created_at=now))


def revoke(connection: Connection, key: str, *, now: int) -> None:
    """Let a correction hold no longer."""
    mine = corrections.c.key == key
    connection.execute(update(corrections).where(mine).values(revoked_at=now))


def _text(targets: Targets, key: str) -> str:
    rows = None if targets is None else [_row(one) for one in sorted(targets)]
    return canonical_json(rows, key)


def _row(one: Target) -> list[Any]:
    whole = [one.source, one.name, one.rule, one.selector]
    return [*whole, [list(label) for label in one.member]] if one.member else whole


def _stored(row: Row[Any]) -> StoredCorrection:
    said, targets = _read(row.document, row.targets)
    return StoredCorrection(said, targets, row.created_at, row.revoked_at)


@lru_cache(maxsize=4_096)
def _read(document: str, targets: str) -> tuple[Correction, Targets]:
    rows = orjson.loads(targets)
    read = None if rows is None else tuple(_target(*row) for row in rows)
    return correction_of(orjson.loads(document)), read


def _target(source: str, name: str, rule: str, selector: str, member: Labels = ()) -> Target:
    return Target(source, name, rule, selector, tuple((label, value) for label, value in member))


_parsed = lru_cache(maxsize=4_096)(Selector.parse)
