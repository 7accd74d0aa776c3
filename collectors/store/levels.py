"""How coarser levels follow finer ones: recomputed from their children, never incremented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Table,
    bindparam,
    delete,
    func,
    literal_column,
    null,
    select,
)

from collectors.store.tables import HISTOGRAMS, TALLIES
from collectors.store.upserts import upsert
from collectors.store.widths import DAY_S, SUMMED, floor
from slo.facts import Integers

_GAP_S = DAY_S


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """The seconds of one series whose rows changed."""

    series_id: int
    since: int
    until: int

    def aligned(self, to_s: int) -> Stretch:
        """The same, widened to whole bins."""
        return Stretch(self.series_id, floor(self.since, to_s), -floor(-self.until, to_s))


def stretches(series_id: int, at: Integers, bin_s: int) -> list[Stretch]:
    """Where bins changed, cut where they lie more than a day apart."""
    if not len(at):
        return []
    if at[-1] - at[0] <= _GAP_S:
        return [Stretch(series_id, int(at[0]), int(at[-1]) + bin_s)]
    cuts = np.flatnonzero(np.diff(at) > _GAP_S) + 1
    firsts = at[np.concatenate(([0], cuts))].tolist()
    lasts = at[np.concatenate((cuts - 1, [len(at) - 1]))].tolist()
    return [
        Stretch(series_id, first, last + bin_s) for first, last in zip(firsts, lasts, strict=True)
    ]


def roll_up_tallies(
    connection: Connection, changed: Iterable[Stretch], base_s: int, *, emptied: bool = False
) -> None:
    """Bring every level above `base_s` in line; `emptied` says that rows may have gone."""
    _roll_up(connection, TALLIES, tuple(changed), base_s, emptied=emptied)


def roll_up_histograms(connection: Connection, changed: Iterable[Stretch], base_s: int) -> None:
    """Bring the histograms of hours and days in line with their quarter hours."""
    _roll_up(connection, HISTOGRAMS, tuple(changed), base_s, emptied=True)


def _roll_up(
    connection: Connection,
    tables: Mapping[int, Table],
    changed: Sequence[Stretch],
    base_s: int,
    *,
    emptied: bool,
) -> None:
    child = base_s
    for level_s in (level for level in tables if level > base_s):
        spans = sorted({stretch.aligned(level_s) for stretch in changed})
        rows = [{"which": s.series_id, "since": s.since, "until": s.until} for s in spans]
        if rows and emptied:
            connection.execute(_clear(tables[level_s]), rows)
        if rows:
            statement = _gather(connection.dialect.name, tables[child], tables[level_s], level_s)
            connection.execute(statement, rows)
        child = level_s


def within(table: Table) -> tuple[ColumnElement[bool], ...]:
    """The condition on one series and a half-open time, as bound `which`, `since`, `until`."""
    return (
        table.c.series_id == bindparam("which"),
        table.c.at >= bindparam("since"),
        table.c.at < bindparam("until"),
    )


@cache
def _clear(table: Table) -> Delete:
    return delete(table).where(*within(table))


@cache
def _gather(dialect: str, child: Table, parent: Table, level_s: int) -> Insert:
    bin_at = child.c.at - child.c.at % literal_column(str(level_s))
    keys: dict[str, ColumnElement[Any]] = {
        column.name: bin_at if column.name == "at" else child.c[column.name]
        for column in parent.primary_key
    }
    sums = [column.name for column in parent.c if column.name in (*SUMMED, "count")]
    values = {name: func.sum(child.c[name]) for name in sums}
    chosen = select(*keys.values(), *values.values(), null()).where(*within(child))
    chosen = chosen.group_by(*keys.values())
    names = [*keys, *values, "observed_at"]
    made = upsert(dialect, parent).from_select(names, chosen)
    changed = {name: made.excluded[name] for name in (*sums, "observed_at")}
    return made.on_conflict_do_update(index_elements=list(keys), set_=changed)
