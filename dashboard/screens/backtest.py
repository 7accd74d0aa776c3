"""The page of policies tried on history: objective, span and both policies in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import serving
from dashboard.charts.backtest import backtest_head, lanes_figure
from dashboard.charts.blocks import block
from dashboard.charts.frame import sources_foot
from dashboard.charts.markup import element
from dashboard.charts.notice import notice_page
from dashboard.charts.objective import steps_list, unfound_page
from dashboard.screens.address import asked, told
from dashboard.screens.frame import live, picture, show
from dashboard.screens.screen import ADMIN, Screen
from dashboard.session import look
from dashboard.views.addresses import backtest_address
from dashboard.views.backtest.making import OWN
from dashboard.views.pages.backtest import (
    DAYS,
    FIRST,
    NONE,
    SECOND,
    BacktestPage,
    BacktestWish,
    Nothing,
    backtest_page,
    lanes_alt,
)
from dashboard.views.pages.unfound import Unfound
from dashboard.views.upkeep.notice import Notice
from dashboard.views.upkeep.scene import Scene
from slo.errors import BurnlineError

_USUAL = "90"
_NAMES = {OWN: "its own policy", NONE: "no other policy"}
# A history of a year takes seconds, and says the same a minute later.
_SHARED_S = 600


def page() -> None:
    """Draw the policies on the history of an objective, and draw them again as time goes on."""
    live(_backtest)


def _backtest() -> None:
    wish = _wish()
    found = look(_making(wish), wish, shared_s=_SHARED_S)
    if isinstance(found, Notice):
        show(notice_page(found))
    elif isinstance(found, Unfound):
        show(unfound_page(found, backtest_address))
    elif isinstance(found, Nothing):
        _choices(found.names, found.chosen)
        show(notice_page(found.notice))
    else:
        draw(found)


def _making(
    wish: BacktestWish,
) -> Callable[[Scene], BacktestPage | Nothing | Unfound | Notice]:
    def backtest(scene: Scene) -> BacktestPage | Nothing | Unfound | Notice:
        return backtest_page(scene, wish)

    return backtest


def _wish() -> BacktestWish:
    """What the address asks for, or the controls where they were used since."""
    asked("history", DAYS, _USUAL)
    asked("policy", FIRST, OWN)
    asked("beside", SECOND, NONE)
    days, second = st.session_state["history"], st.session_state["beside"]
    return BacktestWish(
        slo=str(st.session_state.get("slo", st.query_params.get("slo", ""))),
        days=int(days) if days.isdigit() else None,
        first=st.session_state["policy"],
        second="" if second == NONE else second,
    )


def draw(page: BacktestPage) -> None:
    """The verdict, the choice, when each page was, the figures side by side, what targets were met."""
    show(backtest_head(page))
    _choices(page.names, page.slo.name)
    with st.container(key="lanes"):
        picture(lanes_figure(page), alt=lanes_alt(page), key="lanes-chart")
    for one in page.blocks:
        show(block(one))
    show(block(page.months))
    with st.container(key="more", gap=None):
        with st.expander("Explain every figure"):
            show(steps_list(page.steps))
        with st.expander("Explain which targets were met"):
            show(steps_list(page.advice_steps))
    foot = sources_foot(page.data_words, page.sources, page.digest)
    show(element("div", foot, class_="bl"))


def _choices(names: Sequence[str], chosen: str) -> None:
    """Which objective, how far back, which policies: kept in the address."""
    with st.container(key="choice", horizontal=True, vertical_alignment="center", gap="small"):
        if st.session_state.get("slo") not in names:
            st.session_state["slo"] = chosen
        picked = st.selectbox(
            "Objective", names, key="slo", label_visibility="collapsed", width=240
        )
        told("slo", picked, names[0])
        asked("history", DAYS, _USUAL)
        days = st.segmented_control(
            "History",
            DAYS,
            required=True,
            format_func=lambda one: f"{one} d" if one.isdigit() else one,
            key="history",
            label_visibility="collapsed",
            width="content",
        )
        told("history", days or _USUAL, _USUAL)
        _policy("policy", "Policy", FIRST, OWN)
        _policy("beside", "Beside it", SECOND, NONE)


def _policy(key: str, label: str, options: Sequence[str], usual: str) -> None:
    asked(key, options, usual)
    chosen = st.selectbox(
        label,
        options,
        format_func=lambda one: f"{label}: {_NAMES.get(one, one)}",
        key=key,
        label_visibility="collapsed",
        width=230,
    )
    told(key, chosen, usual)


def _is_configured() -> bool:
    try:
        return bool(serving.current().load().slos)
    except BurnlineError:
        return False  # the page that is shown says what is wrong with the configuration


SCREEN = Screen(
    title="Backtest",
    path="backtest",
    order=50,
    page=page,
    group=ADMIN,
    is_offered=_is_configured,
)
