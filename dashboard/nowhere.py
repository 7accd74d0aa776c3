"""What an address without a page gets: a page that says so, where Streamlit would show the first."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.charts.markup import Markup, element, join
from dashboard.charts.notice import notice_page
from dashboard.charts.theme import stylesheet
from dashboard.views.notice import Notice

_FRAME = "body{margin:1.6rem 5vw;font-family:system-ui,sans-serif}:root{color-scheme:light dark}"


class Nowhere:
    """Answers 404 to browsers that ask for a page there is not.

    Streamlit answers every unknown path with its own shell, status 200.
    """

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        """Stand before `app`; `pages` are the paths that it has."""
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        answer = self._app
        if scope["type"] == "http" and self._asks_for_a_page(scope):
            answer = HTMLResponse(_page(scope["path"]), status_code=404)
        await answer(scope, receive, send)

    def _asks_for_a_page(self, scope: Scope) -> bool:
        path = scope["path"]
        wanted = "text/html" in Headers(scope=scope).get("accept", "")
        return wanted and path not in self._pages and not path.startswith("/_stcore/")


def _page(path: str) -> Markup:
    notice = Notice("There is no such page", f"Nothing is shown at {path}.", path, "Go to `/`.")
    link = element("p", element("a", "All objectives", href="/"), class_="bl trouble")
    style = element("style", Markup(_FRAME + stylesheet()))
    head = element("head", element("title", "burnline"), style)
    page = element("html", head, element("body", join(notice_page(notice), link)), lang="en")
    return Markup(f"<!doctype html>{page}")
