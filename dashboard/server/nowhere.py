"""What an address without a page gets: a page that says so, where Streamlit would show the first."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.charts.markup import Markup, element
from dashboard.charts.notice import notice_page
from dashboard.charts.theme import stylesheet
from dashboard.shell.telling import harmless
from dashboard.views.upkeep.notice import Notice

# What Streamlit's own page loads.
_FOLDERS = ("/_stcore/", "/static/", "/media/", "/component/")
_FILES = frozenset({"/favicon.png", "/manifest.json"})
# How many visitors there are and what they do is nobody else's business.
_HIDDEN = frozenset({"/_stcore/metrics"})
# Streamlit's page looks for its server under the page's own address first, then at the root.
_PROBES = ("/_stcore/health", "/_stcore/host-config")
_FRAME = """
:root{color-scheme:light dark}
body{margin:2.4rem 5rem;background:var(--ground);color:var(--ink);font-family:"Source Sans","Source Sans 3",system-ui,sans-serif}
nav{display:flex;align-items:baseline;gap:14px;padding-bottom:14px;border-bottom:1px solid var(--line)}
nav a{padding:13px 4px;text-decoration:none}
@media (max-width:640px){body{margin:1rem}}
"""
_MENU = (("Now", "/now"), ("Objectives", "/objectives"), ("Data health", "/health"))


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
        elif scope["type"] == "http" and self._is_probe(scope["path"]):
            answer = Response(status_code=300)
        await answer(scope, receive, send)

    def _is_nowhere(self, path: str) -> bool:
        known = path in self._pages or path in _FILES or path.startswith(_FOLDERS)
        return path in _HIDDEN or not (known or self._is_probe(path))

    def _is_probe(self, path: str) -> bool:
        """Whether the server is looked for below a page; 300 sends on, and no browser complains."""
        page = next((path.removesuffix(end) for end in _PROBES if path.endswith(end)), None)
        return page is not None and page != "" and page in self._pages


def _refusal(scope: Scope) -> Response:
    path = harmless(scope["path"]).replace("\n", " ")
    if "text/html" in Headers(scope=scope).get("accept", ""):
        return HTMLResponse(_page(path), status_code=404)
    return PlainTextResponse(f"there is nothing at {path}\n", status_code=404)


def _page(path: str) -> Markup:
    notice = Notice("There is no such page", f"Nothing is shown at `{path}`.", "", "")
    links = (element("a", name, href=href) for name, href in _MENU)
    menu = element("nav", element("span", "burnline", class_="bl mark"), *links, class_="bl")
    fit = element("meta", name_="viewport", content="width=device-width,initial-scale=1")
    style = element("style", Markup(_FRAME + stylesheet()))
    head = element("head", element("title", "burnline"), fit, style)
    page = element("html", head, element("body", menu, notice_page(notice)), lang="en")
    return Markup(f"<!doctype html>{page}")
