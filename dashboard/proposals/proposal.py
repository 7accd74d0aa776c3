"""One proposed SLO of one service: what is promised, why, and what only a person can say."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from collectors.fetch.failures import shown
from collectors.prometheus.discovery.asking import Metric, Service
from collectors.prometheus.discovery.catalogue import Kind
from dashboard.proposals.ladder import FIRST, LADDER, Edge, met, share_of, smallest_edge
from dashboard.proposals.statuses import Split, split
from dashboard.views.words import duration_words, percent_words
from slo.objective import Objective, duration_text
from slo.selector import Matcher, Selector

_DECIMALS = 3
_LONGEST_TERM = 60
_LONGEST_NOTE = 600
_UP, _ALL = "up", "all"
_SCHEME = re.compile(r"^https?://")
_SLUG = re.compile(r"[^a-z0-9]+")

Key = tuple[str, str | Decimal]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The keys of one `[[slo]]` in their order, and the comments above it.

    `asks` means: somebody has to answer a question in the comments first, so that the table
    itself is written as a comment.
    """

    name: str
    service: str
    notes: tuple[str, ...]
    keys: tuple[Key, ...]
    asks: bool = False


def proposal(metric: Metric, service: Service) -> Proposal:
    """What can be promised of one service by one metric."""
    made = {Kind.REQUESTS: _success, Kind.LATENCY: _latency, Kind.UPTIME: _uptime}
    return made[metric.family.kind](metric, service)


def slug(text: str) -> str:
    """The text as a name: lower-case letters, digits and single hyphens.

    >>> slug("Shop/API (eu)"), slug("https://shop.example.com/"), slug("…")
    ('shop-api-eu', 'shop-example-com', 'service')
    """
    return _SLUG.sub("-", _SCHEME.sub("", text.lower()))[:_LONGEST_TERM].strip("-") or "service"


def _begun(metric: Metric, service: Service, what: str) -> Proposal:
    """The proposal as far as it is the same for all kinds."""
    told = service_name(service)
    matchers = ",".join(str(each) for each in service.matchers)
    words = f"{metric.name}{{{matchers}}}, {metric.family.title}, {service.series:,} series"
    notes = [words, *_reported(metric, service)]
    if metric.trouble:
        notes.append(f"Not measured: {metric.trouble}.")
    return Proposal(f"{slug(told)}-{what}", told, tuple(notes), ())


def service_name(service: Service) -> str:
    """What tells the service apart: its last label that says anything, fit to be shown."""
    said = [each.value for each in service.matchers if each.value and each.label != "reporter"]
    name = said[-1].strip() if said else "service"
    return name if name.isprintable() and len(name) <= _LONGEST_TERM else slug(name)


def shown_whole(text: str) -> str:
    """Text with foreign parts on one line of a comment, cut only where it is without end."""
    return " ".join(shown(part) for part in text.split(" "))[:_LONGEST_NOTE]


def _reported(metric: Metric, service: Service) -> list[str]:
    if not service.also or metric.family.reporters is None:
        return []
    label = metric.family.reporters[0]
    others = ", ".join(shown(each) for each in service.also[:5])
    return [f"also reported by {label}={others}: the same requests once more, so not counted"]


def _success(metric: Metric, service: Service) -> Proposal:
    begun, found = _begun(metric, service, "success"), split(metric, service)
    total = Selector(metric.name, service.matchers)
    if found.label is None:
        return _asked(begun, total, service, found)
    whole = Selector(metric.name, (*service.matchers, *found.excluded))
    bad = Matcher(found.label, "=~", found.bad_pattern)
    events, good = found.good_events + found.bad_events, found.good_events
    objective, why = _objective(service, good, events, "requests were good")
    keys: tuple[Key, ...] = (
        ("objective", objective.percent),
        ("total", _canonical(whole)),
        ("bad", _canonical(replace(whole, matchers=(*whole.matchers, bad)))),
        ("absent", "zero"),
    )
    return replace(begun, notes=(*begun.notes, *why, *found.notes), keys=keys)


def _asked(begun: Proposal, total: Selector, service: Service, found: Split) -> Proposal:
    """A table that waits for the label that tells how a request ended."""
    labels = ", ".join(shown(label) for label in service.labels[:30])
    asks = found.notes or (
        "ASK: none of its labels is known to tell how a request ended"
        + (f"; it has {labels}." if labels else "."),
    )
    mend = "Complete `bad` with the label and values that count as bad, then remove the # below."
    keys: tuple[Key, ...] = (
        ("objective", FIRST.percent),
        ("total", _canonical(total)),
        ("bad", f'{total.name}{{LABEL=~"VALUES"}}'),
        ("absent", "zero"),
    )
    return replace(begun, notes=(*begun.notes, *asks, mend), keys=keys, asks=True)


def _latency(metric: Metric, service: Service) -> Proposal:
    begun = _begun(metric, service, "latency")
    edges, total = _edges(service)
    finite = [edge for edge in edges if math.isfinite(edge[0]) and edge[0] > 0]
    selector = _canonical(Selector(metric.name, service.matchers))
    chosen = smallest_edge(finite, total)
    if chosen is None or total < 1:
        return replace(
            begun,
            notes=(*begun.notes, *_no_edge(service, finite, total)),
            keys=(
                ("objective", FIRST.percent),
                ("histogram", selector),
                ("latency", _duration(finite[len(finite) // 2][0] if finite else 0.5)),
            ),
            asks=True,
        )
    at, good = chosen
    words = f"requests came within {duration_text(at)}, an edge of its buckets"
    objective, why = _objective(service, good, total, words)
    keys: tuple[Key, ...] = (
        ("objective", objective.percent),
        ("histogram", selector),
        ("latency", _duration(at)),
    )
    return replace(begun, notes=(*begun.notes, *why), keys=keys)


def _no_edge(service: Service, finite: Sequence[Edge], total: float) -> tuple[str, ...]:
    edges = ", ".join(duration_text(at) for at, _ in finite[:30]) or "none"
    if total < 1:
        said = f"{_reach(service)}: not measured. Its bucket edges: {edges}."
    else:
        share = percent_words(share_of(finite[-1][1], total), 1) if finite else "0 %"
        said = f"Only {share} of requests came under the last of its bucket edges: {edges}."
    return said, "ASK: which of these edges is fast enough? Write it as `latency`, remove the #."


def _edges(service: Service) -> tuple[list[Edge], float]:
    """The upper edges with the events under each, ascending, and all events.

    The server's extrapolation may make a wider bucket hold a little less than a narrower one.
    """
    summed: dict[float, float] = {}
    for labels, events in service.detail:
        try:
            at = float(labels.get("le", ""))
        except ValueError:
            continue
        if not math.isnan(at):
            summed[at] = summed.get(at, 0.0) + events
    total = summed.get(math.inf, 0.0)
    return [(at, min(summed[at], total)) for at in sorted(summed)], total


def _uptime(metric: Metric, service: Service) -> Proposal:
    begun = _begun(metric, service, "uptime")
    counts = {labels.get("", ""): events for labels, events in service.detail}
    objective, why = _objective(
        service, counts.get(_UP, 0.0), counts.get(_ALL, 0.0), "probes succeeded"
    )
    selector = _canonical(Selector(metric.name, service.matchers))
    keys: tuple[Key, ...] = (("objective", objective.percent), ("uptime", selector))
    return replace(begun, notes=(*begun.notes, *why), keys=keys)


def _objective(
    service: Service, good: float, total: float, words: str
) -> tuple[Objective, tuple[str, ...]]:
    """The objective to begin with, and the measured past it comes from."""
    percent = f"{FIRST.percent:f}"
    if not service.reach_s or total < 1:
        said = f"{_reach(service)}: not measured; {percent} is only a place to begin."
        return FIRST, (said,)
    share = share_of(good, total)
    percents = percent_words(share, _DECIMALS)
    measured = f"{_reach(service)}: {percents} of {total:,.0f} {words}{_coverage(service)}."
    found = met(good, total)
    if found is not None:
        said = f"Objective: {found.percent:f} is the highest that it would have met."
        return found, (measured, said)
    if share >= LADDER[0].target:
        said = f"Too few to say more; {percent} is only a place to begin."
        return FIRST, (measured, said)
    said = "It would have met none of the usual objectives; 90 is the lowest of them."
    return LADDER[0], (measured, said)


def _reach(service: Service) -> str:
    return f"Last {duration_words(service.reach_s)}" if service.reach_s else "Past"


def _coverage(service: Service) -> str:
    if service.seen_s is None:
        return ", seen for less than a quarter of an hour of it"
    if service.seen_s >= service.reach_s:
        return ", seen all the time"
    share = percent_words(Fraction(service.seen_s, service.reach_s), 1)
    return f", seen for {duration_words(service.seen_s)} of it ({share})"


def _canonical(selector: Selector) -> str:
    return str(replace(selector, matchers=tuple(sorted(selector.matchers))))


def _duration(seconds: float) -> str:
    return duration_text(seconds).replace(" ", "")
