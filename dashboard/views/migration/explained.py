"""The arithmetic of one row, to be redone by hand: spans, counts, method, p-values, support."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.config.migration_def import MigrationDef
from dashboard.measures.arithmetic import p_words
from dashboard.measures.contract import RATES, Measured, Unit
from dashboard.views.digits import digits_words
from dashboard.views.migration.aims import goal_words
from dashboard.views.migration.days import dated_day, period_words
from dashboard.views.migration.model import Row
from dashboard.views.migration.words import (
    change_cell,
    coverage_words,
    interval_words,
    length_unit,
    relative_cell,
    value_cells,
)
from dashboard.views.rounding import exact, rounded, significant
from dashboard.views.words import share_words
from slo.evidence.checks.change_point import break_at
from slo.evidence.checks.segments import Segments, segmented
from slo.evidence.comparison import Comparison, Side
from slo.evidence.exact import alpha_of
from slo.evidence.terms import Goal, Multiple, Role
from slo.lengths import DAY_S, WEEK_S
from slo.spans import Span

Step = tuple[str, str]
_FIGURES, _FEW = 4, 3
_ADJUSTED = {Multiple.HOLM: "Holm", Multiple.BH: "Benjamini-Hochberg"}


def explained(definition: MigrationDef, row: Row) -> tuple[Step, ...]:
    """Every step from the spans to the verdict; p-values stand here and nowhere else."""
    zone = definition.zone
    steps: list[Step] = [
        ("before", period_words(row.before, zone)),
        ("after", period_words(row.after, zone) if row.after.length_s else "not begun"),
    ]
    if row.measured is not None:
        steps += _found(definition, row, row.measured)
    steps += [("rule", _rule(definition, row)), ("verdict", row.verdict.value)]
    if row.goal is not None:
        steps.append(("goal", f"{goal_words(row.metric.goal_text)}: {row.goal.value}"))
    if row.flags:
        steps.append(("flags", ", ".join(flag.value for flag in row.flags)))
    return tuple(steps)


def _rule(definition: MigrationDef, row: Row) -> str:
    """By which rule the verdict was reached."""
    if row.metric.role is Role.CONTEXT:
        return "shown beside the others, never tested"
    least = share_words(definition.min_coverage)
    if row.metric.role is Role.GUARDRAIL and row.metric.max_worse is not None:
        most = share_words(row.metric.max_worse)
        return f"inside: worse by at most {most}; at least {least} observed"
    alpha = _percent(alpha_of(definition.confidence))
    return (
        f"a change: p-value under {alpha} % and the whole range on one side of no change;"
        f" at least {least} of each period observed"
    )


def _found(definition: MigrationDef, row: Row, made: Measured) -> Iterator[Step]:
    found = made.comparison
    values = value_cells(made, row.metric.goal)
    for name, side, cell in zip(
        ("before", "after"), (found.before, found.after), values, strict=True
    ):
        yield f"{name}, found", _side_words(row, made, side, " ".join(filter(None, cell)))
    yield "coverage", coverage_words(found)
    yield from made.steps
    change, below = change_cell(made, row.metric.goal)
    said = [change]
    if row.metric.max_worse is not None:
        said.append(relative_cell(made)[0])
    if found.interval is None:
        said.append(below)  # there is no range, so it is the amount
    yield "change", ", ".join(dict.fromkeys(filter(None, said)))
    if found.interval is not None and below:
        yield f"{_percent(definition.confidence)} % range", below
    yield from _tests(definition, row, found)
    yield from _support(definition, row, made)
    lines = made.query.splitlines()
    names = (
        ("query before", "query after") if len(lines) == len(values) else ("query",) * len(lines)
    )
    yield from zip(names, lines, strict=True)


def _side_words(row: Row, made: Measured, side: Side, value: str) -> str:
    """The estimate with its own range, and what it stands on."""
    ranged = interval_words(made, side, row.metric.goal)
    said = [value if not ranged else f"{value} ({ranged})"]
    counted = made.counted or "counted"
    if side.hits is not None:
        said.append(f"{side.hits:,} of {side.n:,}")
    else:
        said.append(f"n {side.n:,} ({counted})")
    if side.still_open:
        said.append(f"{side.still_open:,} still open")
    if side.exposure_s:
        said.append(f"observed {rounded(side.exposure_s / DAY_S, 1)} d")
    return ", ".join(said)


def _tests(definition: MigrationDef, row: Row, found: Comparison) -> Iterator[Step]:
    if found.method:
        yield "method", found.method
    if found.clusters > 1:
        yield "clusters", f"counts divided by {_number(found.clusters)} and rounded"
    if found.p_value is not None:
        yield "p-value", p_words(found.p_value)
    if row.p_adjusted is not None and definition.multiple is not Multiple.NONE:
        yield f"p-value, adjusted ({_ADJUSTED[definition.multiple]})", p_words(row.p_adjusted)
    if found.best_p is not None:
        yield "smallest p-value that such data can give", p_words(found.best_p)


def _support(definition: MigrationDef, row: Row, made: Measured) -> Iterator[Step]:
    """What supports a verdict without making one: two lines by week, and the largest break."""
    lines = _segments(row, made)
    if lines is not None and (lines.level_change or lines.slope_before):
        said = _lines_words(lines, made, row.metric.goal)
        yield "step at the move, by week", f"{said}; support, no verdict"
    at = _largest_break(row, made)
    if at is not None:
        gap = Span(row.before.until - WEEK_S, row.after.since + WEEK_S)
        where = "at the move" if gap.since <= at < gap.until else "not at the move"
        yield (
            "largest break",
            f"{dated_day(at, definition.zone)}, {where}; says when, never whether",
        )
    yield from _without_largest(made)


def _lines_words(lines: Segments, made: Measured, goal: Goal | None) -> str:
    """The step from one straight line to the other with its range, and how each week goes on."""
    factor, unit = _read_in(made, goal)
    after = lines.slope_before + lines.slope_change
    values = (
        lines.level_change,
        lines.interval.low,
        lines.interval.high,
        lines.slope_before,
        after,
    )
    step, low, high, *slopes = (_short((one or 0.0) * factor) for one in values)
    ranged = "" if low == high else f" ({low} to {high}{unit})"
    return (
        f"{step}{unit}{ranged} from where the straight line of before was leading;"
        f" each week {slopes[0]}{unit} before and {slopes[1]}{unit} after"
    )


def _read_in(made: Measured, goal: Goal | None) -> tuple[float, str]:
    """By what a value is multiplied to be in the unit of its row, and that unit."""
    if made.unit in RATES:
        return 1.0, f" {made.unit.value}"
    if made.unit is Unit.RATIO:
        return 100.0, " pp"
    if made.unit is Unit.SECONDS:
        found = made.comparison
        unit_s, name = length_unit((found.before.estimate, found.after.estimate), goal)
        return 1 / unit_s, f" {name}"
    return 1.0, f" {made.label}".rstrip()


def _segments(row: Row, made: Measured) -> Segments | None:
    gap = max((row.after.since - row.before.until) // WEEK_S, 0)
    return segmented(made.weeks_before, made.weeks_after, gap=gap)


def _largest_break(row: Row, made: Measured) -> int | None:
    whole = Span(row.before.since, max(row.after.until, row.before.until))
    days = [(at, value) for at, value in made.days if whole.since <= at < whole.until]
    return break_at(days)


def _without_largest(made: Measured) -> Iterator[Step]:
    left = made.without_largest
    if left is None or left.change is None or left.p_value is None:
        return
    points = rounded(left.change * 100, significant(left.change * 100, _FIGURES))
    yield "without the largest outage", f"{points} pp, p-value {p_words(left.p_value)}"


def _number(value: float) -> str:
    return rounded(value, significant(value, _FIGURES))


def _short(value: float) -> str:
    return rounded(value, significant(value, _FEW))


def _percent(confidence: float) -> str:
    return digits_words(exact(confidence) * 100)
