"""How a claim check looks: each row of the document with what its arithmetic and the data say."""

from __future__ import annotations

from types import MappingProxyType

from dashboard.charts.markup import Markup, element, join, marked
from dashboard.charts.objective import title
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.claims.marked import held_against, summary
from dashboard.views.claims.model import Claim, ClaimCheck, Mark
from dashboard.views.claims.words import (
    HEADS,
    arithmetic_words,
    better_words,
    contradiction_words,
    support_words,
)
from dashboard.views.words import NOTHING

_MARKS = MappingProxyType(
    {
        Mark.OK: "met",
        Mark.ARITHMETIC_OK: "maybe",
        Mark.AMBIGUOUS: "missed",
        Mark.WRONG: "missed",
        Mark.UNSUPPORTED: "missed",
        Mark.NOT_CHECKED: "open g",
    }
)


def claims_section(check: ClaimCheck) -> Markup:
    """How many claims got which mark, a row each, what contradicts what, what was not read."""
    said = summary(check)
    head = element("p", element("b", f"{said[:1].upper()}{said[1:]}."), f" {held_against(check)}")
    listed = [
        *(contradiction_words(one) for one in check.contradictions),
        *check.remarks,
    ]
    below = element("ul", *(element("li", one) for one in listed)) if listed else None
    made = _table(check) if check.claims else None
    return element("div", head, made, below, class_="bl leaf claims")


def documented_section(check: ClaimCheck) -> Markup:
    """The same of the document that the migration names, under its own title."""
    named = title("What is claimed", f"in {check.name}, checked row by row")
    return join(element("div", named, class_="bl leaf"), claims_section(check))


def _table(check: ClaimCheck) -> Markup:
    columns = (
        Column("Claim", "nm"),
        Column("Claimed", "cl"),
        Column("Mark", "mk"),
        *(Column(head, kind) for head, kind in zip(HEADS, ("ar", "dt", "bt"), strict=True)),
    )
    return table("Claims", columns, (_claim(one) for one in check.claims), "cm")


def _claim(one: Claim) -> Markup:
    claimed = one.row
    values = f"{claimed.before_text} → {claimed.after_text}"
    change = element("span", claimed.change_text, class_="s") if claimed.change_text else None
    return row(
        name_cell(claimed.metric, " ", element("span", f"line {claimed.line}", class_="s")),
        cell(values, " " if change else None, change),
        cell(marked(one.mark, _MARKS[one.mark])),
        *(
            cell(words or NOTHING, kind="void" if not words else None, label=label)
            for label, words in zip(
                HEADS, (arithmetic_words(one), support_words(one), better_words(one)), strict=True
            )
        ),
    )


def unread(why: str) -> Markup:
    """That what was pasted cannot be read."""
    return join(element("div", element("p", why, class_="none-here"), class_="bl nothing"))
