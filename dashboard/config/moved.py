"""What the tables `[[migration.service]]` and `[[migration.break]]` define, as values."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from dashboard.config.agreement import Reading
from dashboard.config.measured import Around, readings, refusals
from dashboard.config.migration_def import BreakDef, MovedService
from dashboard.config.migration_tables import BreakTable, MovedServiceTable
from dashboard.config.objectives import named_source
from dashboard.config.phases import Phases
from dashboard.config.problems import Problem, Written, checked, sound_part
from slo.indicator import Ratio
from slo.nearest import did_you_mean
from slo.spans import Span

_STANDING_IN = {"name": "x"}

Moved = tuple[MovedService, tuple[Reading, ...]]


class Hull(NamedTuple):
    """Everything that is compared: the periods, and those of services moved on their own days."""

    span: Span
    phases: Phases


def moved_service(
    written: Written, around: Around, phases: Phases | None, problems: list[Problem]
) -> Moved | None:
    """The service of a table and what its source must bring; None with its problems noted."""
    before = len(problems)
    table = checked(MovedServiceTable, written, written.values, problems)
    sound = table or sound_part(MovedServiceTable, written.values, _STANDING_IN)[0]
    problems += around.unknown_service(written, "name")
    problems += _key_problems(written, sound)
    if phases is not None:
        problems += _cutover_problems(written, sound, phases)
    has_series = bool({"old", "new"} & written.values.keys())
    source = named_source(written, around.sources, problems, is_needed=has_series)
    counts = [_traffic(text, around, source) for text in (sound.old, sound.new)]
    problems += refusals(written, around, source, [each for each in counts if each is not None])
    if table is None or phases is None or len(problems) > before:
        return None
    old, new = counts
    made = MovedService(
        name=table.name,
        cutover=None if table.cutover is None else phases.midnight(table.cutover),
        settle_s=table.settle or 0,
        source=source,
        old=old,
        new=new,
    )
    asked = [each for each in counts if each is not None]
    return made, readings(f'service "{table.name}"', written, source, asked)


def break_def(
    written: Written, ids: Collection[str], hull: Hull | None, problems: list[Problem]
) -> BreakDef | None:
    """The break of a table; None with its problems noted."""
    before = len(problems)
    table = checked(BreakTable, written, written.values, problems)
    if table is None:
        return None
    for number, name in enumerate(table.metrics or ()):
        if name not in ids:
            said = f'no metric has the id "{name}"{did_you_mean(name, ids)}'
            problems.append(written.problem(said, "metrics", number))
    at = 0 if hull is None else hull.phases.midnight(table.at)
    if hull is not None and not hull.span.since < at < hull.span.until:
        said = f"{table.at} breaks nothing: it lies outside of what is compared; take it out"
        problems.append(written.problem(said, "at"))
    if hull is None or len(problems) > before:
        return None
    return BreakDef(at, table.text, tuple(dict.fromkeys(table.metrics or ())))


def hull_of(phases: Phases, services: Collection[MovedService]) -> Hull:
    """From the first second that is compared to the last, services' own periods included."""
    before, after = phases.before, phases.after
    moved = [(each.cutover, each.settle_s) for each in services if each.cutover is not None]
    since = min([before.since, *(cutover - before.length_s for cutover, _ in moved)])
    until = max([after.until, *(cutover + s + after.length_s for cutover, s in moved)])
    return Hull(Span(since, max(until, phases.evaluate_at)), phases)


def _key_problems(written: Written, table: MovedServiceTable) -> Iterator[Problem]:
    if table.settle is not None and "cutover" not in written.values:
        yield written.problem("follows a cutover, but none is written", "settle")
    for one, other in (("old", "new"), ("new", "old")):
        if one in written.values and other not in written.values:
            said = f"missing; {one} alone is no share: both are counted"
            yield written.problem(said, other)
    if table.old is not None and table.old == table.new:
        yield written.problem("is the same series as old", "new")


def _cutover_problems(
    written: Written, table: MovedServiceTable, phases: Phases
) -> Iterator[Problem]:
    if table.cutover is None:
        return
    at = phases.midnight(table.cutover)
    if not phases.before.since < at < phases.after.until:
        said = f"{table.cutover} lies outside of the migration, from before to after"
        yield written.problem(said, "cutover")


def _traffic(selector: str | None, around: Around, source: str | None) -> Ratio | None:
    """All requests of a series: rows carry good ones too, a lone counter is taken for both."""
    kind = around.sources.get(source or "")
    if selector is None:
        return None
    rows = Ratio(selector)
    counter = Ratio(selector, good=selector)
    return rows if kind is None or kind.refuses(rows) is None else counter
