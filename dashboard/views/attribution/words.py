"""Who spent a budget, in words: one block for the page, the shell and the report."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.attribution.making import Spender, Spending
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.shares import spent_words
from dashboard.views.slos.alert_rows import bad_word
from dashboard.views.slos.dates import brief_span, brief_words, day_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import count_words, duration_words, length_words
from slo.objective import counted_word
from slo.spans import Span

SHOWN = 8


def block(made: Spending, *, most: int | None = None) -> Block:
    """The spenders with the most first, the rest of them summed, then what nobody spent."""
    told = [one for one in made.spenders if one.bad]
    shown = told if most is None else told[:most]
    rest = told[len(shown) :]
    rows = [_row(made, one) for one in shown]
    if rest:
        others = f"{len(rest)} other{'s' if len(rest) > 1 else ''}"
        rows.append(_sum(made, others, sum(one.bad for one in rest), sum(o.share for o in rest)))
    usual = "the usual, and falls that no deploy or incident explains"
    rows.append(_sum(made, "unattributed", made.unattributed_bad, made.unattributed, usual))
    rows.append(_sum(made, "all of it", made.bad, made.spent))
    return Block(
        title="What spent the budget",
        note="deploys and incidents of the service",
        words=() if made.spent else ("Nothing of the budget was spent.",),
        headings=tuple(_headings(made)),
        rows=tuple(tuple(row) for row in rows) if made.spent else (),
        below=tuple(_rules(made)) if made.spent else (),
    )


def bad_words(view: SloView, bad: Fraction) -> str:
    """So many bad events, or so much bad time; parts of an event are rounded."""
    if view.slo.is_time_like:
        return duration_words(round(bad))
    return count_words(round(bad)) if bad >= 1 or not bad else "<1"


def _headings(made: Spending) -> Iterator[Heading]:
    unit = f"Time {bad_word(made.view)}" if made.view.slo.is_time_like else _bad_heading(made.view)
    yield Heading("Deploy or incident, times in UTC")
    yield Heading(unit, is_figure=True)
    yield Heading("Of budget" if _is_rolling(made) else "Of budget so far", is_figure=True)
    if _is_rolling(made):
        yield Heading("Returns", is_figure=True)


def _bad_heading(view: SloView) -> str:
    return f"{bad_word(view).capitalize()} {counted_word(view.slo.indicator)}"


def _is_rolling(made: Spending) -> bool:
    return not made.view.first.is_calendar


def _row(made: Spending, one: Spender) -> list[Cell]:
    spent_in = one.spent_in or made.view.span
    cells = [
        Cell(one.name, note=_when(one, spent_in)),
        Cell(bad_words(made.view, one.bad)),
        Cell(spent_words(one.share)),
    ]
    if _is_rolling(made):
        cells.append(Cell(f"by {day_words(spent_in.until + made.view.whole.length_s)}"))
    return cells


def _when(one: Spender, spent_in: Span) -> str:
    """When it happened, to the minute, and which quarter hours are counted; the day once."""
    since, counted = brief_words(one.suspect.at), brief_span(spent_in)
    if day_words(one.suspect.at) == day_words(spent_in.since):
        counted = counted.removeprefix(f"{day_words(spent_in.since)} ")
    return f"{'from' if one.suspect.is_incident else 'at'} {since}, counted {counted}"


def _sum(
    made: Spending, name: str, bad: Fraction | int, share: Fraction | int, note: str = ""
) -> list[Cell]:
    cells = [
        Cell(name, note=note),
        Cell(bad_words(made.view, Fraction(bad))),
        Cell(spent_words(Fraction(share))),
    ]
    return [*cells, Cell("")] if _is_rolling(made) else cells


def _rules(made: Spending) -> Iterator[str]:
    yield (
        "Counted is what was bad above the usual before each began: the greater of the hour before "
        "and the median quarter hour of the day before. A deploy answers until the next one, and for "
        "what it lit until that has halved; an incident while it lasted. What several claim is "
        "shared in proportion."
    )
    unknown = sum(not one.is_judged for one in made.spenders)
    if unknown:
        yield (
            f"{unknown} of them cannot be judged: nothing had been measured in the day before."
            if unknown > 1
            else "One of them cannot be judged: nothing had been measured in the day before."
        )
    if made.window.since != made.view.span.since:
        yield f"The first quarter hour is cut to the window of {length_words(made.view.whole.length_s)}."
