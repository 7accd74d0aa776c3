"""What every answer carries and which requests get none: headers and host names."""

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


class Shield:
    """Adds the headers to every answer, and refuses names that are not this server's.

    A foreign page can point its own name at 127.0.0.1 and so read what a browser on this
    machine may read; the name gives it away.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        """Stand before `app`; `names` are the hosts it may be called by."""
        self._app = app
        self._names = frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403 in its place."""
        if scope["type"] == "http":
            await self._answer(scope, receive, _guarded(send))
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "").rsplit(":", 1)[0]
        if host in self._names:
            await self._app(scope, receive, send)
            return
        refusal = PlainTextResponse("this server does not go by that name\n", status_code=403)
        await refusal(scope, receive, send)


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
