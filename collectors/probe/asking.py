"""One look at one target: what was asked, what came back, and whether that is up."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests

from collectors.fetch.failures import FetchError, causes, shown
from collectors.fetch.session import BoundedSession, default_retry
from collectors.fetch.terms import MIB, Terms
from collectors.probe.address import unaskable
from collectors.probe.certificates import refused_end
from collectors.probe.faults import our_fault
from collectors.probe.target import TargetTable
from slo.facts import Status
from slo.spans import moment

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HAS_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED
_SHORTEST_S = 0.1
_LATE_S = 5.0
_CONNECT_S = 2.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look saw; `reason` says why it is not up, `note` what else is to be told."""

    state: Status
    reason: str = ""
    latency_s: float | None = None
    expires_at: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How one target is asked: what it expects, and the most that one look may take."""

    target: TargetTable
    terms: Terms

    def once(self) -> Sight:
        """Ask it, following redirects on its own host; an answer that does not come is a sight."""
        authority = self.terms.ca_file
        if authority is not None and not Path(authority).is_file():
            return Sight(Status.UNKNOWN, f"{authority} is not there any more")
        return self._asked(since_boot_s())

    def _asked(self, begun: float) -> Sight:
        url, terms = self.target.url, self.terms
        for left in range(self.target.follow, -1, -1):
            session = _session(terms)
            try:
                answer = session.exchange(self.target.method, url)
            except FetchError as error:
                return self._failed(error, url, terms, since_boot_s() - begun)
            finally:
                session.close()
            if self.target.expects(answer.status_code) or not _location(answer):
                break
            refusal = _refusal(url, _location(answer), left)
            if refusal:
                where = shown(terms.redacted(_location(answer).partition("?")[0]))
                return Sight(Status.DOWN, f"redirect to {where} not followed: {refusal}")
            url, terms = urljoin(url, _location(answer)), _onward(terms, begun)
        seen = self._judged(answer, since_boot_s() - begun)
        return replace(seen, expires_at=_end(session.certificate_expires))

    def _judged(self, answer: requests.Response, took_s: float) -> Sight:
        """Whether the answer is the expected one; how long it took, where that is the target's time."""
        target, body = self.target, answer.raw.read()
        if not target.expects(answer.status_code):
            expected = ", ".join(map(str, target.expect_status))
            return Sight(Status.DOWN, f"HTTP {answer.status_code}, expected {expected}")
        limit = self.terms.max_bytes
        note = f"only the first {limit / MIB:g} MiB were read" if len(body) > limit else ""
        if target.expect_text and not _holds(body, target.expect_text, answer.encoding):
            said = f'no "{shown(target.expect_text)}" in its {len(body):,} bytes'
            return Sight(Status.DOWN, said, note=note)
        latency_s = None if stood_still(took_s, self.terms.timeout_s) else took_s
        return Sight(Status.UP, latency_s=latency_s, note=note)

    def _failed(self, error: FetchError, url: str, terms: Terms, took_s: float) -> Sight:
        """Down, unless it is this machine that could not ask, or could not wait for the answer."""
        ours = our_fault(error) or stood_still(took_s, self.terms.timeout_s)
        if ours:
            return Sight(Status.UNKNOWN, f"{error.what} ({ours})")
        return Sight(Status.DOWN, _expired(error, url, terms) or error.what)


def since_boot_s() -> float:
    """Seconds that pass while the machine is suspended, too, where the system counts these."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


def stood_still(took_s: float, limit_s: float) -> str:
    """That this machine stood still meanwhile, as a suspended one does; "" where it did not.

    Nothing takes seconds longer than its limit, unless nobody was there to end it.

    >>> stood_still(7.9, 3), stood_still(8.1, 3)
    ('', 'this machine stood still: 8 s of at most 3 s')
    """
    if took_s <= limit_s + _LATE_S:
        return ""
    return f"this machine stood still: {took_s:.0f} s of at most {limit_s:g} s"


def _session(terms: Terms) -> BoundedSession:
    session = BoundedSession(terms, default_retry())
    if "user-agent" not in {name.lower() for name in terms.headers}:
        session.headers["User-Agent"] = "burnline"
    session.headers["Cache-Control"] = "no-cache"
    return session


def _location(answer: requests.Response) -> str:
    """Where the answer sends its asker; "" when nowhere."""
    if answer.status_code not in _REDIRECTS:
        return ""
    return str(answer.headers.get("location", ""))


def _refusal(url: str, location: str, left: int) -> str:
    """Why a redirect is not followed; "" when it is."""
    try:
        onward = urljoin(url, location)
        before, after = urlsplit(url), urlsplit(onward)
    except ValueError:
        return "no address"
    if after.scheme not in {"http", "https"}:
        return "not HTTP"
    flaw = unaskable(onward)
    if flaw:
        return flaw
    if after.hostname != before.hostname:
        return "another host"
    if (before.scheme, after.scheme) == ("https", "http"):
        return "it leaves TLS"
    return "" if left else "`follow` allows no more"


def _onward(terms: Terms, begun: float) -> Terms:
    """What is left of the time, and nothing of what was sent to the first address."""
    left_s = max(_SHORTEST_S, round(terms.timeout_s - (since_boot_s() - begun), 1))
    return replace(terms, timeout_s=left_s, connect_s=min(_CONNECT_S, left_s), headers={})


def _holds(body: bytes, text: str, encoding: str | None) -> bool:
    """Whether the body holds the text, written in UTF-8 or in what the answer names."""
    written = {text.encode()}
    try:
        written.add(text.encode(encoding or "utf-8"))
    except (LookupError, UnicodeError):
        return next(iter(written)) in body
    return any(one in body for one in written)


def _expired(error: FetchError, url: str, terms: Terms) -> str:
    """The day on which the refused certificate ended, if that is why it was refused."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code == _HAS_EXPIRED:
            parts = urlsplit(url)
            end = refused_end(
                str(parts.hostname),
                parts.port or 443,
                terms.connect_s,
                allow_special=terms.allow_special,
            )
            return "certificate expired" + ("" if end is None else f" {moment(end):%Y-%m-%d}")
    return ""


def _end(written: str | None) -> int | None:
    try:
        return None if written is None else int(ssl.cert_time_to_seconds(written))
    except ValueError:
        return None


def terms_of(
    source: str, target: TargetTable, headers: Mapping[str, str], timeout_s: float
) -> Terms:
    """How the target is talked to."""
    return Terms(
        source=source,
        where=f'source "{source}", {target.shown}',
        timeout_s=timeout_s,
        connect_s=min(_CONNECT_S, timeout_s),
        headers=headers,
        ca_file=target.ca_file,
        allow_special=target.allow_special,
    )
