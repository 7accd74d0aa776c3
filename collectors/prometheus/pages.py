"""Cuts a span into pages whose answers stay within the limits, learning their size on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from collectors.contract import Counts
from collectors.fetch.failures import TooMuchError
from collectors.prometheus.client import Client
from collectors.prometheus.decode import Answer, Raw
from slo.spans import Span

SHORTEST_S = 60
_AIM_SAMPLES = 40_000
_GUESSED_SCRAPE_S = 15
_GROWTH = 4
_MS = 1_000


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Who is asked, for which source, at which moment, and how far apart samples may be."""

    client: Client
    source: str
    now: int
    lookback_s: int


@dataclass(frozen=True, slots=True)
class Page:
    """The answers of one stretch of time; all of them cover the whole of it."""

    span: Span
    answers: Sequence[Answer]

    @property
    def counts(self) -> Counts:
        """What was read and left out, over all answers."""
        return sum((answer.counts for answer in self.answers), Counts())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the server warned of: the page is partial when there is anything."""
        every = [warning for answer in self.answers for warning in answer.warnings]
        return tuple(dict.fromkeys(every))


Ask = Callable[[Span], Sequence[Answer]]


def pages(ask: Ask, span: Span, first_s: int, shortest_s: int = SHORTEST_S) -> Iterator[Page]:
    """The span in adjoining pages, ascending, each as long as its answers allow.

    A page that turns out too wide is asked again at half its length; the next ones follow
    from how many samples came back.

    Raises:
        SourceError: no answer, or even the shortest page holds too much.
    """
    since, length_s = span.since, _whole(first_s, shortest_s)
    while since < span.until:
        until = min(since + length_s, span.until)
        try:
            page = Page(Span(since, until), ask(Span(since, until)))
        except TooMuchError:
            if until - since <= shortest_s:
                raise
            length_s = _whole((until - since) // 2, shortest_s)
            continue
        yield page
        since, length_s = until, _whole(_fitting_s(page, length_s), shortest_s)


def guess_s(series: int) -> int:
    """How long a page of so many series may be, before anything is known of their spacing."""
    return _AIM_SAMPLES * _GUESSED_SCRAPE_S // max(1, series)


def _fitting_s(page: Page, length_s: int) -> int:
    busiest = max((answer.counts.read for answer in page.answers), default=0)
    fitting_s = page.span.length_s * _AIM_SAMPLES // max(1, busiest)
    return min(fitting_s, _GROWTH * length_s)


def _whole(length_s: int, shortest_s: int) -> int:
    return max(shortest_s, length_s // shortest_s * shortest_s)


def samples(inquiry: Inquiry, selector: str, span: Span) -> Answer:
    """All raw samples of the selector around the span: one second more at its beginning.

    Prometheus 3 leaves the first moment of a range out, earlier ones keep it; asking for a
    second more and cutting here gives the same either way. A range of raw samples also shows
    the sparse series that the look-back of an ordinary query hides.
    """
    expression = f"{selector}[{span.length_s + 1}s]"
    return inquiry.client.query(expression, span.until, inquiry.now)


def cut(raw: Raw, since_ms: int, until_ms: int) -> Raw:
    """The samples with since_ms <= t < until_ms."""
    low, high = raw.at_ms.searchsorted((since_ms, until_ms))
    return Raw(raw.labels, raw.at_ms[low:high], raw.value[low:high])


def before(raw: Raw, span: Span) -> Raw:
    """The samples of the seconds since <= t < until: those of facts at a moment."""
    return cut(raw, span.since * _MS, span.until * _MS)


def after(raw: Raw, span: Span) -> Raw:
    """The samples of (since, until]: those that close a stretch of counting."""
    return cut(raw, span.since * _MS + 1, span.until * _MS + 1)
