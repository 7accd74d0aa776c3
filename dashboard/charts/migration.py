"""How a migration report looks: two lines of verdict, a row a measure, the notes, each row's steps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType

from dashboard.charts.markup import Child, Markup, element, join, marked
from dashboard.charts.objective import pairs_list, title
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.migration.told import Told, ToldBeside, ToldRow
from dashboard.views.words import NOTHING
from slo.evidence.terms import GoalResult, Verdict

# A number and the unit behind it; a percentage is read whole, so it keeps its sign.
_UNIT = re.compile(r"(?P<figure>.*\d)(?P<unit> [^\d%]+)")
_MARKS = MappingProxyType(
    {
        Verdict.IMPROVED: "better",
        Verdict.WORSE: "worse",
        Verdict.NO_EVIDENCE: "dash",
        Verdict.SAME: "same",
        Verdict.NOT_ENOUGH: "open",
        Verdict.NOT_COMPARABLE: "snap",
        Verdict.INSIDE: "snap",
        Verdict.BEYOND: "worse",
        Verdict.NOT_TESTED: "snap",
    }
)
_TOLD = frozenset({Verdict.IMPROVED, Verdict.WORSE, Verdict.BEYOND})
_GOALS = MappingProxyType(
    {
        GoalResult.MET: "met",
        GoalResult.NOT_CERTAIN: "maybe",
        GoalResult.MISSED: "missed",
        GoalResult.UNKNOWN: "open",
    }
)
_FOUND = "Found"


def migration_head(told: Told, fresh: Sequence[str]) -> Markup:
    """The verdict and the goals, how fresh it all is beside them, the periods below."""
    apart = element("span", ". ", class_="vh")
    goals = join(element("br"), apart, told.goals) if told.goals else None
    said = element("h1", told.headline, goals)
    made_up = element("span", told.generated, class_="made") if told.generated else None
    lines = (element("span", line, class_="g") for line in fresh)
    beside = element("p", made_up, *lines, class_="fresh")
    periods = element("p", told.periods, class_="g sub") if told.periods else None
    return element("div", element("div", said, beside, class_="bl head"), periods, class_="bl leaf")


def evidence_table(told: Told) -> Markup:
    """Every measure: before, after, the change with its range, the evidence in a word, the goal."""
    columns = (
        Column(_two("Measure", "n before and after"), "nm"),
        Column("Before", "n bf"),
        Column("After", "n af"),
        Column(_two("Change", "95 % range" if _has_ranges(told) else ""), "n cg"),
        Column("Evidence", "ev"),
        Column("Goal", "gl"),
        Column(_two("Coverage", "before · after"), "n cv"),
    )
    made = table("Measures", columns, (_row(one) for one in told.rows), "mg")
    notes = element("p", _linked(" ".join(told.notes)), class_="s notes") if told.notes else None
    return element("div", made, notes, class_="bl")


def _linked(notes: str) -> Markup:
    """The notes, in which the word leads to the arithmetic below."""
    first, word, rest = notes.partition("in explain")
    if not word:
        return join(notes)
    link = element("a", "explain", href="#explain", target="_self")
    return join(f"{first}in ", link, rest)


def _has_ranges(told: Told) -> bool:
    return any(one.change[1] for one in told.rows)


def _row(one: ToldRow) -> Markup:
    share = _unit_of(one.before) if _unit_of(one.before) == _unit_of(one.after) else ""
    return row(
        name_cell(*_lines(one.name), kind="nm"),
        cell(*_figure(one.before, share), kind="n bf", label="Before"),
        cell(element("b", one.after[0]), *_small(one.after[1]), kind="n af", label="After"),
        cell(*_lines(one.change), kind="n cg", label="Change"),
        cell(_evidence(one), *_small(_warned(one)), kind="ev", label="Evidence"),
        cell(_goal(one), *_small(one.goal[1]), kind="gl", label="Goal"),
        cell(one.coverage or NOTHING, kind="n g cv", label="Coverage"),
    )


def _unit_of(figure: tuple[str, str]) -> str:
    """What is said once on a phone, where both figures have it: the unit behind the number."""
    found = _UNIT.fullmatch(figure[0])
    return found["unit"] if found else ""


def _figure(figure: tuple[str, str], unit: str) -> tuple[Child, ...]:
    number = figure[0].removesuffix(unit)
    return (number, element("span", unit, class_="u") if unit else None, *_small(figure[1]))


def _evidence(one: ToldRow) -> Markup:
    tone = "" if one.verdict in _TOLD else "g"
    return marked(one.evidence[0] or one.verdict.value, _MARKS[one.verdict], tone)


def _warned(one: ToldRow) -> str:
    """What stands below the evidence, and what a reader is warned of."""
    flags = (flag.value for flag in one.flags)
    return " · ".join(part for part in (one.evidence[1], *flags) if part)


def _goal(one: ToldRow) -> Markup:
    if one.goal_result is None:
        return element("span", one.goal[0] or NOTHING, class_="g")
    tone = "g" if one.goal_result is GoalResult.UNKNOWN else ""
    return marked(one.goal[0] or one.goal_result.value, _GOALS[one.goal_result], tone)


def _two(head: str, below: str) -> Markup:
    return join(*_lines((head, below)))


def _lines(told: tuple[str, str]) -> tuple[Child, ...]:
    return (told[0], *_small(told[1]))


def _small(words: str) -> tuple[Child, ...]:
    return (" ", element("span", words, class_="s")) if words else ()


def besides(told: Sequence[ToldBeside]) -> Markup:
    """Old against new on the same days, each under its name."""
    return element("div", *(_beside(one) for one in told), class_="bl leaf besides")


def _beside(one: ToldBeside) -> Markup:
    columns = (
        Column("Measure"),
        Column(one.old_name, "n"),
        Column(one.new_name, "n"),
        Column("Change, range", "n"),
    )
    rows = (
        row(
            name_cell(name),
            cell(old, kind="n", label=one.old_name),
            cell(element("b", new), kind="n", label=one.new_name),
            cell(*_lines((change, between)), kind="n", label="Change"),
        )
        for name, old, new, change, between in one.rows
    )
    return join(title(one.title, one.note), table(one.title, columns, rows, "sb"))


def explained(told: Told) -> Markup:
    """A fold for each measure: why it reads so, and the arithmetic; p-values stand here alone."""
    folds = [_fold(one) for one in told.rows if one.steps or one.reasons]
    if not folds:
        return join()
    head = title(
        "Explain", "each row's arithmetic: what was counted, how it was tested, what p was"
    )
    return element(
        "div", head, element("div", *folds, class_="folds"), class_="bl leaf", id="explain"
    )


def _fold(one: ToldRow) -> Markup:
    said = element("span", f" {one.evidence[0] or one.verdict.value}", class_="g")
    reasons = tuple((_FOUND, reason) for reason in one.reasons)
    body = pairs_list((*reasons, *one.steps), code=frozenset({"query"}))
    return element(
        "details", element("summary", element("b", one.name[0]), said), body, class_="fold"
    )
