"""Lines of files: the requests, probes and latencies of a span, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from dashboard.demo.happenings import outages
from dashboard.demo.story import MAINTAINED, Story, maintenance
from slo.facts import Integers, Reals
from slo.lengths import DAY_S, HOUR_S, MINUTE_S, QUARTER_S, WEEK_S
from slo.spans import Span

PROBED_S = 300
GROWTH = 1.22
_OUTAGE_FAILING = 0.6


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a label: its share of the requests, and of the failures on two kinds of days."""

    value: str
    of_requests: float
    of_usual_failures: float
    of_failures_in_trouble: float


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the company: its traffic at a usual minute, and what of it usually fails.

    `parts` are what its requests are told apart by, together the whole of it.
    """

    name: str
    per_minute: float
    failing: float
    hours: tuple[int, int] = (0, 24)
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Latency:
    """How long a service takes, as quantiles in seconds: p0, p50, p95, p99 and p100."""

    service: str
    quantiles: tuple[float, float, float, float, float]

    @property
    def p95_s(self) -> float:
        """The p95 in seconds."""
        return self.quantiles[2]

    def at(self, ranks: Reals) -> Reals:
        """The latency that so large a share is under, in whole 10 ms as it was logged."""
        knots = np.log(np.array(self.quantiles))
        exact: Reals = np.exp(np.interp(ranks, _KNOTS, knots))
        return np.maximum(np.round(exact, 2), 0.01)


_KNOTS = (0.0, 0.50, 0.95, 0.99, 1.0)
_ROUTES = (
    Part("POST /pay", 0.18, 0.08, 0.91),
    Part("GET /cart", 0.55, 0.60, 0.05),
    Part("POST /basket", 0.27, 0.32, 0.04),
)
_SCHEMES = (
    Part("card", 0.70, 0.75, 0.93),
    Part("sepa", 0.20, 0.16, 0.045),
    Part("wallet", 0.10, 0.09, 0.025),
)
SERVICES = (
    Service("api-gateway", 900.0, 0.00017),
    Service("checkout", 220.0, 0.00023, parts=_ROUTES),
    Service("payments", 150.0, 0.00039, parts=_SCHEMES),
    Service("ledger", 310.0, 0.0004),
    Service("mobile-bff", 480.0, 0.00069),
    Service("notifications", 120.0, 0.0025),
    Service("statements", 3.0, 0.002, (2, 5)),
)
PROBED = ("api-gateway", "ledger")
MONOLITH = Latency("api-gateway", (0.05, 0.31, 0.82, 1.90, 6.0))
LATENCIES = (
    Latency("api-gateway", (0.03, 0.19, 0.49, 0.53, 2.4)),
    Latency("checkout", (0.02, 0.11, 0.32, 0.62, 1.8)),
    Latency("payments", (0.04, 0.24, 0.52, 0.80, 2.5)),
    Latency("login", (0.02, 0.07, 0.16, 0.19, 0.70)),
)
APP_START = Latency("mobile-bff", (0.4, 0.9, 1.8, 2.6, 6.0))
_SLOW_S = 0.85


def requests(story: Story, span: Span, step_s: int, only: str = "") -> Iterator[str]:
    """`at,service,good,total` of each step that ends inside the span, of services without parts."""
    at = moments(span, step_s)
    told = [one for one in SERVICES if only in ("", one.name) and not one.parts]
    columns = [
        [f"{service.name},{counts}" for counts in _pairs(*_counts(story, service, at, step_s))]
        for service in told
    ]
    return _interleaved(at, columns)


def requests_apart(story: Story, span: Span, step_s: int, name: str) -> Iterator[str]:
    """`at,service,part,good,total` of each step that ends inside the span, a row for each part."""
    at = moments(span, step_s)
    (service,) = (one for one in SERVICES if one.name == name)
    bad, total = _counts(story, service, at, step_s)
    is_trouble = _within(at, tuple(spell for spell, _ in story.troubles(name, "failing")))
    drawn = story.chance.at(at, f"{name} parts")
    requests_of = _shared(total, [part.of_requests for part in service.parts], drawn)
    usual = _shared(bad, [part.of_usual_failures for part in service.parts], drawn)
    worse = _shared(bad, [part.of_failures_in_trouble for part in service.parts], drawn)
    columns = []
    for k, part in enumerate(service.parts):
        failed = np.where(is_trouble, worse[k], usual[k]).clip(max=requests_of[k])
        pairs = _pairs(failed, requests_of[k])
        columns.append([f"{name},{part.value},{pair}" for pair in pairs])
    return _interleaved(at, columns)


def _shared(counts: Reals, shares: Sequence[float], drawn: Reals) -> list[Reals]:
    """Whole counts given to parts by their shares, to each about its own, together all of them."""
    ends = [np.floor(counts * min(end, 1.0) + drawn) for end in accumulate(shares[:-1])]
    return [later - earlier for earlier, later in pairwise([np.zeros_like(counts), *ends, counts])]


def _counts(story: Story, service: Service, at: Integers, step_s: int) -> tuple[Reals, Reals]:
    """The bad requests of each step, and all of them; whole numbers."""
    chance = story.chance
    expected = (
        service.per_minute * step_s / MINUTE_S * daily(at) * (1 + (GROWTH - 1) * story.moved(at))
    )
    first, last = service.hours
    hour = at % DAY_S // HOUR_S
    total = np.floor(expected * (0.97 + 0.06 * chance.at(at, f"{service.name} total")))
    total = np.where((hour >= first) & (hour < last), total, 0)
    share = np.full(len(at), service.failing)
    for spell, failing in story.troubles(service.name, "failing"):
        share[(at >= spell.since) & (at < spell.until)] = failing
    if service.name == "api-gateway":
        share[_within(at, outages(story))] = _OUTAGE_FAILING
    # A fraction of a failure becomes a whole one as often as the fraction says.
    bad: Reals = np.floor(total * share + chance.at(at, f"{service.name} bad")).clip(max=total)
    return bad, total


def _pairs(bad: Reals, total: Reals) -> list[str]:
    """`good,total` of each step."""
    counts = zip((total - bad).astype(int).tolist(), total.astype(int).tolist(), strict=True)
    return [f"{good},{events}" for good, events in counts]


def probes(story: Story, span: Span, step_s: int, services: tuple[str, ...]) -> Iterator[str]:
    """`at,service,state` of each step, and of the seconds at which the state changes."""
    lines: list[tuple[int, str]] = []
    for service in services:
        down = tuple(spell for spell, _ in story.troubles(service, "down"))
        if service == "api-gateway":
            down += outages(story)
        if service == MAINTAINED:
            down += tuple(maintenance(span))
        changes = [at for spell in down for at in (spell.since, spell.until)]
        edges = np.array([at for at in changes if span.since <= at < span.until], np.int64)
        at = np.union1d(moments(span, step_s), edges)
        states = np.where(_within(at, down), "down", "up").tolist()
        lines += zip(at.tolist(), [f"{service},{state}" for state in states], strict=True)
    lines.sort()
    written = texts(np.array([at for at, _ in lines], np.int64))
    return (f"{at},{line}" for at, (_, line) in zip(written, lines, strict=True))


def latencies(story: Story, span: Span, step_s: int) -> Iterator[str]:
    """`at,service,seconds` of one request each step."""
    at = moments(span, step_s)
    seconds = [(latency.service, _seconds(story, latency, at, step_s)) for latency in LATENCIES]
    return _interleaved(at, [_samples(service, values) for service, values in seconds])


def past_latencies(story: Story, service: str, told: Span) -> Iterator[str]:
    """The same by the quarter hour, some weeks slower; before and after have their p95 exactly."""
    at = moments(told, QUARTER_S)
    latency = next(one for one in LATENCIES if one.service == service)
    levels = ((story.before, MONOLITH.p95_s), (story.after, latency.p95_s))
    seconds = _seconds(story, latency, at, QUARTER_S)
    return _interleaved(at, [_samples(service, uneven(story, service, at, seconds, levels))])


def uneven(
    story: Story, name: str, at: Integers, seconds: Reals, levels: Sequence[tuple[Span, float]]
) -> Reals:
    """The values, some weeks slower than others, in whole 10 ms; each span keeps its p95."""
    varied: Reals = seconds * (0.94 + 0.12 * story.chance.at(at // WEEK_S, f"{name} week"))
    for span, p95_s in levels:
        inside = (at >= span.since) & (at < span.until)
        if inside.any():
            found = np.quantile(varied[inside], 0.95, method="inverted_cdf")
            varied[inside] *= p95_s / found
    return np.maximum(np.round(varied, 2), 0.01)


def app_starts(story: Story, span: Span) -> Iterator[str]:
    """`at,service,seconds` of an app's start every few minutes."""
    at = moments(span, PROBED_S)
    seconds = APP_START.at(story.chance.ranks(at, PROBED_S, "app start"))
    return _interleaved(at, [_samples(APP_START.service, seconds)])


def _seconds(story: Story, latency: Latency, at: Integers, step_s: int) -> Reals:
    ranks = story.chance.ranks(at, step_s, f"{latency.service} latency")
    seconds = latency.at(ranks)
    if latency.service == MONOLITH.service:
        moved = story.moved(at)
        mixed = np.exp((1 - moved) * np.log(MONOLITH.at(ranks)) + moved * np.log(seconds))
        seconds = np.where(moved > 0, np.round(mixed, 2), MONOLITH.at(ranks))
    for spell, share in story.troubles(latency.service, "slow"):
        is_slow = story.chance.at(at, f"{latency.service} slow") < share
        seconds = np.where((at >= spell.since) & (at < spell.until) & is_slow, _SLOW_S, seconds)
    return seconds


def _samples(service: str, seconds: Reals) -> list[str]:
    return [f"{service},{value:.2f}" for value in seconds.tolist()]


def moments(span: Span, step_s: int) -> Integers:
    """The whole steps of which every second lies inside the span."""
    first = -(-span.since // step_s) * step_s
    return np.arange(first, span.until - step_s + 1, step_s, dtype=np.int64)


def _within(at: Integers, spells: tuple[Span, ...]) -> NDArray[np.bool_]:
    inside = np.zeros(len(at), dtype=np.bool_)
    for spell in spells:
        inside |= (at >= spell.since) & (at < spell.until)
    return inside


def daily(at: Integers) -> Reals:
    """Traffic over its mean: quiet at night, busiest in the afternoon (UTC)."""
    return 1.0 - 0.7 * np.cos(2 * np.pi * (at % DAY_S - 10_800) / DAY_S)


def _interleaved(at: Integers, columns: list[list[str]]) -> Iterator[str]:
    """The services' rows in the order of time, as a log has them."""
    rows = zip(texts(at), *columns, strict=True)
    return (f"{moment},{line}" for moment, *lines in rows for line in lines)


def texts(at: Integers) -> list[str]:
    """RFC 3339 UTC texts of epoch seconds."""
    written = np.datetime_as_string(at.astype("datetime64[s]"), timezone="UTC")
    return [str(text) for text in written]
