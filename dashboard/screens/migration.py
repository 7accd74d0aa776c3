"""The page of before and after: `/migration?name=NAME`, the charted measure in the address too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard import serving
from dashboard.charts.claims import claims_section, documented_section, unread
from dashboard.charts.delivery import nothing_of
from dashboard.charts.frame import sources_foot
from dashboard.charts.markup import element
from dashboard.charts.migration import besides, evidence_table, explained, migration_head
from dashboard.charts.migration_course import measure_figure
from dashboard.charts.migration_progress import progress_table
from dashboard.charts.notice import notice_page
from dashboard.charts.objective import title
from dashboard.documents import read_document
from dashboard.screens.address import asked, told
from dashboard.screens.frame import live, picture, show
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.pages.claimed import MOST_LETTERS, claims_in
from dashboard.views.pages.migration import MigrationPage, migration_page
from dashboard.views.pages.migration_words import course_alt
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from slo.errors import BurnlineError

# Figures of months are made anew every ten minutes, not with each visit: they cost seconds.
_SHARED_S = 600


def page() -> None:
    """Draw the report, and draw it again as time goes on unless the moment is fixed."""
    live(_migration)


def _migration() -> None:
    name = st.session_state.get("name") or st.query_params.get("name", "")
    found = look(_making(name), name, even_empty=True, shared_s=_SHARED_S)
    if isinstance(found, Notice):
        show(notice_page(found))
    else:
        draw(found)


def _making(name: str) -> Callable[[Scene], MigrationPage | Notice]:
    def migration(scene: Scene) -> MigrationPage | Notice:
        return migration_page(scene, name, read_document)

    return migration


def draw(page: MigrationPage) -> None:
    """The verdict, old against new, the measures, one of them as a chart, the move, the arithmetic."""
    _names(page)
    show(migration_head(page.told, page.fresh))
    if page.told.besides:
        show(besides(page.told.besides))
    show(evidence_table(page.told))
    _course(page)
    report = page.report
    if report.progress is not None:
        zone = report.migration.zone.key
        show(element("div", progress_table(report.progress, zone), class_="bl leaf"))
    show(explained(page.told))
    if page.claimed is not None:
        show(documented_section(page.claimed))
    _claims(page)
    foot = sources_foot(page.data_words, page.sources, page.digest)
    show(element("div", foot, class_="bl"))


def _names(page: MigrationPage) -> None:
    """Which migration, where there are several."""
    if len(page.names) < 2:  # noqa: PLR2004 - one is no choice
        return
    titles = dict(page.names)
    shown = page.report.migration.name
    if st.session_state.get("name") not in titles:
        st.session_state["name"] = shown
    chosen = st.selectbox(
        "Migration",
        list(titles),
        format_func=lambda name: titles[name],
        key="name",
        label_visibility="collapsed",
        width=320,
    )
    told("name", chosen, page.names[0][0])


def _course(page: MigrationPage) -> None:
    """The course of the measure that is chosen; one of which nothing is known says so."""
    courses, titles = page.courses, page.choices
    if not courses:
        return
    with st.container(key="moved-head", horizontal=True, vertical_alignment="bottom"):
        holder = st.container()
        chosen = _metric(titles)
        course = courses.get(chosen)
        with holder:
            show(title(course.title, course.note) if course else title(titles[chosen]))
    with st.container(key="moved"):
        if course is None:
            show(nothing_of("Nothing observed, so there is nothing to draw."))
        else:
            picture(measure_figure(course), alt=course_alt(course), key="moved-chart")


def _metric(titles: Mapping[str, str]) -> str:
    """The measure that is drawn: kept in the address; the first is what an address without means."""
    names = list(titles)
    if len(names) < 2:  # noqa: PLR2004 - one is no choice
        return names[0]
    asked("metric", names, names[0])
    chosen = st.selectbox(
        "Measure",
        names,
        format_func=titles.__getitem__,
        key="metric",
        label_visibility="collapsed",
        width=220,
    )
    return told("metric", chosen, names[0])


def _claims(page: MigrationPage) -> None:
    """A place to paste what a document claims, and what is to be said of it."""
    with st.container(key="more", gap=None), st.expander("Check what a document claims"):
        pasted = st.text_area(
            "Markdown with a table of before and after",
            key="claims",
            max_chars=MOST_LETTERS,
            height=140,
        )
        st.button("Check", key="check-claims")
        if not pasted.strip():
            return
        try:
            show(claims_section(claims_in(pasted, page.report)))
        except BurnlineError as error:
            show(unread(error.what))


def _is_configured() -> bool:
    try:
        return bool(serving.current().load().migrations)
    except BurnlineError:
        return False  # the page that is shown says what is wrong with the configuration


SCREEN = Screen(title="Migration", path="migration", order=30, page=page, is_offered=_is_configured)
