"""What the tables `[[migration.metric]]` and `[[migration.beside]]` compare, as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dashboard.config.agreement import Reading
from dashboard.config.days import span_of
from dashboard.config.measured import (
    Around,
    beside_options,
    kind_options,
    measure_kind,
    read_source,
    readings,
    refusals,
)
from dashboard.config.migration_def import BesideDef, MetricDef
from dashboard.config.migration_tables import BesideTable, MetricTable
from dashboard.config.problems import Problem, Written, checked, sound_part
from dashboard.measures.contract import MeasureKind, MeasureOptions
from slo.evidence.terms import Better, Goal, Op, Role
from slo.indicator import Indicator

_STANDING_IN = {"id": "x", "kind": "x"}
_UPWARDS = {Op.GT, Op.GTE}

Metric = tuple[MetricDef, tuple[Reading, ...]]
Beside = tuple[BesideDef, tuple[Reading, ...]]


def metric_def(written: Written, around: Around, problems: list[Problem]) -> Metric | None:
    """The measure of a table and what its source must bring; None with its problems noted."""
    before = len(problems)
    table = checked(MetricTable, written, written.values, problems)
    sound = table or sound_part(MetricTable, written.values, _STANDING_IN)[0]
    kind = measure_kind(written, problems)
    options = (
        None if kind is None else kind_options(kind, written, MetricTable.model_fields, problems)
    )
    problems += _role_problems(written, sound)
    problems += around.unknown_service(written)
    goal = None if kind is None or options is None else _goal(kind, options, written, problems)
    better = _better(kind, options, sound, goal)
    if options is not None:
        problems += _better_problems(written, sound, better, goal)
    read = _read(kind, (options,) if options is not None else (), written, around, problems)
    if table is None or options is None or len(problems) > before:
        return None
    made = _made(table, options, (better, goal), read.source)
    return made, readings(f'metric "{table.id}"', written, read.source, read.indicators)


def _made(
    table: MetricTable,
    options: MeasureOptions,
    aims: tuple[Better | None, Goal | None],
    source: str | None,
) -> MetricDef:
    better, goal = aims
    return MetricDef(
        id=table.id,
        title=table.title or table.id,
        kind=table.kind,
        options=options,
        role=table.role,
        better=better,
        source=source,
        service=table.service,
        goal=goal,
        goal_text=table.goal.strip(),
        max_worse=table.max_worse,
        same_within=table.same_within,
    )


def beside_def(
    written: Written, around: Around, zone: ZoneInfo, problems: list[Problem]
) -> Beside | None:
    """Two series side by side and what their source must bring; None with its problems noted."""
    before = len(problems)
    table = checked(BesideTable, written, written.values, problems)
    kind = measure_kind(written, problems)
    sides = ("x", "x") if table is None else (table.old, table.new)
    keys = BesideTable.model_fields
    both = None if kind is None else beside_options(kind, written, keys, sides, problems)
    read = _read(kind, both or (), written, around, problems)
    if table is not None and table.old == table.new:
        problems.append(written.problem("is the same series as old", "new"))
    if both is None or table is None or len(problems) > before:
        return None
    made = BesideDef(
        title=table.title,
        kind=table.kind,
        source=read.source,
        old=both[0],
        new=both[1],
        old_name=table.old_name,
        new_name=table.new_name,
        span=None if table.days is None else span_of(table.days, zone),
    )
    return made, readings(f'beside "{table.title}"', written, read.source, read.indicators)


@dataclass(frozen=True, slots=True)
class _Read:
    """The source that is read, and what of it."""

    source: str | None
    indicators: tuple[Indicator, ...]


def _read(
    kind: MeasureKind | None,
    options: Sequence[MeasureOptions],
    written: Written,
    around: Around,
    problems: list[Problem],
) -> _Read:
    """What a table reads with these options; why its source cannot give it is noted."""
    source = read_source(written, around, options[0] if options else None, problems)
    found = () if kind is None else [one for each in options for one in kind.indicators(each)]
    indicators = tuple(dict.fromkeys(found))
    problems += refusals(written, around, source, indicators)
    return _Read(source, indicators)


_WHICH_WAY = 'missing; nobody can tell which way is better: add better = "lower" or "higher"'


def _goal(
    kind: MeasureKind, options: MeasureOptions, written: Written, problems: list[Problem]
) -> Goal | None:
    text = written.values.get("goal", "")
    if not isinstance(text, str) or text == "":
        return None
    try:
        return kind.goal(text, options)
    except ValueError as error:
        problems.append(written.problem(str(error), "goal"))
        return None


def _better(
    kind: MeasureKind | None, options: MeasureOptions | None, sound: MetricTable, goal: Goal | None
) -> Better | None:
    """What is written, else what is usual of the kind, else what the goal aims at."""
    if sound.better is not None:
        return sound.better
    usual = None if kind is None or options is None else kind.better_for(options)
    return usual or _aim(goal)


def _aim(goal: Goal | None) -> Better | None:
    if goal is None:
        return None
    return Better.HIGHER if goal.op in _UPWARDS else Better.LOWER


def _better_problems(
    written: Written, sound: MetricTable, better: Better | None, goal: Goal | None
) -> Iterator[Problem]:
    """A goal that aims at what is worse, or a measure of which nobody can say what is better."""
    if goal is not None and _aim(goal) is not better:
        aims = "more" if goal.op in _UPWARDS else "less"
        said = f"asks for {aims}, but {better} is better; turn it round, or write better"
        yield written.problem(said, "goal")
    needs = sound.role is not Role.CONTEXT and "better" not in written.values
    if better is None and needs and "goal" not in written.values:
        yield written.problem(_WHICH_WAY, "better")


def _role_problems(written: Written, table: MetricTable) -> Iterator[Problem]:
    """Keys that do nothing in their role, and a guardrail without its limit."""
    is_guardrail = table.role is Role.GUARDRAIL
    if is_guardrail and "max_worse" not in written.values:
        said = "missing; add for example max_worse = 20: by how many percent it may get worse"
        yield written.problem(said, "max_worse")
    if table.max_worse is not None and not is_guardrail:
        said = (
            f'is the limit of a guardrail, but this is {_a(table.role)}; write role = "guardrail"'
        )
        yield written.problem(said, "max_worse")
    if table.same_within is not None and table.role is not Role.GOAL:
        said = f"is for goals, but this is {_a(table.role)}; take it out"
        yield written.problem(said, "same_within")


def _a(role: Role) -> str:
    return "context" if role is Role.CONTEXT else f"a {role.value}"
