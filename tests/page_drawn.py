"""A page drawn from values that a test gives, by the product's own screens on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from page_server import ROOT, running

_SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
import streamlit as st
from dashboard.screens import {screen} as screen
from dashboard.screens.frame import dress
{values}
st.set_page_config(page_title="drawn", page_icon={icon!r}, layout="wide")
dress()
screen.draw(DRAWN[st.query_params.get("state", next(iter(DRAWN)))])
"""
_SERVER = """
import sys
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from dashboard.server.routes import routes
from dashboard.server.serve import _options
script = str(Path("drawn.py").resolve())
sys.argv = [script]
st.App(script, routes=routes()).run(config=_options({port}, ("localhost", "127.0.0.1")))
"""


@contextmanager
def drawn(screen: str, values: str, folder: Path) -> Iterator[str]:
    """The address of a page of that screen; `values` is code that makes DRAWN, pages by name."""
    script = _SCRIPT.format(
        tests=str(ROOT / "tests"),
        screen=screen,
        values=values,
        icon=str(ROOT / "dashboard" / "assets" / "favicon.png"),
    )
    (folder / "drawn.py").write_text(script, encoding="utf-8")
    with running(_SERVER, folder) as url:
        yield url
