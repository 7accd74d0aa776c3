"""How the objectives look as a table: one dense row each, two facts never merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dashboard.charts.budget_bar import budget_bar
from dashboard.charts.markup import Child, Markup, element
from dashboard.charts.sparkline import sparkline
from dashboard.views.addresses import objective_address
from dashboard.views.overview import needs_attention
from dashboard.views.row_words import (
    counted_words,
    left_note,
    left_words,
    level_words,
    note_glyph,
    now_glyph,
    now_note,
    now_words,
    runs_out,
    sli_note,
    sli_words,
    trend_words,
)
from dashboard.views.slo_view import SloView
from dashboard.views.words import NOTHING, budget_words, burn_words, window_words
from slo.burn import Severity
from slo.judgement import Level, Now

_HOUR_S = 3_600
_BURNS = (("1h", "one"), ("6h", "six"))


def objectives_table(views: Sequence[SloView]) -> Markup:
    """All rows in the order given, at least one; what most of them share stands in the heading.

    Roles are spelt out, for a phone's CSS unmakes a table.
    """
    usual = Counter(view.window_kind for view in views).most_common(1)[0][0]
    rows = [_row(view, usual_window=usual) for view in views]
    head = _head(f"Budget left, {window_words(usual)}")
    body = element("tbody", *rows, role="rowgroup")
    return element("table", head, body, role="table", aria_label="Objectives")


def _head(budget: str) -> Markup:
    cells = (
        _heading("Objective"),
        _heading("Now", "w-now"),
        _heading(element("span", budget), "w-bar bar-head"),
        _heading("Left", "w-left n"),
        _heading("SLI", "w-sli n"),
        _heading("Burn 1 h", "w-burn w-one n"),
        _heading("Burn 6 h", "w-burn w-six n"),
        _heading("Runs out", "w-out n"),
        _heading("28 days", "w-line n"),
    )
    return element("thead", element("tr", *cells, role="row"), role="rowgroup")


def _heading(words: Child, kind: str | None = None) -> Markup:
    return element("th", words, class_=kind, scope="col", role="columnheader")


def _row(view: SloView, *, usual_window: str) -> Markup:
    other = view.window_kind != usual_window
    promise = f"{view.promise}, {window_words(view.window_kind)}" if other else view.promise
    link = element("a", view.name, href=objective_address(view.name), target="_self")
    name = element("th", link, _small(promise), scope="row", role="rowheader")
    cells = (_now(view), _bar(view), _left(view), _sli(view), *_burns(view), _runs_out(view))
    return element("tr", name, *cells, _trend(view), class_=_row_class(view), role="row")


def _row_class(view: SloView) -> str:
    """How much of the row a phone shows: calm rows are one line."""
    if not needs_attention(view):
        return "calm"
    if view.budget_remaining is None:
        return "dark"
    return "still" if view.stale else "loud"


def _cell(
    *children: Child, kind: str, label: str | None = None, title: str | None = None
) -> Markup:
    return element("td", *children, class_=kind, data_l=label, title=title, role="cell")


def _small(words: Child) -> Markup | None:
    return element("span", words, class_="s") if words else None


def _now(view: SloView) -> Markup:
    word = element("span", now_words(view), class_=f"st {now_glyph(view)}")
    note, glyph = now_note(view), note_glyph(view)
    marked = element("span", note, class_=f"st {glyph}") if glyph else note
    return _cell(word, _small(marked), kind="now", title="; ".join(view.reasons) or None)


def _bar(view: SloView) -> Markup:
    left = view.budget_remaining
    says = now_words(view) if left is None else f"{left_words(view)} of the budget left"
    low = view.judgement.level is Level.LOW
    frozen = view.judgement.now is Now.FROZEN
    return _cell(budget_bar(left, low=low, frozen=frozen, says=says), kind="bar")


_LEVELS = {Level.LOW: ("amber", "low"), Level.SPENT: ("red", "spent")}
_UNSURE = "amber"


def _left(view: SloView) -> Markup:
    colour, glyph = _LEVELS.get(view.judgement.level, ("", ""))
    colour = colour if view.is_level_sure else _UNSURE if glyph else ""
    word = level_words(view)
    if not view.is_level_sure:
        word = word.replace("perhaps spent", "spent?").replace("perhaps low", "low?")
    state = element("span", word, class_=f"st {glyph} {colour}") if word else None
    about = "≈ " if view.is_estimated else ""
    figure = element("b", f"{about}{budget_words(view.budget_remaining)}", class_=colour or None)
    between = left_words(view) if view.is_estimated else None
    return _cell(figure, _left_note(view, state), kind="left n", title=between)


def _left_note(view: SloView, state: Markup | None) -> Markup | None:
    """The state in a word and the budget as time; a phone keeps the word where there is one."""
    note = left_note(view)
    if state is None:
        return element("span", note, class_="s held" if view.stale else "s") if note else None
    more = element("span", f" · {note}", class_="held") if note and not view.stale else None
    return element("span", state, more, class_="s")


def _sli(view: SloView) -> Markup:
    note = _small(sli_note(view))
    return _cell(sli_words(view), note, kind="sli n x", label="SLI", title=counted_words(view))


def _burns(view: SloView) -> list[Markup]:
    return [_burn(view, label, place) for label, place in _BURNS]


def _burn(view: SloView, label: str, place: str) -> Markup:
    words = burn_words(None if view.stale else view.burn_rate(label))
    hours = int(label.removesuffix("h"))
    severity = _severity(view, hours * _HOUR_S)
    kind = f"{place} n x"
    heading = f"Burn {hours} h"
    if severity is None:
        return _cell(words, kind=kind, label=heading)
    glyph = "page" if severity is Severity.PAGE else "ticket"
    return _cell(element("b", words, class_=f"st {glyph}"), kind=kind, label=heading)


def _severity(view: SloView, long_s: int) -> Severity | None:
    """What fires over that length; the policy's own threshold decided it."""
    if view.stale:
        return None
    return next((f.severity for f in view.firing if f.row.long_s == long_s), None)


def _runs_out(view: SloView) -> Markup:
    when, note = runs_out(view)
    return _cell(when, _small(note), kind="out n x", label="Runs out")


def _trend(view: SloView) -> Markup:
    measured = any(share is not None for share in view.sparkline)
    line = sparkline(view.sparkline, says=trend_words(view)) if measured else NOTHING
    return _cell(line, kind="line n")
