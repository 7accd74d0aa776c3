"""A migration report in words: the verdict in two lines, the periods, and a line a measure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import MappingProxyType

from dashboard.config.migration_def import MigrationDef
from dashboard.measures.contract import RATES
from dashboard.views.migration.aims import goal_words, limit_words
from dashboard.views.migration.days import dated_day, day_range, period_words
from dashboard.views.migration.enough import enough_words, untold
from dashboard.views.migration.means import means_words, within_words
from dashboard.views.migration.model import Beside, MigrationReport, Row
from dashboard.views.migration.told import Told, ToldBeside, ToldRow
from dashboard.views.migration.windows import local_days
from dashboard.views.migration.words import (
    Cell,
    change_cell,
    counted_cells,
    counts_words,
    coverage_words,
    downtime_words,
    relative_cell,
    value_cells,
)
from dashboard.views.words import NOTHING
from slo.evidence.exact import alpha_of
from slo.evidence.terms import Better, Flag, GoalResult, Role, Verdict
from slo.spans import Span

_COUNTED = (
    Verdict.IMPROVED,
    Verdict.WORSE,
    Verdict.SAME,
    Verdict.NO_EVIDENCE,
    Verdict.NOT_ENOUGH,
    Verdict.NOT_COMPARABLE,
)
_GOALS = (
    (GoalResult.MET, "met"),
    (GoalResult.NOT_CERTAIN, "met but not certain"),
    (GoalResult.MISSED, "missed"),
    (GoalResult.UNKNOWN, "unknown"),
)
_HELD = MappingProxyType(
    {
        Verdict.INSIDE: "inside",
        Verdict.BEYOND: "beyond",
        Verdict.WORSE: "inside, not certain",
        Verdict.NO_EVIDENCE: "not certain",
    }
)
_NAMED = 3
_OF_ALL = frozenset({Verdict.NOT_ENOUGH, Verdict.NOT_COMPARABLE})
_STRONGEST = "; the strongest evidence here"
_NOTHING = "nothing was collected for either period"
_NO_ROWS = "no measures configured"


def told(report: MigrationReport) -> Told:
    """The report's sentences, as pages, files and the command line show them."""
    shared = shared_flags(report.rows)
    return Told(
        headline=f"{report.migration.title}: {verdicts_words(report.rows)}",
        goals=goals_words(report.rows),
        look=look_words(report),
        periods=periods_words(report),
        rows=tuple(told_row(report, row, shared) for row in report.rows),
        notes=report.notes,
        besides=_besides(report),
        generated=_generated(report),
    )


def verdicts_words(rows: Sequence[Row]) -> str:
    """How many goals got which verdict, and of all measures how many could get none.

    Guardrails are told apart where one is beyond its limit.
    """
    if not rows:
        return _NO_ROWS
    if any(row.measured for row in rows) and not any(_is_known(row) for row in rows):
        return _NOTHING
    told = [row.verdict for row in rows if row.metric.role is Role.GOAL or row.verdict in _OF_ALL]
    said = [f"{told.count(one)} {one.value}" for one in _COUNTED if one in told]
    beyond = sum(row.verdict is Verdict.BEYOND for row in rows)
    if beyond:
        said.append(f"{beyond} guardrail{'s' if beyond > 1 else ''} beyond the limit")
    return ", ".join(said) or "nothing tested"


def _is_known(row: Row) -> bool:
    found = row.comparison
    sides = () if found is None else (found.before, found.after)
    return any(side.estimate is not None for side in sides)


def goals_words(rows: Sequence[Row]) -> str:
    """How many goals were reached; "" where none was set."""
    found = [row.goal for row in rows if row.goal is not None]
    said = [f"{found.count(one)} {words}" for one, words in _GOALS if one in found]
    return f"Goals: {', '.join(said)}" if said else ""


def look_words(report: MigrationReport) -> str:
    """Whether this is the planned look, or when that is."""
    if not report.is_interim:
        return "final look, as planned"
    planned = dated_day(report.migration.evaluate_at, report.migration.zone)
    return f"interim; the planned look is on {planned}"


def periods_words(report: MigrationReport) -> str:
    """Both periods with their days, what is left out, and whose midnight the days begin at."""
    one, zone = report.migration, report.migration.zone
    said = [f"Before {period_words(one.before, zone)}", f"after {_after(report)}"]
    left_out = one.transition
    if left_out is not None and left_out.length_s:
        is_told = _year_is_told(report, left_out)
        days = day_range(left_out, zone, with_year=not is_told)
        said.append(f"the cutover, {days}, is left out of both")
    moved = moved_words(one)
    return " · ".join([*said, *([moved] if moved else []), f"days in {zone.key}"])


def moved_words(one: MigrationDef) -> str:
    """Whose measures have periods of their own; "" where no measure is of a moved service."""
    cut = {service.name for service in one.services if service.cutover is not None}
    names = list(dict.fromkeys(each.service for each in one.metrics if each.service in cut))
    if len(names) <= 1:
        return f"{names[0]} is measured around its own cutover" if names else ""
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) <= _NAMED else ""
    return f"{listed or f'{len(names)} services'} are measured around cutovers of their own"


def shared_flags(rows: Sequence[Row]) -> frozenset[Flag]:
    """The flags of all that was tested, which the notes say once; of the planned look too."""
    tested = [set(row.flags) for row in rows if row.p_adjusted is not None]
    common = set.intersection(*tested) if len(tested) > 1 else set()
    return frozenset({*common, Flag.INTERIM} - {Flag.DEFINITION})


def told_row(report: MigrationReport, row: Row, shared: Collection[Flag] = frozenset()) -> ToldRow:
    """One measure in words; flags that many share are said elsewhere, once."""
    is_count = _is_count(row, alpha_of(report.migration.confidence))
    before, after = _value_cells(row, is_count=is_count)
    evidence = _evidence(report, row)
    return ToldRow(
        id=row.metric.id,
        name=(row.metric.title, _counts(row)),
        before=before,
        after=after,
        change=_change(row, is_count=is_count or _is_thin(report, row)),
        evidence=(row.verdict.value, evidence),
        goal=_goal(row),
        coverage=coverage_words(row.comparison),
        verdict=row.verdict,
        goal_result=row.goal,
        flags=tuple(flag for flag in row.flags if flag not in shared),
        steps=row.steps,
        reasons=untold(row.reasons, row.comparison, evidence),
    )


def _after(report: MigrationReport) -> str:
    """The days after, and how many of them have passed where the look is too early for all."""
    one, zone = report.migration, report.migration.zone
    if report.as_of >= one.after.until:
        return period_words(one.after, zone)
    passed = Span(one.after.since, max(one.after.since, report.as_of))
    days = f"{local_days(passed, zone):,} of {local_days(one.after, zone):,} d so far"
    return f"{day_range(one.after, zone)} ({days})"


def _year_is_told(report: MigrationReport, span: Span) -> bool:
    """Whether the span lies in the year in which the period after begins or before ends."""
    zone, one = report.migration.zone, report.migration
    year = dated_day(span.until - 1, zone)[-4:]
    return year in {
        dated_day(one.before.until - 1, zone)[-4:],
        dated_day(one.after.since, zone)[-4:],
    }


def _is_count(row: Row, alpha: float) -> bool:
    """Whether so few happened that a rate would say more than is known."""
    found = row.comparison
    if found is None or row.measured is None or row.measured.unit not in RATES:
        return False
    return found.best_p is not None and found.best_p >= alpha


def _value_cells(row: Row, *, is_count: bool) -> tuple[Cell, Cell]:
    if row.measured is None:
        return (NOTHING, ""), (NOTHING, "")
    if is_count:
        return counted_cells(row.measured.comparison)
    return value_cells(row.measured, row.metric.goal)


def _change(row: Row, *, is_count: bool) -> Cell:
    if row.measured is None or is_count:
        return NOTHING, ""
    if row.metric.max_worse is not None:
        return relative_cell(row.measured)
    main, small = change_cell(row.measured, row.metric.goal)
    return main, "" if row.verdict is Verdict.NOT_COMPARABLE else small


def _is_thin(report: MigrationReport, row: Row) -> bool:
    """Whether a period was observed too little to say by how much the measure changed."""
    found, least = row.comparison, report.migration.min_coverage
    sides = () if found is None else (found.before, found.after)
    return any(side.coverage is not None and side.coverage < least for side in sides)


def _counts(row: Row) -> str:
    role = "" if row.metric.role is Role.GOAL else row.metric.role.value
    found = row.measured
    counts = () if found is None else (counts_words(found), means_words(found))
    return ", ".join(filter(None, (role, *counts)))


def _evidence(report: MigrationReport, row: Row) -> str:
    """What stands below the verdict: what would be enough, or an uptime in minutes."""
    found = row.comparison
    if found is None:
        return "nothing measured"
    if not row.after.length_s:
        return "after has not begun"
    if row.verdict is Verdict.NOT_ENOUGH:
        assert row.measured is not None
        rule = report.migration
        return enough_words(row.measured, float(rule.min_coverage), alpha_of(rule.confidence))
    if row.verdict in {Verdict.INSIDE, Verdict.BEYOND} and found.p_value is None:
        return "not tested"
    is_uptime = row.measured is not None and row.measured.is_uptime
    return downtime_words(found) if is_uptime else ""


def _goal(row: Row) -> Cell:
    limit = row.metric.max_worse
    if limit is not None:
        words = _HELD.get(row.verdict, GoalResult.UNKNOWN.value)
        lower = row.metric.better is not Better.HIGHER
        return words, limit_words(limit, is_lower_better=lower)
    if row.goal is None:
        return "no goal", ""
    within = "" if row.measured is None else within_words(row.measured)
    return row.goal.value, " · ".join(filter(None, (goal_words(row.metric.goal_text), within)))


def _besides(report: MigrationReport) -> tuple[ToldBeside, ...]:
    """Tables of what ran side by side: those of one span and the same names stand together."""
    keys = dict.fromkeys((one.old_name, one.new_name, one.span) for one in report.besides)
    return tuple(_table(report, key, is_first=not at) for at, key in enumerate(keys))


def _table(report: MigrationReport, key: tuple[str, str, Span], *, is_first: bool) -> ToldBeside:
    old, new, span = key
    found = [one for one in report.besides if (one.old_name, one.new_name, one.span) == key]
    days, most = day_range(span, report.migration.zone), max(one.days for one in found)
    return ToldBeside(
        title=f"{old} against {_inside(new)}, same days",
        note=f"both ran, {days} ({most:,} d){_STRONGEST if is_first else ''}",
        old_name=old,
        new_name=new,
        rows=tuple(_beside_row(one) for one in found),
    )


def _inside(name: str) -> str:
    """A name within a sentence: small, unless it is written in capitals.

    >>> _inside("New"), _inside("AWS")
    ('new', 'AWS')
    """
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def _beside_row(one: Beside) -> tuple[str, str, str, str, str]:
    old, new = value_cells(one.measured, None)
    change, interval = change_cell(one.measured)
    return one.title, _joined(old), _joined(new), change, interval


def _joined(cell: Cell) -> str:
    return " ".join(filter(None, cell))


def _generated(report: MigrationReport) -> str:
    """That figures were made up, and of which sources; "" where none were."""
    if not report.generated:
        return ""
    noun = "source" if len(report.generated) == 1 else "sources"
    return f"Generated figures ({noun} {', '.join(report.generated)})"
