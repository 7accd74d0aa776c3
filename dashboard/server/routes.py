"""What the server answers besides pages: whether it lives, whether it can show figures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from collectors.store.reader import Reader
from dashboard import serving
from dashboard.server.annotating import EVERY_METHOD, annotate
from dashboard.shell.telling import harmless
from slo.errors import BurnlineError

_FRESH = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    """The routes that stand before Streamlit's own."""
    return [
        Route("/healthz", _healthz),
        Route("/readyz", _readyz),
        Route("/api/v1/annotations", annotate, methods=EVERY_METHOD),
    ]


async def _healthz(_request: Request) -> Response:
    """The process answers; it says nothing of the store."""
    return PlainTextResponse("ok\n", headers=_FRESH)


def _readyz(_request: Request) -> Response:
    """Whether config and store can be read right now; 503 with the reason where they cannot."""
    try:
        config = serving.current().load()
        with Reader.open(config.store_url) as reader:
            runs = {health.last.source: health.last.ended_at for health in reader.last_runs()}
    except BurnlineError as error:
        answer = {"status": "not ready", "what": harmless(error.what), "mend": harmless(error.mend)}
        return JSONResponse(answer, status_code=503, headers=_FRESH)
    ready = {"status": "ready", "config": config.digest, "last_collected": runs}
    return JSONResponse(ready, headers=_FRESH)
