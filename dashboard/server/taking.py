"""How the web process takes in what is sent to it: checked, then committed to the inbox."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from collectors.store import inbox
from dashboard import serving
from dashboard.server.wishes import Taken
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.telling import harmless
from slo.errors import ConfigError, InputError, StoreError

EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""All but what a browser asks by itself: a method without a route would fall to the pages."""
_FRESH = {"Cache-Control": "no-store"}
_PATIENCE_S = 10
_LONGEST_KEY = 120


class _Unfit(Exception):  # noqa: N818 - an answer, not a defect
    """A request that is answered without looking at what it says."""

    def __init__(self, status: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.status, self.what, self.mend = status, what, mend


def take(request_of: Taken) -> Callable[[Request], Awaitable[Response]]:
    """What answers requests that hand in such items: 202 once one is committed, with its id."""

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            said = f"{request_of.name} are handed in here by POST; read them on the pages"
            return Response(f"{said}\n", 405, {"Allow": "POST", **_FRESH}, "text/plain")
        try:
            delivery_id = _delivery_id(request)
            body = _object(await _content(request))
            is_new = await run_in_threadpool(_put, request_of, body, delivery_id)
        except _Unfit as unfit:
            return _refusal(unfit.status, [unfit.what], unfit.mend)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except InputError as error:
            status = 409 if isinstance(error, inbox.KnownOtherwiseError) else 422
            return _refusal(status, error.what.splitlines(), error.mend)
        except (StoreError, ConfigError) as error:
            return _refusal(503, [error.what], error.mend)
        told = {"status": "waiting" if is_new else "known", "delivery_id": delivery_id}
        return JSONResponse(told, status_code=202, headers=_FRESH)

    return answer


def _put(taken: Taken, body: dict[str, Any], delivery_id: str) -> bool:
    served = serving.current()
    config, now = served.load(), served.clock()
    taken.refuse(config, body, now)
    return inbox.put(
        config.store_url, taken.kind, body, delivery_id=delivery_id, actor=UNVERIFIED, now=now
    )


def _delivery_id(request: Request) -> str:
    """The id under which a repeated request is known; a new one where none is given."""
    given = request.headers.get("idempotency-key")
    if given is None:
        return str(uuid.uuid4())
    if not (0 < len(given) <= _LONGEST_KEY and given.isascii() and given.isprintable()):
        said = f"Idempotency-Key has 1 to {_LONGEST_KEY} printable ASCII characters"
        raise _Unfit(400, said, "send a UUID, or leave it out")
    return given


async def _content(request: Request) -> bytes:
    """The body, no more of it than is taken and no slower than is waited for."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _Unfit(415, "only application/json is taken", "set Content-Type: application/json")
    content = b""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            async for piece in request.stream():
                content += piece
                if len(content) > inbox.MOST_BYTES:
                    said = f"more than {inbox.MOST_BYTES // 1024} kB is not taken"
                    raise _Unfit(413, said, "say it in fewer words")
    except TimeoutError as error:
        raise _Unfit(
            408, f"the body did not end within {_PATIENCE_S} s", "send it again"
        ) from error
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _Unfit(400, "the body is no JSON text in UTF-8", "send a JSON object") from error
    if not isinstance(body, dict):
        raise _Unfit(400, "the body is no JSON object", 'send {"text": "…"}')
    repeated = _repeated(content)
    if repeated is not None:
        said = f'the body says "{repeated[:_LONGEST_KEY]}" twice'
        raise _Unfit(400, said, "send each key once: which of the two is meant?")
    return body


def _repeated(content: bytes) -> str | None:
    """A key that stands twice in one object, of which readers take the one or the other."""
    found: list[str] = []

    def once(pairs: list[tuple[str, object]]) -> None:
        counts = Counter(key for key, _ in pairs)
        found.extend(key for key, count in counts.items() if count > 1)

    try:
        json.loads(content, object_pairs_hook=once, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise _Unfit(400, "the body nests too deeply", 'send {"text": "…"}') from error
    return found[0] if found else None


def _refusal(status: int, problems: list[str], mend: str) -> Response:
    answer = {
        "status": "refused",
        "problems": [harmless(problem) for problem in problems],
        "mend": harmless(mend),
    }
    return JSONResponse(answer, status_code=status, headers=_FRESH)
