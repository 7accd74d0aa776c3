"""The page of delivery and incidents: span, service, team and pages of the lists in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.charts.delivery import (
    counted_folds,
    counted_words,
    delivery_head,
    figures_table,
    nothing_of,
)
from dashboard.charts.delivery_lists import deployments_table, incidents_table
from dashboard.charts.delivery_strips import strips_table
from dashboard.charts.frame import sources_foot
from dashboard.charts.markup import element
from dashboard.charts.notice import notice_page
from dashboard.charts.objective import title
from dashboard.screens.address import asked, told
from dashboard.screens.frame import live, show
from dashboard.screens.screen import Screen
from dashboard.session import look
from dashboard.views.delivery.days import LONGEST_BY_DAY
from dashboard.views.delivery.model import DeliveryPage, Slice
from dashboard.views.pages.delivery import DeliveryWish, Kept, Shown, has_happenings, kept_page
from dashboard.views.upkeep.board import EVERY
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene

_SPANS = ("7", "28", "90", "182")
_USUAL = "28"
_PAGES_PX = 300
# Where the address holds the pages of the two lists.
_DEPLOYS, _PAGE = "deploys", "page"
# A long span takes a second to count, so visitors within a minute share it.
_SHARED_S = 60


def page() -> None:
    """Draw deliveries and incidents, and draw them again as time goes on."""
    live(_delivery)


def _delivery() -> None:
    wish = _wish()
    key = (wish.days, wish.service, wish.team)
    found = look(_making(wish), *key, even_empty=True, shared_s=_SHARED_S)
    if isinstance(found, Notice):
        show(notice_page(found))
    else:
        draw(found.at(wish))


def _making(wish: DeliveryWish) -> Callable[[Scene], Kept | Notice]:
    def delivery(scene: Scene) -> Kept | Notice:
        return kept_page(scene, wish)

    return delivery


def _wish() -> DeliveryWish:
    """What the address asks for, or the controls where they were used since."""
    asked("span", _SPANS, _USUAL)
    return DeliveryWish(
        days=int(st.session_state["span"]),
        service=_chosen("service"),
        team=_chosen("team"),
        deployment_page=_page_of(_DEPLOYS),
        incident_page=_page_of(_PAGE),
    )


def _chosen(key: str) -> str:
    wanted = str(st.session_state.get(key, st.query_params.get(key, EVERY)))
    return "" if wanted == EVERY else wanted


def _page_of(key: str) -> int:
    """The page of a list: a number from one on, whatever the address says."""
    wanted = st.query_params.get(key, "1")
    return max(int(wanted), 1) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1  # noqa: PLR2004 - no list has so many pages


def draw(shown: Shown) -> None:
    """The verdict, the choice, the figures, the strips, the lists."""
    page = shown.page
    span = f"{shown.days} days"
    show(delivery_head(page))
    _filters(page)
    if page.figures:
        show(figures_table("Delivery", page.figures, span))
    if page.strips.rows:
        show(strips_table(page.strips, is_weekly=shown.days > LONGEST_BY_DAY))
    # What goes on comes before what is done.
    for part in (_incidents, _deployments) if shown.has_open else (_deployments, _incidents):
        part(page)
    if page.incident_figures:
        show(title("Incidents and uptime"))
        show(figures_table("Incidents and uptime", page.incident_figures, span, large=0))
    show(counted_folds((*page.figures, *page.incident_figures), page.notes))
    foot = sources_foot(shown.data_words, shown.sources, shown.digest)
    show(element("div", foot, class_="bl"))


def _filters(page: DeliveryPage) -> None:
    """The choice, kept in the address; what cannot be chosen is not offered."""
    with st.container(key="choice", horizontal=True, vertical_alignment="center", gap="small"):
        asked("span", _SPANS, _USUAL)
        chosen = st.segmented_control(
            "Span",
            _SPANS,
            required=True,
            format_func=lambda days: f"{days} d",
            key="span",
            label_visibility="collapsed",
            width="content",
            on_change=_anew,
        )
        told("span", chosen or _USUAL, _USUAL)
        _choice("service", "Service", page.services)
        _choice("team", "Team", page.teams)


def _choice(key: str, label: str, options: Sequence[str]) -> None:
    """One of the options, or every one of them; no control where there is nothing to choose."""
    if len(options) < 2 and st.session_state.get(key, EVERY) == EVERY:  # noqa: PLR2004 - one option is no choice
        return
    asked(key, [EVERY, *options])
    chosen = st.selectbox(
        label,
        [EVERY, *options],
        format_func=lambda option: f"{label}: {option}",
        key=key,
        label_visibility="collapsed",
        width=190,
        on_change=_anew,
    )
    told(key, chosen)


def _anew() -> None:
    """Another choice begins at the first page of its lists."""
    st.session_state["choices"] = st.session_state.get("choices", 0) + 1
    for key in (_DEPLOYS, _PAGE):
        st.query_params.pop(key, None)


def _deployments(page: DeliveryPage) -> None:
    cost = "cost = what was bad above the usual before it, as a share of that objective's budget"
    show(title("Recent deployments", f"the latest first; {cost}"))
    if not page.deployments:
        show(nothing_of("No deployment in this span."))
        return
    show(deployments_table(page.deployments))
    _pages(page.deployment_slice, len(page.deployments), "deployments", _DEPLOYS)


def _incidents(page: DeliveryPage) -> None:
    show(title("Incidents and outages", "the latest first; impact = how long users felt it"))
    if not page.incidents:
        show(nothing_of("No incident and no outage in this span."))
        return
    show(incidents_table(page.incidents))
    _pages(page.incident_slice, len(page.incidents), "incidents and outages", _PAGE)


def _pages(found: Slice, shown: int, of: str, key: str) -> None:
    """Which lines these are, and the way to the others: the page stands in the address alone."""
    if found.pages < 2:  # noqa: PLR2004 - one page is no choice
        return
    # The last page is shorter: the lines before it are counted from the end.
    last = found.count if found.page == found.pages else found.page * shown
    held = f"{key}-{st.session_state.get('choices', 0)}-{found.pages}"
    with st.container(
        key=f"pages-{key}", horizontal=True, vertical_alignment="center", gap="medium"
    ):
        show(counted_words(last - shown + 1, last, found.count, of))
        st.pagination(
            found.pages,
            default=found.page,
            key=held,
            max_visible_pages=5,
            width=_PAGES_PX,
            on_change=_turn,
            args=(key, held),
        )


def _turn(key: str, held: str) -> None:
    told(key, str(st.session_state[held]), "1")


def _is_collected() -> bool:
    return look(has_happenings, even_empty=True, shared_s=_SHARED_S) is True


SCREEN = Screen(
    title="Delivery & incidents", path="delivery", order=35, page=page, is_offered=_is_collected
)
