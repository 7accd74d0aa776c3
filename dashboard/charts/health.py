"""How the page *Data health* looks: the sources as a table, the holes, this burnline."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.charts.days import days_strip
from dashboard.charts.frame import fresh
from dashboard.charts.markup import Markup, element, marked
from dashboard.charts.notice import with_code
from dashboard.charts.table import Column, cell, name_cell, row, table, titled
from dashboard.views.pages.health import HealthPage, HoleRow, SourceRow
from dashboard.views.slos.marks import Mark
from dashboard.views.words import NOTHING

_LEGEND = (
    "Filled = measured all day · half = in part · dashed = not measured. Late = more than two"
    " intervals and 30 s behind. Times are UTC, of today unless a day is given."
)


def health_head(page: HealthPage) -> Markup:
    """The verdict over the sources, and what it means for the objectives."""
    top = element("div", element("h1", page.headline), fresh(page.board, late=False), class_="head")
    frozen = element("p", page.frozen, class_="g") if page.frozen else None
    return element("div", top, frozen, class_="bl hero")


def sources_table(page: HealthPage) -> Markup:
    """Each source, those that need a hand first."""
    columns = (
        Column("Source"),
        Column("State", "w-state"),
        Column("Newest data", "n w-newest"),
        Column("Lag", "n w-lag"),
        Column("Coverage, 28 d", "n w-cover"),
        Column(f"By day, {page.days}", "w-days"),
        Column("In words"),
        Column("Feeds", "w-feeds"),
    )
    made = table("Sources", columns, (_source(one) for one in page.rows), "health")
    return element("div", made, element("p", _LEGEND, class_="s legend"), class_="bl")


def _source(one: SourceRow) -> Markup:
    mark = Mark.LATE if one.needs_hand else Mark.QUIET
    return row(
        name_cell(one.name, " ", element("span", one.about, class_="s")),
        cell(marked(one.state.value, mark), kind="state"),
        cell(one.newest, kind="n newest"),
        _known(one.lag, f"n lag {mark.tone}".rstrip()),
        _known(one.coverage, "n cover"),
        _strip(one),
        _known(one.words, "words"),
        _known(one.feeds, "feeds g"),
    )


def _known(words: str, kind: str) -> Markup:
    """A cell; a phone has no room for one that says nothing."""
    return cell(words, kind=f"{kind} void" if words == NOTHING else kind)


def _strip(one: SourceRow) -> Markup:
    """The days, or nothing of a source that measures none."""
    if one.coverage == NOTHING:
        return _known(NOTHING, "days")
    return cell(days_strip(one.strip, says=one.strip_words), kind="days")


def below(page: HealthPage) -> Markup:
    """The holes beside what stands of this burnline."""
    return element("div", _holes(page), _house(page.house), class_="bl two")


def _holes(page: HealthPage) -> Markup:
    head = titled("Holes in the last 28 days", "a quarter hour or more")
    if not page.holes:
        return element("section", head, element("p", "None.", class_="g"))
    columns = (
        *(Column("Source"), Column("From, to (UTC)")),
        *(Column("Length", "n"), Column("Can it be filled?")),
    )
    rows = (_hole(one) for one in page.holes)
    made = table("Holes in the last 28 days", columns, rows, "tight holes")
    more = element("p", f"and {page.more_holes} more", class_="s") if page.more_holes else None
    return element("section", head, made, more)


def _hole(one: HoleRow) -> Markup:
    return row(
        name_cell(one.source),
        cell(one.span),
        cell(one.length, kind="n"),
        cell(one.mend, kind="g"),
    )


def _house(rows: Iterable[tuple[str, str]]) -> Markup:
    body = (row(name_cell(name, kind="g"), cell(with_code(words))) for name, words in rows)
    made = table("This burnline", (), body, "tight house")
    return element("section", element("h2", "This burnline"), made)


def health_foot() -> Markup:
    """What the words mean, and where machines look."""
    links = [
        element("a", words, href=href, target="_self")
        for words, href in (
            ("Definitions", "/definitions"),
            ("/metrics", "/metrics"),
            ("/readyz", "/readyz"),
        )
    ]
    first, second, third = links
    said = element(
        "span", "Times in UTC. Coverage = measured seconds over all seconds. ", class_="g"
    )
    return element(
        "div",
        element("footer", said, first, " · ", second, " · ", third, class_="foot"),
        class_="bl",
    )
