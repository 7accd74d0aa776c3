"""How the page *Now* looks: the gravest burn large, the rest in dense rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dashboard.charts.frame import fresh
from dashboard.charts.markup import Markup, element, join
from dashboard.views.addresses import objective_address
from dashboard.views.board import Board
from dashboard.views.burning import Burning
from dashboard.views.burning_words import (
    before_words,
    by_words,
    firing_words,
    left_sentence,
    length_words,
    over_words,
    rates_words,
    sentence,
    still_word,
)
from dashboard.views.happenings import title_of, version_of
from dashboard.views.links import Link
from dashboard.views.now import NowPage, Past, Quiet
from dashboard.views.row_words import level_words, now_glyph, now_words
from dashboard.views.slo_view import Burn
from dashboard.views.words import budget_words, burn_words
from slo.judgement import Level


def gravest_head(found: Burning, board: Board) -> Markup:
    """What burns, since when, and whether it still does."""
    view = found.view
    state = element("span", now_words(view), class_=f"st {now_glyph(view)}")
    since = element("span", f" {firing_words(found)}", class_="g")
    line = element("p", state, " ", _name(view.name), since)
    top = element("div", line, fresh(board), class_="head")
    return element("div", top, element("h1", sentence(found)), _still(found), class_="bl hero")


def _name(name: str) -> Markup:
    """The objective's name, which leads to its page."""
    return element("a", name, href=objective_address(name), target="_self", class_="name")


def _still(found: Burning) -> Markup:
    rates = join(
        f" Over {length_words(found.short.label)} ",
        _rate(found, found.short),
        f" the allowed rate, over {length_words(found.long.label)} ",
        _rate(found, found.long),
        f". {left_sentence(found.view)}",
    )
    return element("p", element("b", still_word(found)), element("span", rates, class_="g"))


def _rate(found: Burning, burn: Burn) -> Markup:
    """A burn; marked where it is faster than what the row fires at."""
    hot = burn.rate is not None and burn.rate > found.worst.factor
    return element(
        "b", burn_words(burn.rate), class_=f"st {now_glyph(found.view)}" if hot else "calm"
    )


def beside(found: Burning, links: Sequence[Link]) -> Markup | None:
    """The last deployment before the onset, and where to look."""
    parts = [part for part in (_suspect(found), _links(links)) if part is not None]
    return element("div", *parts, class_="bl beside") if parts else None


def _suspect(found: Burning) -> Markup | None:
    deploy = found.suspect
    if deploy is None:
        return None
    title = title_of(deploy)
    ago = before_words(found, deploy)
    return element(
        "div",
        element("p", "Last deploy before the onset", class_="s"),
        element(
            "p",
            element("b", version_of(deploy)),
            f" {by_words(deploy, found.view.as_of)}",
            join(", ", element("b", ago)) if ago else None,
        ),
        element("p", f"“{title}”", class_="g") if title else None,
    )


def _links(links: Sequence[Link]) -> Markup | None:
    made = (
        element("a", link.name, href=link.address, class_="btn", target="_blank", rel="noreferrer")
        for link in links
    )
    return element("p", *made, class_="acts") if links else None


def others_rows(others: Sequence[Burning]) -> Markup | None:
    """The others that fire, a row each."""
    if not others:
        return None
    body = element("tbody", *(_other(found) for found in others), role="rowgroup")
    table = element("table", body, class_="also", role="table", aria_label="Also firing")
    return element("div", table, class_="bl")


def _other(found: Burning) -> Markup:
    view = found.view
    state = element("span", now_words(view), class_=f"st {now_glyph(view)}")
    what = element("span", over_words(found), class_="s")
    glyph, colour = _LEVELS.get(view.judgement.level, ("", ""))
    left = element("b", budget_words(view.budget_remaining), class_=colour or None)
    word = level_words(view)
    level = element("span", word, class_=f"st {glyph} {colour}") if word else "left"
    return element(
        "tr",
        element("th", state, " ", _name(view.name), what, scope="row", role="rowheader"),
        element("td", rates_words(found), class_="n rates", role="cell"),
        element("td", left, element("span", level, class_="s"), class_="n", role="cell"),
        role="row",
    )


_LEVELS = {Level.SPENT: ("spent", "red"), Level.LOW: ("low", "amber")}


def lower(page: NowPage) -> Markup:
    """The past of the service, and what is quiet and should be looked at."""
    parts = [part for part in (_past(page.past), _quiet(page.quiet)) if part is not None]
    return element("div", *parts, class_="bl two")


def _past(past: Past | None) -> Markup | None:
    if past is None:
        return None
    head = element("h2", f"Incidents of {past.service}", element("small", past.summary))
    rows = (
        element(
            "tr",
            element(
                "th", row.key, element("span", row.day, class_="s"), scope="row", role="rowheader"
            ),
            element("td", row.what, role="cell"),
            element("td", row.took, class_="n", role="cell"),
            role="row",
        )
        for row in past.rows
    )
    table = element(
        "table",
        _heading(("Incident", "What it was", "Took")),
        element("tbody", *rows, role="rowgroup"),
        class_="tight past",
        role="table",
        aria_label=f"Incidents of {past.service}",
    )
    return element("section", head, table)


def _heading(words: Iterable[str]) -> Markup:
    cells = [element("th", one, scope="col", role="columnheader") for one in words]
    return element("thead", element("tr", *cells, role="row"), role="rowgroup")


def _quiet(quiet: Sequence[Quiet]) -> Markup | None:
    if not quiet:
        return None
    head = element("h2", "Quiet, but look", element("small", "not asking for anyone now"))
    body = element("tbody", *(_quiet_row(one) for one in quiet), role="rowgroup")
    table = element("table", body, class_="tight quiet", role="table", aria_label="Quiet, but look")
    return element("section", head, table)


def _quiet_row(one: Quiet) -> Markup:
    colour = {"spent": " red", "low": " amber"}.get(one.glyph, "")
    figure = join(" ", element("b", one.figure)) if one.figure else None
    state = element("span", one.words, figure, class_=f"st {one.glyph}{colour}")
    name = element("th", _name(one.name), scope="row", role="rowheader")
    return element("tr", name, element("td", state, class_="n", role="cell"), role="row")


def calm(page: NowPage) -> Markup:
    """The page when nothing fires: that it is so, and what was last."""
    top = element(
        "div", element("h1", "Nothing asks for anyone now"), fresh(page.board), class_="head"
    )
    last = element("p", page.last, class_="g") if page.last else None
    return element("div", top, last, class_="bl hero")
