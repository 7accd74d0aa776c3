"""Where else to look, at the same time range: the query's own server, runbook, dashboard, logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

from slo.spans import Span, length_label, moment, rfc3339

_WEB = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Link:
    """A name and an address that begins with http:// or https://."""

    name: str
    address: str


class Service(Protocol):
    """What a service's configuration says of where its people look."""

    @property
    def runbook(self) -> str:
        """Template of a link to what to do."""

    @property
    def dashboard(self) -> str:
        """Template of a link to where its people look."""

    @property
    def logs(self) -> str:
        """Template of a link to its logs."""


def service_links(service: Service | None, name: str, span: Span) -> tuple[Link, ...]:
    """The service's links with its name and the range filled in; those that are written."""
    if service is None:
        return ()
    written = (
        ("Runbook", service.runbook),
        ("Dashboard", service.dashboard),
        ("Logs", service.logs),
    )
    filled = ((title, filled_in(template, name, span)) for title, template in written)
    return tuple(Link(title, address) for title, address in filled if address)


def filled_in(template: str, service: str, span: Span) -> str:
    """The template with `{service}`, `{from}` and `{to}` filled in; empty where it is no web address.

    What is filled in is escaped, so that it can end no part of the address that it stands in.

    >>> filled_in("https://a/?q={service}&from={from}", "a b&c", Span(0, 60))
    'https://a/?q=a%20b%26c&from=1970-01-01T00%3A00%3A00Z'
    >>> filled_in("javascript:alert({service})", "1", Span(0, 60))
    ''
    """
    filled = template
    for hole, value in (
        ("{service}", service),
        ("{from}", rfc3339(span.since)),
        ("{to}", rfc3339(span.until)),
    ):
        filled = filled.replace(hole, quote(value, safe=""))
    return filled if is_web(filled) else ""


def is_web(address: str) -> bool:
    """Whether a browser may be sent there: http or https, a host, and nothing that hides."""
    if not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in _WEB and bool(parts.hostname)


def prometheus_link(server: str, query: str, span: Span) -> Link | None:
    """The query on its server's own page, asked at the end of the span; None without server."""
    if not is_web(server) or not query:
        return None
    asked = {
        "g0.expr": query.partition("  # time=")[0],
        "g0.tab": "1",
        "g0.range_input": length_label(span.length_s),
        "g0.end_input": f"{moment(span.until):%Y-%m-%d %H:%M:%S}",
        "g0.moment_input": f"{moment(span.until):%Y-%m-%d %H:%M:%S}",
    }
    return Link("Prometheus", f"{server.rstrip('/')}/graph?{urlencode(asked, quote_via=quote)}")
