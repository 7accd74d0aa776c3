"""What went wrong with a request, as a sentence that a person can act on."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
import urllib3

from collectors.defects import RAISE_LIMIT, TOO_MANY_FILES
from collectors.fetch.connections import Watchdog
from collectors.fetch.terms import Terms
from slo.errors import SourceError

_LONGEST_SHOWN = 200
_ASK_LATER = "nothing was stored; it is asked again at the next run"


class FetchError(SourceError):
    """No usable answer; `again` says that another try at once makes sense."""

    def __init__(
        self,
        what: str,
        *,
        where: str,
        mend: str,
        again: bool = False,
        asked_s: float | None = None,
        hung: bool = False,
    ) -> None:
        """Add what the retrying needs: whether, and how long the server asked to wait.

        Who `hung` is not asked again at once, and by nobody else in the same run.
        """
        super().__init__(what, where=where, mend=mend, transient=again or hung)
        self.again, self.asked_s = again, asked_s


class TooMuchError(FetchError):
    """More than the limits allow: a shorter span may fit."""


class RefusedError(FetchError):
    """An answer whose status is not 200."""

    status: int = 0
    body: bytes = b""

    @classmethod
    def of(cls, status: int, body: bytes, asked_s: float | None, terms: Terms) -> RefusedError:
        """The refusal in words; 429 and 5xx are worth another try."""
        what, mend = _refusal(status, asked_s, terms.source)
        again = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        error = cls(what, where=terms.where, mend=mend, again=again, asked_s=asked_s)
        error.status, error.body = status, body
        return error


def _refusal(status: int, asked_s: float | None, source: str) -> tuple[str, str]:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"authentication refused ({status})", f'check `token` of source "{source}"'
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = "" if asked_s is None else f"; asks to wait {asked_s:g} s"
        return f"too many requests (429){wait}", "collect less often: raise `every`"
    name = HTTPStatus(status).phrase if status in list(HTTPStatus) else "unknown status"
    return f"answered {status} {name} instead of data", "check `url`, and the source's own log"


def shown(text: str) -> str:
    """Foreign text made fit for one line: control characters escaped, cut to 200 characters."""
    line = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text.strip())
    return line if len(line) <= _LONGEST_SHOWN else line[:_LONGEST_SHOWN] + "…"


def failure(error: Exception, url: str, terms: Terms, watchdog: Watchdog) -> FetchError:
    """What kept an answer from beginning."""
    if watchdog.expired or isinstance(error, requests.ReadTimeout):
        return too_slow(terms)
    parts = urlsplit(url)
    peer = f"{parts.hostname}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"
    what, mend, again = _sentence(error, peer, terms)
    return FetchError(shown(terms.redacted(what)), where=terms.where, mend=mend, again=again)


def body_failure(error: Exception, count: int, terms: Terms, watchdog: Watchdog) -> FetchError:
    """What kept a begun answer from ending."""
    if watchdog.expired or isinstance(error, urllib3.exceptions.ReadTimeoutError):
        return too_slow(terms)
    if isinstance(error, urllib3.exceptions.DecodeError):
        what = "malformed answer: its compression is broken"
    else:
        what = f"answer cut off after {count} bytes"
    return FetchError(what, where=terms.where, mend=_ASK_LATER)


def too_slow(terms: Terms) -> FetchError:
    """The answer had not ended when its time was over."""
    return FetchError(
        f"no complete answer within {terms.timeout_s:g} s",
        where=terms.where,
        mend="see why the source is slow; `timeout` may be raised up to half the interval",
        hung=True,
    )


Sentence = tuple[str, str, bool]


def _sentence(error: Exception, peer: str, terms: Terms) -> Sentence:
    """What happened, how to mend it, and whether to try again at once."""
    found = list(causes(error))
    for told in (_of_tls, partial(_of_connecting, connect_s=terms.connect_s), _of_protocol):
        for cause in found:
            sentence = told(cause, peer)
            if sentence:
                return sentence
    return f"cannot ask {peer}: {type(error).__name__}", "check `url` and the headers", False


def _of_tls(cause: BaseException, peer: str) -> Sentence | None:
    match cause:
        case ssl.SSLCertVerificationError():
            what = f"certificate of {peer} not accepted: {cause.verify_message}"
            return what, "renew it, or name the authority that signed it as `ca_file`", False
        case ssl.SSLError():
            what = f"no TLS with {peer}: {cause.reason or cause}"
            return what, "check whether `url` begins with the right of http:// and https://", False
        case _:
            return None


def _of_connecting(cause: BaseException, peer: str, *, connect_s: float) -> Sentence | None:
    match cause:
        case requests.exceptions.ProxyError() | urllib3.exceptions.ProxyError():
            return "the proxy did not connect", "check `proxy`", True
        case requests.ConnectTimeout() | TimeoutError() | urllib3.exceptions.ReadTimeoutError():
            what = f"no answer within {connect_s:g} s (connect)"
            return what, f"check that {peer} can be reached from here", True
        case socket.gaierror():
            return f"no address found for {peer}", "check the name in `url`", True
        case ConnectionRefusedError():
            what = f"connection refused by {peer}"
            return what, "check that the source runs and listens there", True
        case _:
            return None


def _of_protocol(cause: BaseException, peer: str) -> Sentence | None:
    match cause:
        case http.client.RemoteDisconnected():
            return f"{peer} closed the connection without an answer", _ASK_LATER, True
        case ConnectionResetError() | BrokenPipeError():
            return f"{peer} reset the connection", _ASK_LATER, True
        case http.client.HTTPException():
            what = f"malformed answer from {peer}: not HTTP"
            return what, "check that `url` names the source's own port", False
        case OSError(errno=errno.EMFILE | errno.ENFILE):
            return f"{TOO_MANY_FILES}: {peer} was not asked", RAISE_LIMIT, True
        case OSError(strerror=str(reason)):
            return f"cannot connect to {peer}: {reason}", "check `url` and the network", True
        case _:
            return None


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all it was made from, outermost first."""
    seen: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        each = pending.pop(0)
        if isinstance(each, BaseException) and each not in seen:
            seen.append(each)
            yield each
            pending += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
