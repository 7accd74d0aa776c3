"""The script that Streamlit runs for every visit: the frame, and the pages in it."""

from __future__ import annotations

from importlib.resources import as_file, files

import streamlit as st

from dashboard.screens.frame import dress
from dashboard.screens.landing import first
from dashboard.screens.menu import menu
from dashboard.screens.registry import all_screens


def main() -> None:
    """Draw the frame and the page that the address asks for."""
    screens = {screen.path: screen for screen in all_screens()}
    entries = {
        path: st.Page(screen.page, title=screen.title, url_path=path)
        for path, screen in screens.items()
    }
    root = st.Page(lambda: None, title="burnline", default=True)
    asked = st.navigation([root, *entries.values()], position="hidden")
    chosen = screens[asked.url_path] if asked.url_path in screens else first()
    with as_file(files("dashboard").joinpath("assets", "favicon.png")) as icon:
        st.set_page_config(
            page_title=f"{chosen.title} · burnline", page_icon=str(icon), layout="wide"
        )
    dress()
    menu(tuple(screens.values()), entries, chosen)
    if asked is root:
        chosen.page()
    else:
        asked.run()


main()
