"""What an address without a page gets: a page that says so, where Streamlit would show the first."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.charts.markup import Markup, element, join
from dashboard.charts.notice import notice_page
from dashboard.charts.theme import stylesheet
from dashboard.shell.telling import harmless
from dashboard.views.notice import Notice

# What Streamlit's own page loads.
_FOLDERS = ("/_stcore/", "/static/", "/media/", "/component/")
_FILES = frozenset({"/favicon.png", "/manifest.json"})
_FRAME = "body{margin:1.6rem 5vw;font-family:system-ui,sans-serif}:root{color-scheme:light dark}"


class Nowhere:
    """Answers 404 to whoever asks for what there is not: browsers by a page, others by a line.

    Streamlit answers every unknown path with its own shell, status 200.
    """

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        """Stand before `app`; `pages` are the paths that it has."""
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        answer = self._app
        if scope["type"] == "http" and self._is_nowhere(scope["path"]):
            answer = _refusal(scope)
        await answer(scope, receive, send)

    def _is_nowhere(self, path: str) -> bool:
        return path not in self._pages and path not in _FILES and not path.startswith(_FOLDERS)


def _refusal(scope: Scope) -> Response:
    path = harmless(scope["path"]).replace("\n", " ")
    if "text/html" in Headers(scope=scope).get("accept", ""):
        return HTMLResponse(_page(path), status_code=404)
    return PlainTextResponse(f"there is nothing at {path}\n", status_code=404)


def _page(path: str) -> Markup:
    notice = Notice("There is no such page", f"Nothing is shown at {path}.", path, "Go to `/`.")
    link = element("p", element("a", "All objectives", href="/"), class_="bl trouble")
    style = element("style", Markup(_FRAME + stylesheet()))
    head = element("head", element("title", "burnline"), style)
    page = element("html", head, element("body", join(notice_page(notice), link)), lang="en")
    return Markup(f"<!doctype html>{page}")
