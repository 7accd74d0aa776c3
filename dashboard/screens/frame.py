"""What every page stands in: the look, the menu, and how it keeps up with the time."""

from __future__ import annotations

from collections.abc import Callable
from secrets import SystemRandom

import streamlit as st

from dashboard import serving
from dashboard.charts.banners import banner_lines
from dashboard.charts.markup import Markup
from dashboard.charts.plot import Figure
from dashboard.charts.theme import stylesheet
from dashboard.screens.following import told
from dashboard.session import look
from dashboard.views.upkeep.banners import above, banners_of
from dashboard.views.upkeep.notice import Notice

_PHASE = "refresh_every_s"
_STILL = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}


def show(markup: Markup) -> None:
    """Put markup on the page: the one door through which HTML reaches a browser."""
    st.html(markup)


def picture(figure: Figure, *, alt: str, key: str) -> None:
    """Put a chart on the page, `alt` for who cannot see it: it neither moves nor offers tools."""
    st.plotly_chart(figure, theme="streamlit", config=_STILL, alt=alt, key=key)


def dress() -> None:
    """Give the page its style."""
    st.html(f"<style>{stylesheet()}</style>")


def live(draw: Callable[[], None]) -> None:
    """Draw below what every page says, and draw again as time goes on; once at a fixed moment."""
    served = serving.current()
    every_s = None if served.as_of is not None else _every_s(served.refresh_s)

    def drawn() -> None:
        told()
        _banners()
        draw()

    st.fragment(run_every=every_s)(drawn)()


def _banners() -> None:
    """What every page says: of the configuration on disk, of the collector, of made-up figures."""
    found = look(banners_of, even_empty=True)
    said = above(() if isinstance(found, Notice) else found, serving.current().problem)
    if said:
        show(banner_lines(said))


def _every_s(refresh_s: int) -> float:
    """How often this visitor's page looks again: all differ a little, so they never come at once."""
    if _PHASE not in st.session_state:
        st.session_state[_PHASE] = refresh_s * SystemRandom().uniform(0.9, 1.1)
    return float(st.session_state[_PHASE])
