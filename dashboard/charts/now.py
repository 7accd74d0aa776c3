"""How the page *Now* looks: the gravest burn large, the rest in dense rows."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.frame import fresh
from dashboard.charts.markup import Markup, element, join, marked
from dashboard.charts.table import Column, cell, name_cell, row, table, titled
from dashboard.views.addresses import objective_address
from dashboard.views.alerts.burning_words import (
    before_words,
    by_words,
    firing_words,
    left_sentence,
    over_words,
    rates_words,
    sentence,
    still_word,
)
from dashboard.views.alerts.standing import NOTHING_KNOWN, Blind, Handled, Standing
from dashboard.views.counted.burning import Burning
from dashboard.views.happened.happenings import title_of, version_of
from dashboard.views.happened.links import Link
from dashboard.views.pages.now import NowPage, Past, Quiet
from dashboard.views.sentence import capital
from dashboard.views.slos.marks import Mark, level_mark, level_tone, now_mark
from dashboard.views.slos.row_words import left_figure, level_words, now_words
from dashboard.views.slos.slo_view import Burn
from dashboard.views.upkeep.board import Board
from dashboard.views.words import burn_words, length_words
from slo.alerting import AlertKind


def gravest_head(found: Burning, board: Board, standing: Standing | None = None) -> Markup:
    """What burns, since when, whether it still does, and who knows of it."""
    view = found.view
    state = marked(now_words(view), now_mark(view))
    since = element("span", f" {firing_words(found)}", class_="g")
    line = element("p", state, " ", _name(view.name), since)
    top = element("div", line, fresh(board), class_="head")
    verdict = element("h1", sentence(found))
    known = None if standing is None else element("p", capital(standing.words), class_="s known")
    return element("div", top, verdict, _still(found), known, class_="bl hero")


def _name(name: str) -> Markup:
    """The objective's name, which leads to its page."""
    return element("a", name, href=objective_address(name), target="_self", class_="name")


def _still(found: Burning) -> Markup:
    rates = join(
        f" Over {length_words(found.short.span.length_s)} ",
        _rate(found, found.short),
        f" the allowed rate, over {length_words(found.long.span.length_s)} ",
        _rate(found, found.long),
        f". {left_sentence(found.view)}",
    )
    return element("p", element("b", still_word(found)), element("span", rates, class_="g"))


def _rate(found: Burning, burn: Burn) -> Markup:
    """A burn; marked where it is over what the row fires at."""
    kind = f"st {now_mark(found.view)}" if found.is_hot(burn) else "calm"
    return element("b", burn_words(burn.rate), class_=kind)


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


def others_rows(others: Sequence[Burning], handled: Handled = NOTHING_KNOWN) -> Markup | None:
    """The others that fire, a row each; below them what is recovering, and what is silenced."""
    if not (others or handled.recovering or handled.blind or handled.silent):
        return None
    rows = (_other(found, handled.of(found.view)) for found in others)
    made = table("Also firing", (), rows, "also") if others else None
    unseen = table("No data", (), map(_blind, handled.blind), "also") if handled.blind else None
    quiet = (f"Silenced: {one.words}" for one in handled.silent)
    calming = (element("p", words, class_="g s") for words in (*handled.recovering, *quiet))
    return element("div", made, unseen, *calming, class_="bl")


def _blind(one: Blind) -> Markup:
    """Of what no data come in, since when, and who was told of it."""
    is_source = one.kind is AlertKind.STALE
    mark = Mark.LATE if is_source else Mark.FROZEN
    name = element("a", one.name, href=one.address, target="_self", class_="name")
    said = f"{capital(one.words)}. {capital(one.standing.words)}"
    what = element("span", said, class_="s")
    return row(name_cell(marked("source" if is_source else "no data", mark), " ", name, " ", what))


def _other(found: Burning, standing: Standing | None) -> Markup:
    view = found.view
    state = marked(now_words(view), now_mark(view))
    known = f". {capital(standing.words)}" if standing is not None and standing.words else ""
    what = element("span", f"{over_words(found)}{known}", class_="s")
    mark, tone = level_mark(view), level_tone(view)
    left = element("b", left_figure(view), class_=tone or None)
    level = "left" if mark is None else marked(level_words(view), mark, tone)
    return row(
        name_cell(state, " ", _name(view.name), " ", what),
        cell(rates_words(found), kind="n rates"),
        cell(left, " ", element("span", level, class_="s"), kind="n"),
    )


def lower(page: NowPage) -> Markup:
    """The past of the service, and what is quiet and should be looked at."""
    parts = [part for part in (_past(page.past), _quiet(page)) if part is not None]
    return element("div", *parts, class_="bl two")


def _past(past: Past | None) -> Markup | None:
    if past is None:
        return None
    head = titled(f"Incidents of {past.service}", past.summary)
    columns = (Column("Incident"), Column("What it was"), Column("Took"))
    rows = (
        row(
            name_cell(one.key, " ", element("span", one.day, class_="s")),
            cell(one.what),
            cell(one.took, kind="n"),
        )
        for one in past.rows
    )
    made = table(f"Incidents of {past.service}", columns, rows, "tight past")
    return element("section", head, made)


def _quiet(page: NowPage) -> Markup | None:
    quiet = page.quiet
    if not quiet and not page.folded:
        return None
    head = titled("Quiet, but look", "not asking for anyone now")
    made = table("Quiet, but look", (), (_quiet_row(one) for one in quiet), "tight quiet")
    more = element("p", page.folded, class_="g") if page.folded else None
    return element("section", head, made if quiet else None, more)


def _quiet_row(one: Quiet) -> Markup:
    figure = join(" ", element("b", one.figure)) if one.figure else None
    state = marked(join(one.words, figure), one.mark, one.tone)
    return row(name_cell(_name(one.name)), cell(state, kind="n"))


def calm(page: NowPage) -> Markup:
    """The page when nothing fires: that it is so, and what was last."""
    is_blind = bool(page.handled.blind)
    verdict = "Nothing fires, but not all is seen" if is_blind else "Nothing asks for anyone now"
    top = element("div", element("h1", verdict), fresh(page.board), class_="head")
    last = element("p", page.last, class_="g") if page.last else None
    return element("div", top, last, class_="bl hero")
