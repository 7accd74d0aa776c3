"""What the server answers besides pages: whether it lives, whether it can show figures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.server.metrics import metrics
from dashboard.server.ready import readyz
from dashboard.server.taking import EVERY_METHOD, take
from dashboard.server.wishes import (
    ACKNOWLEDGEMENTS,
    ANNOTATIONS,
    CORRECTIONS,
    ENDS_OF_SILENCES,
    SILENCES,
)

_FRESH = {"Cache-Control": "no-store"}


def routes() -> list[Route]:
    """The routes that stand before Streamlit's own."""
    return [
        Route("/healthz", _healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/api/v1/annotations", take(ANNOTATIONS), methods=EVERY_METHOD),
        Route("/api/v1/silences", take(SILENCES), methods=EVERY_METHOD),
        Route("/api/v1/silences/end", take(ENDS_OF_SILENCES), methods=EVERY_METHOD),
        Route("/api/v1/corrections", take(CORRECTIONS), methods=EVERY_METHOD),
        Route("/api/v1/acknowledgements", take(ACKNOWLEDGEMENTS), methods=EVERY_METHOD),
    ]


async def _healthz(_request: Request) -> Response:
    """The process answers; it says nothing of the store."""
    return PlainTextResponse("ok\n", headers=_FRESH)
