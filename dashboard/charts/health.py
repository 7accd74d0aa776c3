"""How the page *Data health* looks: the sources as a table, the holes, this burnline."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.charts.days import days_strip
from dashboard.charts.frame import fresh
from dashboard.charts.markup import Child, Markup, element
from dashboard.charts.notice import with_code
from dashboard.views.health import HealthPage, HoleRow, SourceRow
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
    heads = (
        ("Source", None),
        ("State", "w-state"),
        ("Newest data", "n w-newest"),
        ("Lag", "n w-lag"),
        ("Coverage, 28 d", "n w-cover"),
        (f"By day, {page.days}", "w-days"),
        ("In words", None),
        ("Feeds", "w-feeds"),
    )
    head = element("tr", *(_heading(*one) for one in heads), role="row")
    body = element("tbody", *(_row(row) for row in page.rows), role="rowgroup")
    table = element(
        "table",
        element("thead", head, role="rowgroup"),
        body,
        class_="health",
        role="table",
        aria_label="Sources",
    )
    return element("div", table, element("p", _LEGEND, class_="s legend"), class_="bl")


def _heading(words: str, kind: str | None = None) -> Markup:
    return element("th", words, class_=kind, scope="col", role="columnheader")


def _row(row: SourceRow) -> Markup:
    state = element("span", row.state.value, class_="st late" if row.needs_hand else "st quiet")
    name = element("span", row.about, class_="s")
    lag = "n lag amber" if row.needs_hand else "n lag"
    return element(
        "tr",
        element("th", row.name, name, scope="row", role="rowheader"),
        _cell(state, kind="state"),
        _cell(row.newest, kind="n newest"),
        _cell(row.lag, kind=f"{lag} void" if row.lag == NOTHING else lag),
        _cell(row.coverage, kind="n cover void" if row.coverage == NOTHING else "n cover"),
        _strip(row),
        _cell(row.words, kind="words void" if row.words == NOTHING else "words"),
        _cell(row.feeds, kind="feeds g void" if row.feeds == NOTHING else "feeds g"),
        role="row",
    )


def _strip(row: SourceRow) -> Markup:
    """The days, or nothing of a source that measures none."""
    if row.coverage == NOTHING:
        return _cell(NOTHING, kind="days void")
    return _cell(days_strip(row.days, says=row.strip_words), kind="days")


def _cell(words: Child, *, kind: str | None = None) -> Markup:
    return element("td", words, class_=kind, role="cell")


def below(page: HealthPage) -> Markup:
    """The holes beside what stands of this burnline."""
    return element("div", _holes(page), _house(page.house), class_="bl two")


def _holes(page: HealthPage) -> Markup:
    head = element("h2", "Holes in the last 28 days", element("small", "a quarter hour or more"))
    if not page.holes:
        return element("section", head, element("p", "None.", class_="g"))
    heads = ("Source", "From, to (UTC)", "Length", "Can it be filled?")
    kinds = (None, None, "n", None)
    cells = [_heading(words, kind) for words, kind in zip(heads, kinds, strict=True)]
    table = element(
        "table",
        element("thead", element("tr", *cells, role="row"), role="rowgroup"),
        element("tbody", *(_hole(one) for one in page.holes), role="rowgroup"),
        class_="tight holes",
        role="table",
        aria_label="Holes in the last 28 days",
    )
    more = element("p", f"and {page.more_holes} more", class_="s") if page.more_holes else None
    return element("section", head, table, more)


def _hole(one: HoleRow) -> Markup:
    return element(
        "tr",
        element("th", one.source, scope="row", role="rowheader"),
        _cell(one.span),
        _cell(one.length, kind="n"),
        _cell(one.mend, kind="g"),
        role="row",
    )


def _house(rows: Iterable[tuple[str, str]]) -> Markup:
    body = (
        element(
            "tr",
            element("th", name, class_="g", scope="row", role="rowheader"),
            _cell(with_code(words)),
            role="row",
        )
        for name, words in rows
    )
    table = element(
        "table",
        element("tbody", *body, role="rowgroup"),
        class_="tight house",
        role="table",
        aria_label="This burnline",
    )
    return element("section", element("h2", "This burnline"), table)


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
