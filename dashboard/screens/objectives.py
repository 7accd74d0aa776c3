"""The page of all objectives: fetch the board, offer filters, draw the table."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.frame import footer, nothing, verdict
from dashboard.charts.markup import element
from dashboard.charts.notice import notice_page
from dashboard.charts.objectives import objectives_table
from dashboard.screens.address import asked, told
from dashboard.screens.frame import live, show
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.pages.fleet import fleet
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import EVERY, Board, Show, shown
from dashboard.views.upkeep.notice import Notice
from dashboard.views.words import window_words


def page() -> None:
    """Draw the objectives, and draw them again as time goes on unless the moment is fixed."""
    live(_objectives)


def _objectives() -> None:
    found = look(fleet)
    if isinstance(found, Notice):
        show(notice_page(found))
    else:
        draw(found)


def draw(board: Board) -> None:
    """The verdict, the filters, the rows that pass them and where the figures come from."""
    show(verdict(board))
    show_which, views = _filtered(board)
    body = objectives_table(views) if views else nothing(show_which)
    show(element("div", body, footer(board), class_="bl"))


def _filtered(board: Board) -> tuple[Show, tuple[SloView, ...]]:
    """The choice, kept in the address, and what it leaves; what cannot be chosen is not offered."""
    with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
        holder = st.container(width="content", key="which")
        service = _choice("service", "Service", board.services)
        window = _choice("window", "Window", board.windows)
        show(element("p", "Sorted by what needs a person first", class_="bl sorted"))
    views = board.of(service=service, window=window)
    with holder:
        which = _which(views)
    return which, shown(views, which)


def _which(views: tuple[SloView, ...]) -> Show:
    counts = {each: len(shown(views, each)) for each in Show}
    options = [each.value for each in Show]
    asked("show", options)
    chosen = st.segmented_control(
        "Show",
        options,
        required=True,
        format_func=lambda each: f"{_WHICH[Show(each)]} {counts[Show(each)]}",
        key="show",
        label_visibility="collapsed",
    )
    return Show(told("show", chosen or EVERY))


_WHICH = {Show.ALL: "All", Show.ATTENTION: "Needs attention", Show.HEALTHY: "Healthy"}


def _choice(key: str, label: str, options: tuple[str, ...]) -> str:
    """One of the options, or every one of them; no control where there is nothing to choose."""
    if len(options) < 2:  # noqa: PLR2004 - one option is no choice
        return EVERY
    asked(key, [EVERY, *options])
    chosen = st.selectbox(
        label,
        [EVERY, *options],
        format_func=lambda option: f"{label}: {_said(key, option)}",
        key=key,
        label_visibility="collapsed",
        width=190,
    )
    return told(key, chosen)


def _said(key: str, option: str) -> str:
    return window_words(option) if key == "window" and option != EVERY else option


SCREEN = Screen(title="Objectives", path="objectives", order=20, page=page)
