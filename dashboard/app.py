"""The script that Streamlit runs for every visit: the frame, and the pages in it."""

from __future__ import annotations

from importlib.resources import as_file, files

import streamlit as st

from dashboard.screens import objectives
from dashboard.screens.frame import dress


def main() -> None:
    """Draw the frame and the page that the address asks for."""
    with as_file(files("dashboard").joinpath("assets", "favicon.png")) as icon:
        st.set_page_config(page_title="burnline", page_icon=str(icon), layout="wide")
    dress()
    pages = [st.Page(objectives.page, title=objectives.TITLE, url_path="objectives", default=True)]
    st.navigation(pages, position="top").run()


main()
