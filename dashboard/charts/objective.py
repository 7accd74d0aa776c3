"""How the page of one SLO looks around its charts: head, strip of figures, links, tables, steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.charts.markup import Child, Markup, element, join, marked
from dashboard.charts.notice import notice_page
from dashboard.charts.table import Column, cell, name_cell, row, table, titled
from dashboard.views.addresses import objective_address
from dashboard.views.attribution.falls import Cause
from dashboard.views.explained.step import Step
from dashboard.views.happened.links import Link
from dashboard.views.pages.objective import LinkedFigure, ObjectivePage
from dashboard.views.pages.objective_words import (
    fresh_words,
    promise_words,
    returns_words,
    share_of,
    verdict_words,
)
from dashboard.views.pages.unfound import Unfound
from dashboard.views.slos.alert_rows import AlertRow
from dashboard.views.slos.dates import brief_span
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.slos.slo_view import SloView
from slo.spans import Span


def head(page: ObjectivePage) -> Markup:
    """The way back, the verdict in a sentence, the promise, and how fresh it all is."""
    view = page.view
    back = element(
        "p", element("a", "← All objectives", href="/objectives", target="_self"), class_="s"
    )
    said = element(
        "div",
        element("h1", verdict_words(view)),
        element("p", promise_words(view, page.owner), class_="g sub"),
    )
    made_up = element("span", page.board.generated, class_="made") if page.board.generated else None
    fresh, measured = fresh_words(view, is_fixed=page.board.is_fixed)
    late = "st late" if view.stale and not page.board.is_fixed else "g"
    beside = element(
        "p",
        made_up,
        element("span", fresh, class_=late),
        element("span", measured, class_="g"),
        class_="fresh",
    )
    return element("div", back, element("div", said, beside, class_="bl head"), class_="bl leaf")


def strip_of(page: ObjectivePage) -> Markup:
    """The figures side by side, each with its label above; and where else to look."""
    figures = element("div", *(_figure(one) for one in page.figures), class_="figs")
    return element("div", figures, _links(page.links), class_="bl leaf")


def _figure(linked: LinkedFigure) -> Markup:
    one = linked.figure
    value: Child = one.value
    if linked.address:
        value = _outward(one.value, linked.address, "q")
    toned = element("b", value, class_=one.tone or None)
    note = element("small", one.note) if one.note else None
    label = element("div", one.label, class_="l")
    return element(
        "div",
        label,
        element("div", toned, " ", note, class_="v"),
        class_="wide" if one.is_wide else None,
    )


def _links(links: Sequence[Link]) -> Markup | None:
    if not links:
        return None
    asked = (_outward(link.name, link.address, None) for link in links)
    return element("p", element("span", "For this time range:", class_="g"), *asked, class_="links")


def _outward(words: str, address: str, kind: str | None) -> Markup:
    """A link that leaves: the other side learns nothing of this one."""
    return element(
        "a", words, href=address, target="_blank", rel="noopener noreferrer", class_=kind
    )


def title(words: str, note: str = "") -> Markup:
    """A heading between the parts of the page, and a note beside it."""
    return titled(words, note, "bl leaf titled")


def caption(words: str) -> Markup:
    """The line under a chart."""
    return element("p", words, class_="bl leaf s")


def alert_table(rows: Sequence[AlertRow], *, is_standing: bool = True) -> Markup:
    """Every row of the burn policy: what it waits for and whether it can fire; how it stands."""
    standing = (Column("Burn now", "n"), Column("State", "stt")) if is_standing else ()
    columns = (
        *(Column("Row"), Column("Windows"), Column("Factor", "n"), *standing),
        Column("Fires from", None if is_standing else "stt"),
        Column("Can it fire?"),
    )
    body = (_alert(one, is_standing=is_standing) for one in rows)
    return _placed(table("Alert rows", columns, body, "tight al"))


def _alert(one: AlertRow, *, is_standing: bool) -> Markup:
    never = join(marked("cannot fire:", Mark.SPENT, Tone.AMBER), f" {one.reach}")
    standing = (
        cell(one.burns, kind="c4 n", label="Burn now"),
        cell(marked(one.state, one.mark), kind="c5 stt", label="State"),
    )
    return row(
        name_cell(one.severity, kind="c1"),
        cell(one.windows, kind="c2", label="Windows"),
        cell(one.factor, kind="c3 n", label="Factor"),
        *(standing if is_standing else ()),
        cell(one.fires_from, kind="c6" if is_standing else "c6 stt", label="Fires from"),
        cell(one.reach if one.can_fire else never, kind="c7 g", label="Can it fire?"),
    )


def falls_table(view: SloView, causes: Sequence[Cause]) -> Markup:
    """The falls of the chart: what is known to have happened then, how much, when it returns."""
    is_rolling = any(returns_words(view, cause) for cause in causes)
    returns = (Column("Returns", "n"),) if is_rolling else ()
    columns = (Column("What happened then, times in UTC"), Column("Fell by", "n"), *returns)
    rows = (_fall(view, cause, is_rolling=is_rolling) for cause in causes)
    return _placed(table("Falls of the budget", columns, rows, "tight falls"))


def _fall(view: SloView, cause: Cause, *, is_rolling: bool) -> Markup:
    when = element("span", brief_span(Span(cause.cliff.since, cause.cliff.until)), class_="s")
    back = cell(returns_words(view, cause), kind="n g", label="Returns") if is_rolling else None
    share = cell(share_of(cause), kind="n", label="Fell by")
    return row(name_cell(cause.blame.words, when), share, back)


def _placed(made: Markup) -> Markup:
    return element("div", made, class_="bl leaf")


def steps_list(steps: Sequence[Step], reasons: Sequence[str] = ()) -> Markup:
    """The arithmetic, a line each: its name, and the formula with the numbers filled in."""
    pairs = [*steps, *(("because", reason) for reason in reasons)]
    return pairs_list(pairs, code=frozenset({"query", "sql"}))


def pairs_list(pairs: Sequence[tuple[str, str]], *, code: frozenset[str] = frozenset()) -> Markup:
    """Names and what they stand for; what a machine reads as code."""
    listed = [
        piece
        for name, words in pairs
        for piece in (
            element("dt", name),
            element("dd", element("code", words) if name in code else words),
        )
    ]
    return element("div", element("dl", *listed, class_="pairs"), class_="bl leaf")


def unfound_page(found: Unfound, address: Callable[[str], str] = objective_address) -> Markup:
    """Which SLO there is not, and the way to those there are: each one's page, or `address`."""
    near = (
        element("li", element("a", name, href=address(name), target="_self")) for name in found.near
    )
    listed = element("ul", *near, class_="near") if found.near else None
    every = element("p", element("a", "All objectives", href="/objectives", target="_self"))
    return join(notice_page(found.notice), element("div", listed, every, class_="bl leaf near"))
