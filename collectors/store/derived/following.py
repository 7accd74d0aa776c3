"""What every derivation shares within one transaction: which series there are, and what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from collectors.store.ids import SeriesBook, digest_of, stored
from collectors.store.levels import Stretch
from collectors.store.points import Touched, neighbours
from collectors.store.stored import StoredSeries
from collectors.store.tables import observations, samples, series
from slo.facts import SeriesKey, SeriesKind
from slo.selector import Selector

Bounds = tuple[int, int]
"""A stretch of time, half-open."""


@dataclass(frozen=True, slots=True)
class Following:
    """The series of one source within one transaction, and where counts changed in it."""

    connection: Connection
    source: str
    book: SeriesBook
    changed: list[Stretch] = field(default_factory=list)

    def derived(self) -> list[SeriesKey]:
        """The tallies that were derived under any rule."""
        mine = (series.c.source == self.source, series.c.kind == SeriesKind.TALLY.value)
        rows = self.connection.execute(select(series).where(*mine, series.c.rule != ""))
        return [stored(row).key for row in rows]

    def members(self, selector: Selector, kind: SeriesKind) -> list[StoredSeries]:
        """The base series that the selector matches, as this transaction leaves them."""
        mine = (series.c.source == self.source, series.c.kind == kind.value)
        rows = self.connection.execute(
            select(series).where(*mine, series.c.name == selector.name, series.c.rule == "")
        )
        keys = [stored(row).key for row in rows]
        matching = [key for key in keys if selector.matches(key.name, dict(key.labels))]
        return [self.book.of(key) for key in sorted(matching, key=digest_of)]

    def spans(
        self, base: StoredSeries, changes: Iterable[Touched], *, is_new: bool
    ) -> list[Bounds]:
        """Where a tally of the series is to be made: where it changed; everywhere if it is new."""
        if is_new and base.since is not None and base.until is not None:
            return [(base.since, base.until + 1)]
        return self.reaches(changes)

    def reaches(self, changes: Iterable[Touched]) -> list[Bounds]:
        """The time on which the changes bear, each second once."""
        return joined(self._reach(one) for one in changes)

    def note(self, target: StoredSeries, *spans: Bounds, is_lesser: bool) -> None:
        """Remember where counts changed, for what is made of them, and whether in full quality."""
        self.changed.extend(Stretch(target.id, *span) for span in spans)
        if is_lesser:
            self.book.mark_lesser(target.key)

    def _reach(self, one: Touched) -> Bounds:
        """From the point before the change, whose hold it ends, to the one after it."""
        table = observations if one.key.kind is SeriesKind.STATUS else samples
        stretch = one.stretch
        before, after = neighbours(
            self.connection, table, stretch.series_id, stretch.since, stretch.until
        )
        since = stretch.since if before is None else before
        return since, max(after or 0, stretch.until + one.valid_s)


def joined(spans: Iterable[Bounds]) -> list[Bounds]:
    """The spans with overlapping and touching ones made one, so that nothing is derived twice.

    >>> joined([(10, 20), (0, 5), (5, 8), (15, 30)])
    [(0, 8), (10, 30)]
    """
    found: list[Bounds] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], until)
        else:
            found.append((since, until))
    return found
