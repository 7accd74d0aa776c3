"""One HTTP session that ends in time, stays small, goes nowhere else and says what went wrong.

connect 2 s · whole answer 10 s, dripped bytes or not · 8 MiB after decompression
no redirect · nothing from the environment · no special peer · at most two more tries
"""

from __future__ import annotations

import io
import random
import time
from contextlib import closing
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter

from collectors.fetch.connections import BoundedAdapter, SpecialPeerError, Watchdog
from collectors.fetch.failures import (
    FetchError,
    RefusedError,
    TooMuchError,
    body_failure,
    failure,
    shown,
    too_slow,
)
from collectors.fetch.retry import Retry, asked_pause_s
from collectors.fetch.terms import MIB, Terms

_CHUNK_BYTES = 65_536
_LONGEST_QUERY = 2_000
_ERROR_BODY_BYTES = 65_536
_REDIRECTS = range(300, 400)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def default_retry(longest_s: float = 60.0) -> Retry:
    """Real waiting, and a jitter that no two sources share."""
    return Retry(time.sleep, random.SystemRandom().uniform, longest_s)


class BoundedSession(requests.Session):
    """A session whose `request` returns a whole answer of status 200, or raises SourceError."""

    def __init__(self, terms: Terms, retry: Retry) -> None:
        """Take over the terms; nothing comes from the environment."""
        super().__init__()
        self._terms, self._retry = terms, retry
        self._watchdog = Watchdog(terms.timeout_s)
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._authorise()
        adapter = BoundedAdapter(self._watchdog, allow_special=terms.allow_special)
        self.adapters = {"http://": adapter, "https://": adapter}

    def _authorise(self) -> None:
        terms = self._terms
        self.headers.update(terms.headers)
        if terms.token:
            self.headers["Authorization"] = f"Bearer {terms.token}"
        self.auth = terms.basic
        self.verify = (terms.ca_file or True) if terms.verify else False
        self.cert = terms.certificate
        if terms.proxy:
            self.proxies = {"http": terms.proxy, "https": terms.proxy}
        if not terms.verify:  # the source itself says so in every run's warnings
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def close(self) -> None:
        """Let go of the connections, and of the thread that ends them."""
        super().close()
        self._watchdog.dismiss()

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        """Keep the bounded adapter: one that a library mounts would undo every limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: requests would read the whole answer to find out."""

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # only what our libraries pass
        """The whole answer.

        Raises:
            SourceError: there is none within the limits, after the tries that make sense.
        """
        asked = _as_form(method, url, kwargs)
        tried = 0
        while True:
            tried += 1
            try:
                return self._once(url, asked)
            except FetchError as error:
                pause_s = self._retry.pause_s(tried, error.asked_s) if error.again else None
                if pause_s is None:
                    raise
                self._retry.sleep(pause_s)

    def exchange(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """The answer of any status, asked for once; its `raw` is the body up to the limit of size.

        Raises:
            FetchError: no answer began, or it did not end within the limits.
        """
        asked = _as_form(method, url, kwargs)
        with self._watchdog:
            answer = self._answer(url, asked)
            with closing(answer.raw):
                body = bytearray()
                self._fill(body, answer, self._terms.max_bytes)
        answer.raw = io.BytesIO(body)
        return answer

    @property
    def certificate_expires(self) -> str | None:
        """When the certificate last accepted ends, as TLS writes it; None without TLS."""
        return self._watchdog.expires

    def _once(self, url: str, asked: dict[str, Any]) -> requests.Response:
        with self._watchdog:
            answer = self._answer(url, asked)
            with closing(answer.raw):  # all read: the connection is kept; else it is closed
                body = self._body(answer)
        if answer.status_code != requests.codes.ok:
            raise self._refusal(answer, body)
        answer.raw = io.BytesIO(body)
        return answer

    def _answer(self, url: str, asked: dict[str, Any]) -> requests.Response:
        """What comes before the body."""
        limits = {"timeout": (self._terms.connect_s, self._terms.timeout_s), "stream": True}
        try:
            return super().request(url=url, **{**asked, **limits, "allow_redirects": False})
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
            ValueError,
        ) as error:
            raise self._failed(error, url) from None
        except SpecialPeerError as error:
            raise self._refused_peer(error) from None

    def _body(self, answer: requests.Response) -> bytes:
        """The whole body; of a refusal only what its reason needs."""
        complete = answer.status_code == requests.codes.ok
        limit = self._terms.max_bytes if complete else _ERROR_BODY_BYTES
        body = bytearray()
        try:
            self._fill(body, answer, limit)
        except FetchError:
            if complete or self._watchdog.expired:
                raise
        if len(body) > limit and complete:
            raise TooMuchError(
                f"answer larger than {limit / MIB:g} MiB",
                where=self._terms.where,
                mend="ask for fewer series or a shorter span; nothing of it was stored",
            )
        return bytes(body)

    def _fill(self, body: bytearray, answer: requests.Response, limit: int) -> None:
        """Read until the end, or until there is more than the limit."""
        try:
            for chunk in answer.raw.stream(_CHUNK_BYTES, decode_content=True):
                body += chunk
                if len(body) > limit:
                    break
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            count = max(len(body), answer.raw.tell())
            raise body_failure(error, count, self._terms, self._watchdog) from None
        if self._watchdog.expired:  # a connection shut down can look like the end of a body
            raise too_slow(self._terms)

    def _failed(self, error: Exception, url: str) -> FetchError:
        return failure(error, url, self._terms, self._watchdog)

    def _refused_peer(self, error: SpecialPeerError) -> FetchError:
        return FetchError(
            f"not asked: {error}",
            where=self._terms.where,
            mend="correct `url`; if the address is meant, set allow_special = true",
        )

    def _refusal(self, answer: requests.Response, body: bytes) -> FetchError:
        location = answer.headers.get("location")
        if answer.is_redirect or (location and answer.status_code in _REDIRECTS):
            return FetchError(
                f"redirect to {shown(self._terms.redacted(str(location).partition('?')[0]))} not followed",
                where=self._terms.where,
                mend="write the final address as `url`, if it is the right one",
            )
        asked_s = asked_pause_s(answer.headers.get("retry-after"), answer.headers.get("date"))
        return RefusedError.of(answer.status_code, body, asked_s, self._terms)


def _as_form(method: str, url: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The request, its parameters moved into a form when the address would grow too long."""
    asked = dict(kwargs)
    params = asked.get("params")
    if method == "GET" and params and len(urlencode(params)) > _LONGEST_QUERY:
        asked |= {"data": params, "params": None}
        method = "POST"
    host = urlsplit(url).hostname or ""
    encoding = "identity" if host in _LOOPBACK else "gzip"
    asked["headers"] = {"Accept-Encoding": encoding, **(asked.get("headers") or {})}
    return {"method": method, **asked}
