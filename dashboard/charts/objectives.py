"""How the objectives look as a table: one dense row each, two facts never merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from dashboard.charts.budget_bar import budget_bar
from dashboard.charts.markup import Child, Markup, element, join, marked
from dashboard.charts.sparkline import sparkline
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.addresses import objective_address
from dashboard.views.counted.families import members_in_need, members_of, part_words
from dashboard.views.slos.marks import Mark, burn_mark, held_mark, level_mark, level_tone, now_mark
from dashboard.views.slos.overview import room_of
from dashboard.views.slos.row_words import (
    burn_cell,
    counted_words,
    left_figure,
    left_note,
    left_words,
    level_brief,
    now_note,
    now_words,
    runs_out,
    sli_note,
    sli_words,
    trend_words,
)
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import NOTHING, window_words
from slo.lengths import HOUR_S

_BURNS = ((1, "one"), (6, "six"))


def objectives_table(views: Sequence[SloView]) -> Markup:
    """All rows in the order given, at least one; what most of them share stands in the heading."""
    usual = Counter(view.window_kind for view in views).most_common(1)[0][0]
    rows = (row for view in views for row in (_row(view, usual_window=usual), *_member_rows(view)))
    return table("Objectives", _columns(f"Budget left, {window_words(usual)}"), rows, "fleet")


def _columns(budget: str) -> tuple[Column, ...]:
    return (
        Column("Objective"),
        Column("Now", "w-now"),
        Column(element("span", budget), "w-bar bar-head"),
        Column("Left", "w-left n"),
        Column("SLI", "w-sli n"),
        *(Column(f"Burn {hours} h", f"w-burn w-{place} n") for hours, place in _BURNS),
        Column("Runs out", "w-out n"),
        Column("28 days", "w-line n"),
    )


def _row(view: SloView, *, usual_window: str) -> Markup:
    other = view.window_kind != usual_window
    promise = f"{view.promise}, {window_words(view.window_kind)}" if other else view.promise
    count = len(members_of(view))
    members = f"{count} member{'' if count == 1 else 's'}" if count else ""
    small = _small("; ".join(filter(None, (promise, members))))
    return row(name_cell(_link(view, view.name), small), *_cells(view), kind=room_of(view))


def _member_rows(view: SloView) -> Iterator[Markup]:
    """The members that need someone, below the whole; its page has all of them."""
    for one in members_in_need(view):
        name = name_cell(_link(one, part_words(one)), kind="part")
        yield row(name, *_cells(one), kind=room_of(one))


def _link(view: SloView, words: str) -> Markup:
    return element("a", words, href=objective_address(view.name), target="_self")


def _cells(view: SloView) -> tuple[Markup, ...]:
    figures = (_now(view), _bar(view), _left(view), _sli(view), *_burns(view), _runs_out(view))
    return (*figures, _trend(view))


def _small(words: Child) -> Markup | None:
    return join(" ", element("span", words, class_="s")) if words else None


def _now(view: SloView) -> Markup:
    note, held = now_note(view), held_mark(view)
    small = _small(marked(note, held) if held else note)
    word = marked(now_words(view), now_mark(view))
    return cell(word, small, kind="now", title="; ".join(view.reasons) or None)


def _bar(view: SloView) -> Markup:
    left = view.budget_remaining
    says = now_words(view) if left is None else f"{left_words(view)} of the budget left"
    low = level_mark(view) is Mark.LOW
    frozen = now_mark(view) is Mark.FROZEN
    return cell(budget_bar(left, low=low, frozen=frozen, says=says), kind="bar")


def _left(view: SloView) -> Markup:
    mark, tone = level_mark(view), level_tone(view)
    state = None if mark is None else marked(level_brief(view), mark, tone)
    figure = element("b", left_figure(view), class_=tone or None)
    between = left_words(view) if view.is_estimated else None
    return cell(figure, _left_note(view, state), kind="left n", title=between)


def _left_note(view: SloView, state: Markup | None) -> Markup | None:
    """The state in a word and the budget as time; a phone keeps the word where there is one."""
    note = left_note(view)
    if state is None:
        small = element("span", note, class_="s held" if view.stale else "s") if note else None
        return small and join(" ", small)
    more = element("span", f" · {note}", class_="held") if note and not view.stale else None
    return join(" ", element("span", state, more, class_="s"))


def _sli(view: SloView) -> Markup:
    note = _small(sli_note(view))
    return cell(sli_words(view), note, kind="sli n x", label="SLI", title=counted_words(view))


def _burns(view: SloView) -> list[Markup]:
    return [_burn(view, hours, place) for hours, place in _BURNS]


def _burn(view: SloView, hours: int, place: str) -> Markup:
    words, mark = burn_cell(view, f"{hours}h"), burn_mark(view, hours * HOUR_S)
    shown = element("b", words, class_=f"st {mark}") if mark else words
    return cell(shown, kind=f"{place} n x", label=f"Burn {hours} h")


def _runs_out(view: SloView) -> Markup:
    when, note = runs_out(view)
    return cell(when, _small(note), kind="out n x", label="Runs out")


def _trend(view: SloView) -> Markup:
    measured = any(share is not None for share in view.sparkline)
    line = sparkline(view.sparkline, says=trend_words(view)) if measured else NOTHING
    return cell(line, kind="line n")
