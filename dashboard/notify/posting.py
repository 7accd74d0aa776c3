"""Hands a message over by HTTP, once, and says in a sentence without secrets why it was not taken."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from collectors.fetch.failures import FetchError, shown
from collectors.fetch.retry import asked_pause_s
from collectors.fetch.session import BoundedSession, default_retry
from collectors.fetch.terms import Terms
from dashboard.notify.contract import ChannelError
from dashboard.notify.reached import MOST_ANSWERED
from slo.lengths import HOUR_S

if TYPE_CHECKING:
    import requests

_ACCEPTED, _ELSEWHERE = range(200, 300), range(300, 400)
_LONGEST_WAIT_S = HOUR_S
# The message itself is at fault: the same one is refused again, however often it is sent.
_HOPELESS = frozenset({400, 405, 406, 411, 413, 414, 415, 422, 431})
_SHORTEST_SECRET = 4


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes; `secrets` are what no sentence may hold besides those of the terms."""

    url: str = field(repr=False)
    terms: Terms
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def hidden(self, text: str) -> str:
        """The text without secrets."""
        every = {form for secret in (*self.secrets, *self.terms.secrets) for form in _forms(secret)}
        for form in sorted(every, key=len, reverse=True):
            text = text.replace(form, "***")
        return text


def parts_of(url: str) -> tuple[str, ...]:
    """What of a secret address must not be shown: all that stands behind its host.

    >>> parts_of("https://hooks.example.org/services/T0F2/8a?key=x9x9")
    ('services', 'T0F2', 'x9x9')
    """
    parts = urlsplit(url)
    query = (word for pair in parts.query.split("&") for word in _secret_of(pair))
    people = (parts.username or "", parts.password or "")
    together = b64encode(":".join(map(unquote, people)).encode()).decode() if any(people) else ""
    inside = (*parts.path.split("/"), *query, parts.fragment, *people, together)
    return tuple(part for part in inside if len(part) >= _SHORTEST_SECRET)


def _secret_of(pair: str) -> tuple[str, ...]:
    """What of a part of a query may be secret: its value, or the whole of it where it has none."""
    name, _, value = pair.partition("=")
    return (value,) if value else (name,)


def _forms(secret: str) -> set[str]:
    """How a receiver that echoes what it was sent may write a secret: decoded, quoted, in JSON."""
    decoded = {secret, unquote(secret), unquote_plus(secret)}
    written = {quote(secret, safe=""), json.dumps(secret)[1:-1]}
    return {form for form in decoded | written if len(form) >= _SHORTEST_SECRET}


def post(target: Target, content: Mapping[str, Any] | list[Any]) -> None:
    """Return once the other side has answered that it took the content, sent as JSON.

    Raises:
        ChannelError: it did not answer, or not that.
    """
    send(target, "POST", json.dumps(content, ensure_ascii=False, sort_keys=True).encode())


def send(
    target: Target, method: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> None:
    """Return once the other side has answered with a status between 200 and 299.

    Raises:
        ChannelError: it did not answer, or not that.
    """
    asked: dict[str, Any] = {"headers": dict(headers or {})}
    if body is not None:
        asked["data"] = body
        asked["headers"]["Content-Type"] = "application/json"
    try:
        with closing(BoundedSession(target.terms, default_retry())) as session:
            answer = session.exchange(method, target.url, **asked)
    except FetchError as error:
        raise ChannelError(target.hidden(error.what), is_unreachable=True) from None
    if answer.status_code not in _ACCEPTED:
        raise _refusal(answer, target)


def _refusal(answer: requests.Response, target: Target) -> ChannelError:
    """Why the content was not taken, and whether it is of use to send it again."""
    status = answer.status_code
    if status in _ELSEWHERE:
        place = urlsplit(str(answer.headers.get("location", "")))
        host = shown(f"{place.scheme}://{place.netloc.rpartition('@')[2]}")
        where = f" to {host}" if place.netloc else ""
        return ChannelError(f"redirect{where} not followed ({status})", is_unreachable=True)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return ChannelError(f"authentication refused ({status})", is_unreachable=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        asked_s = asked_pause_s(answer.headers.get("retry-after"), answer.headers.get("date"))
        wait_s = min(int(asked_s or 0), _LONGEST_WAIT_S)
        said = f"too many requests (429){f'; asks to wait {wait_s} s' if wait_s else ''}"
        return ChannelError(said, is_unreachable=True, retry_after_s=wait_s)
    name = HTTPStatus(status).phrase if status in list(HTTPStatus) else "unknown status"
    reason = _reason(answer, target)
    said = f"answered {status} {name}{f': {reason}' if reason else ''}"
    return ChannelError(said, is_final=status in _HOPELESS)


def _reason(answer: requests.Response, target: Target) -> str:
    """What the answer says of its reason, where that is plain text or JSON; never a page."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    if kind not in {"application/json", "text/plain"}:
        return ""
    text = answer.raw.read(MOST_ANSWERED).decode(errors="replace")
    return shown(target.hidden(text)) if text.strip() else ""
