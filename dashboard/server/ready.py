"""`/readyz`: whether the pages show what they should, and what keeps them from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from collectors.store.reader import Reader
from dashboard import serving
from dashboard.shell.telling import harmless
from dashboard.views.upkeep.readiness import Unready, unready
from dashboard.views.upkeep.scene import Scene
from slo.errors import BurnlineError

_FRESH = {"Cache-Control": "no-store"}


def readyz(_request: Request) -> Response:
    """200 with the config in force; 503 with what is wrong and how to mend it."""
    found = hindrance()
    if found is not None:
        answer = {"status": "not ready", "what": harmless(found.what), "mend": harmless(found.mend)}
        return JSONResponse(answer, status_code=503, headers=_FRESH)
    ready = {"status": "ready", "config": serving.current().load().digest}
    return JSONResponse(ready, headers=_FRESH)


def hindrance() -> Unready | None:
    """Why the pages do not show what they should; None when they do."""
    served = serving.current()
    try:
        served.load()
        if served.problem is not None:
            return Unready(served.problem.what, served.problem.mend)
        with opened() as scene:
            return unready(scene)
    except BurnlineError as error:
        return Unready(error.what, error.mend)


@contextmanager
def opened() -> Iterator[Scene]:
    """The config in force, its store and the moment, for the block.

    Raises:
        BurnlineError: the config or the store cannot be read.
    """
    served = serving.current()
    config = served.load()
    with Reader.open(config.store_url) as reader:
        yield Scene(config, reader, served.moment, served.as_of is not None)
