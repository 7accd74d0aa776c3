"""The page of one objective: `/objective?id=NAME`, the stretch of its charts in the address too."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.charts.blocks import block
from dashboard.charts.budget_course import budget_figure, quantiles_figure, shares_figure
from dashboard.charts.definitions import definition_body
from dashboard.charts.frame import footer
from dashboard.charts.markup import element
from dashboard.charts.notice import notice_page
from dashboard.charts.objective import (
    alert_table,
    caption,
    falls_table,
    head,
    steps_list,
    strip_of,
    title,
    unfound_page,
)
from dashboard.screens.address import asked, told
from dashboard.screens.correcting import correcting
from dashboard.screens.frame import live, picture, show
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.counted.quantiles import quantile_name
from dashboard.views.counted.zoom import Zoom
from dashboard.views.pages.objective import Drawn, ObjectivePage, Wish, objective_page
from dashboard.views.pages.objective_words import (
    course_alt,
    course_caption,
    course_title,
    lowest_words,
    quantiles_alt,
    shares_alt,
    shares_title,
)
from dashboard.views.pages.unfound import Unfound
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene

_SHOWN, _HIDDEN = "1", ""


def page() -> None:
    """Draw the objective, and draw it again as time goes on unless the moment is fixed."""
    live(_objective)


def _objective() -> None:
    wish = _wish()
    found = look(_making(wish), wish)
    if isinstance(found, Notice):
        show(notice_page(found))
    elif isinstance(found, Unfound):
        show(unfound_page(found))
    else:
        draw(found)


def _making(wish: Wish) -> Callable[[Scene], ObjectivePage | Unfound]:
    def objective(scene: Scene) -> ObjectivePage | Unfound:
        return objective_page(scene, wish)

    return objective


def _wish() -> Wish:
    """What the address asks for, or the controls where they were used since."""
    asked("range", list(Zoom), Zoom.WINDOW)
    asked("percentile", [_SHOWN, _HIDDEN], _HIDDEN)
    return Wish(
        name=st.query_params.get("id", ""),
        zoom=Zoom(st.session_state["range"]),
        with_quantile=st.session_state["percentile"] == _SHOWN,
    )


def draw(page: ObjectivePage) -> None:
    """The verdict and its figures, the charts, the alert rows, the arithmetic, the definition."""
    show(head(page))
    show(strip_of(page))
    _courses(page)
    show(title("Alert rows", "a row fires when both windows are over the factor"))
    show(alert_table(page.rows))
    _blocks(page)
    correcting(page.view)
    for number, section in enumerate(page.sections):
        if section.is_folded:
            _folded(section, number)
    with st.container(key="more", gap=None):
        with st.expander("Explain every figure"):
            show(steps_list(page.steps, page.view.reasons))
        with st.expander(f"Definition, {page.definition.version}"):
            show(definition_body(page.definition))
    show(element("div", footer(page.board), class_="bl"))


def _blocks(page: ObjectivePage) -> None:
    """What is open at once: below each other, in two columns where there is room for them."""
    with st.container(key="blocks", gap="small"):
        if page.causes:
            with st.container(key="falls", gap="small"):
                show(title("Falls of the budget", "each whole, of the budget as it is now"))
                show(falls_table(page.view, page.causes))
        for section in page.sections:
            for one in () if section.is_folded else section.blocks:
                show(block(one))


def _folded(section: Drawn, number: int) -> None:
    """The blocks of a section under the first one's title, to be opened."""
    with (
        st.container(key=f"section-{number}", gap=None),
        st.expander(section.blocks[0].title),
    ):
        for one in section.blocks:
            show(block(one))


def _courses(page: ObjectivePage) -> None:
    with st.container(key="budget-head", horizontal=True, vertical_alignment="bottom"):
        show(title(course_title(page.view)))
        _zoom(page)
    view, course = page.view, page.course
    figure = budget_figure(view, course, page.causes)
    picture(figure, alt=course_alt(view, course, page.causes), key="budget")
    show(caption(course_caption(view, course, page.causes)))
    show(title(shares_title(view, course), lowest_words(view, course.shares)))
    picture(shares_figure(view, course), alt=shares_alt(view, course), key="shares")
    if page.offers_quantile:
        _percentile(page)


def _zoom(page: ObjectivePage) -> None:
    if len(page.zooms) < 2:  # noqa: PLR2004 - one stretch is no choice
        return
    chosen = st.segmented_control(
        "Range",
        list(page.zooms),
        required=True,
        format_func=lambda each: _ZOOMS[Zoom(each)],
        key="range",
        label_visibility="collapsed",
        width="content",
    )
    told("range", chosen or Zoom.WINDOW, Zoom.WINDOW)


_ZOOMS = {Zoom.HOURS_3: "3 h", Zoom.HOURS_24: "24 h", Zoom.WINDOW: "Window"}


def _percentile(page: ObjectivePage) -> None:
    """The second chart, and the word that shows or hides it."""
    name, is_shown = quantile_name(page.view), st.session_state["percentile"] == _SHOWN
    if is_shown and page.quantiles is not None:
        found = page.quantiles
        show(title(found.title, found.note))
        figure = quantiles_figure(found, page.course)
        picture(figure, alt=quantiles_alt(found), key="percentile-chart")
    elif is_shown:
        show(caption(f"No {name}: the source keeps no histogram of these requests."))
    told("percentile", st.session_state["percentile"], _HIDDEN)
    st.button(
        f"Hide {name}" if is_shown else f"Show {name} as a second chart",
        key="show-percentile",
        type="tertiary",
        on_click=_turn,
        args=(_HIDDEN if is_shown else _SHOWN,),
    )


def _turn(wanted: str) -> None:
    st.session_state["percentile"] = wanted


SCREEN = Screen(
    title="Objective", path="objective", order=21, page=page, is_hidden=True, under="objectives"
)
