"""The periods of a migration as moments, and whether they can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dashboard.config.days import span_of
from dashboard.config.migration_tables import MigrationTable
from dashboard.config.problems import Problem, Written
from slo.days import midnight
from slo.spans import Span

_Pair = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """The two periods, what lies between them, and the moment of the look that counts."""

    zone: ZoneInfo
    before: Span
    after: Span
    transition: Span | None
    evaluate_at: int

    def midnight(self, day: date) -> int:
        """The moment at which a day begins."""
        return midnight(day, self.zone)


def phases_of(
    written: Written, table: MigrationTable, zone: ZoneInfo, problems: list[Problem]
) -> Phases | None:
    """The periods of a table, or None with their problems noted."""
    found = list(_problems(written, table, zone))
    problems += found
    if found:
        return None
    between = table.transition or (table.before[1], table.after[0])
    transition = span_of(between, zone)
    return Phases(
        zone=zone,
        before=span_of(table.before, zone),
        after=span_of(table.after, zone),
        transition=transition if transition.length_s else None,
        evaluate_at=midnight(table.evaluate_on or table.after[1], zone),
    )


def _problems(written: Written, table: MigrationTable, zone: ZoneInfo) -> Iterator[Problem]:
    yield from _order(written, table.before, table.after)
    for key in ("before", "after"):
        since, until = days = getattr(table, key)
        if not span_of(days, zone).length_s:
            yield written.problem(f"{since} to {until} holds no time in {zone.key}", key)
    if table.transition is not None:
        yield from _between(written, table)
    if table.evaluate_on is not None and table.evaluate_on < table.after[1]:
        said = f"{table.evaluate_on} lies before the end of after; write {table.after[1]} or later"
        mend = "or end after there: a look at what has not ended is made with --as-of"
        yield written.problem(f"{said}, {mend}", "evaluate_on")


def _order(written: Written, before: _Pair, after: _Pair) -> Iterator[Problem]:
    if after[1] <= before[0]:
        yield written.problem("lies before the period before; swap the two", "after")
    elif after[0] < before[1]:
        said = f"begins on {after[0]}, but before lasts until {before[1]}; they must not overlap"
        yield written.problem(said, "after")


def _between(written: Written, table: MigrationTable) -> Iterator[Problem]:
    assert table.transition is not None, "asked only where one is written"
    (since, until), first, last = table.transition, table.before[1], table.after[0]
    if since < first:
        said = f"begins on {since}, but before lasts until {first}; write what lies between"
        yield written.problem(said, "transition")
    if until > last:
        said = f"lasts until {until}, but after begins on {last}; write what lies between"
        yield written.problem(said, "transition")
