"""The menu: a row of links above the page, and at the bottom of a phone's screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.charts.markup import element
from dashboard.screens.frame import show
from dashboard.screens.screen import Screen

Entries = Mapping[str, Page]
"""The pages by their paths."""


def menu(screens: Sequence[Screen], entries: Entries, chosen: Screen) -> None:
    """The links to all pages that have something to show; the chosen one is there, and marked."""
    listed = [screen for screen in screens if screen.has_entry or _is_shown(screen, chosen)]
    with st.container(key="top", horizontal=True, vertical_alignment="center", gap=None):
        with st.container(width="content"):
            show(element("span", "burnline", class_="bl mark"))
        with st.container(key="menu", horizontal=True, vertical_alignment="center", gap=None):
            for group, members in groupby(listed, key=lambda screen: screen.group):
                _group(group, tuple(members), entries, chosen)


def _is_shown(screen: Screen, chosen: Screen) -> bool:
    return screen is chosen and not screen.is_hidden


def _group(group: str, members: tuple[Screen, ...], entries: Entries, chosen: Screen) -> None:
    if not group:
        for screen in members:
            _entry(screen, entries, chosen)
        return
    mark = "-on" if chosen in members else ""
    with st.container(key=f"group{mark}-{group.lower()}", width="content"), st.popover(group):
        for screen in members:
            _entry(screen, entries, chosen)


def _entry(screen: Screen, entries: Entries, chosen: Screen) -> None:
    mark = "-on" if screen.path in (chosen.path, chosen.under) else ""
    with st.container(key=f"entry{mark}-{screen.path}", width="content"):
        st.page_link(entries[screen.path])
