"""The web process: Streamlit with our options, routes and shield, on this machine only."""

from __future__ import annotations

import logging
import secrets
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import serving
from dashboard.charts.notice import notice_page
from dashboard.charts.theme import streamlit_options
from dashboard.screens.frame import show
from dashboard.screens.registry import paths
from dashboard.server.address import LOOPBACK, NAMES
from dashboard.server.nowhere import Nowhere
from dashboard.server.routes import routes
from dashboard.server.shield import Shield
from dashboard.views.upkeep.notice import Notice

_SCRIPT = Path(__file__).parents[1] / "app.py"
_log = logging.getLogger("burnline.serve")


def run(subject: serving.Serving, *, port: int, hosts: Sequence[str] = ()) -> None:
    """Serve the pages until a signal ends it; `hosts` are names by which a proxy calls them."""
    serving.begin(subject)
    names = (*NAMES, *hosts)
    # Streamlit takes the folder of the first argument as the place of its own settings, and
    # the rest as arguments of the script; neither is ours.
    sys.argv = [str(_SCRIPT)]
    app = st.App(
        _SCRIPT,
        routes=routes(),
        middleware=[
            Middleware(Shield, names=names),
            Middleware(Nowhere, pages=paths() | {route.path for route in routes()}),
        ],
        on_script_error=_defect,
    )
    # `_defect` logs what Streamlit would log with the error's words in it.
    logging.getLogger("streamlit.error_util").addFilter(lambda _record: False)
    app.run(config=_options(port, names))


def _options(port: int, names: Sequence[str]) -> dict[str, object]:
    """Streamlit's settings: nothing leaves this machine, nothing is watched or uploaded."""
    return {
        "server.address": LOOPBACK,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": list(names),
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.maxUploadSize": 10,
        "server.maxMessageSize": 50,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.disconnectedSessionTTL": 60,
        "server.maxCacheDataSize": "200mb",
        "browser.gatherUsageStats": False,
        "browser.serverAddress": LOOPBACK,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "logger.hideWelcomeMessage": True,
        "logger.enableRich": False,
        **streamlit_options(),
    }


def _defect(error: Exception) -> bool:
    """Show an id in place of the page, and log where it happened under that id.

    The error's own words stay out of both: they may quote what was secret.
    """
    found = secrets.token_hex(2)
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("error %s: %s at\n%s", found, type(error).__name__, frames)
    notice = Notice(
        "Something went wrong here",
        f"The page met an error it does not know: {found}.",
        "this server's log has the details under that id",
        "Load the page again; if it stays, report the id with the log's lines.",
    )
    show(notice_page(notice))
    return True
