"""What every answer carries and which requests get none: headers, host names, foreign pages."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The page may load and reach nothing but this server. Streamlit's frontend holds one inline
# script and writes its styles inline.
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in _POLICY.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"", "same-origin", "none"})
_POLICY_VIOLATION = 1008


class Shield:
    """Adds the headers to every answer, and refuses names and pages that are not this server's.

    A foreign page can point its own name at 127.0.0.1 and so read what a browser on this
    machine may read; the name gives it away. It can also have the browser send something here
    or open the pages' socket; the origin, which no page can forge, gives that away.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        """Stand before `app`; `names` are the hosts it may be called by."""
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it in its place."""
        if scope["type"] == "http":
            await self._answer(scope, receive, _guarded(send))
        elif scope["type"] == "websocket" and self._refusal(Headers(scope=scope), is_asking=False):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope), is_asking=scope["method"] in _READING)
        if refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, headers: Headers, *, is_asking: bool) -> str:
        """Why a request is refused; empty when it is not."""
        host = headers.get("host", "").lower()
        if host.rsplit(":", 1)[0] not in self._names:
            return "this server does not go by that name\n"
        if is_asking or self._is_own(headers, host):
            return ""
        return "another site's page may send nothing here\n"

    def _is_own(self, headers: Headers, host: str) -> bool:
        """Whether it comes from a page of this server, or from no page at all."""
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "") in _OWN_SITES
        scheme, _, place = origin.lower().partition("://")
        return scheme in {"http", "https"} and place == host


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
