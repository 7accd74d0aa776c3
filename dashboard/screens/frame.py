"""What every page stands in: the look, the product's name, and nothing to load from elsewhere."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.markup import Markup, element
from dashboard.charts.theme import stylesheet


def show(markup: Markup) -> None:
    """Put markup on the page: the one door through which HTML reaches a browser."""
    st.html(markup)


def dress() -> None:
    """Give the page its style and its name."""
    st.html(f"<style>{stylesheet()}</style>")
    show(element("div", element("span", "burnline", class_="mark"), class_="bl top"))
