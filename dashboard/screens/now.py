"""The page of what asks for someone now: what burns, what happened before, what else to look at."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.course import course_figure
from dashboard.charts.frame import footer
from dashboard.charts.markup import element
from dashboard.charts.notice import notice_page
from dashboard.charts.now import beside, calm, gravest_head, lower, others_rows
from dashboard.screens.frame import live, picture, show
from dashboard.screens.quieting import actions
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.alerts.burning_words import caption, course_words
from dashboard.views.counted.burning import Burning
from dashboard.views.happened.links import Link
from dashboard.views.pages.now import NowPage, now_of
from dashboard.views.upkeep.notice import Notice


def page() -> None:
    """Draw what asks for someone, and draw it again as time goes on."""
    live(_now)


def _now() -> None:
    found = look(now_of)
    if isinstance(found, Notice):
        show(notice_page(found))
    else:
        draw(found)


def draw(page: NowPage) -> None:
    """The gravest burn with its chart, the others, the past, the quiet; or that all is calm."""
    if page.gravest is None:
        show(calm(page))
    else:
        standing = page.handled.of(page.gravest.view)
        show(gravest_head(page.gravest, page.board, standing))
        if page.apart:
            show(element("p", " ".join(page.apart), class_="bl apart"))
        actions(page.firing, page.handled.blind, page.handled.silent)
        _course(page.gravest, page.links)
    others = others_rows(page.others, page.handled)
    if others is not None:
        show(others)
    if page.gravest is None:
        actions((), page.handled.blind, page.handled.silent)
    show(lower(page))
    show(element("div", footer(page.board), class_="bl"))


def _course(found: Burning, links: tuple[Link, ...]) -> None:
    left, right = st.columns([65, 35], gap="medium")
    with left, st.container(key="course"):
        picture(course_figure(found), alt=course_words(found), key="course-chart")
        show(element("p", caption(found), class_="bl s"))
    aside = beside(found, links)
    if aside is not None:
        with right:
            show(aside)


SCREEN = Screen(title="Now", path="now", order=10, page=page)
