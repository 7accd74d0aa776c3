"""Trying a Prometheus once: its clock, and whether each selector finds anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from collectors.contract import Collector
from collectors.fetch.failures import FetchError, shown
from collectors.findings import Finding, note, well, wrong
from collectors.prometheus.client import Client
from collectors.prometheus.collector import PrometheusCollector
from slo.freshness import SETTLE_S, stale_after_s
from slo.indicator import Absent, Base, Gauge, Latency, Ratio, RawRatio, Split, Uptime
from slo.lengths import DAY_S, MINUTE_S, QUARTER_S
from slo.nearest import nearest
from slo.selector import Matcher, Selector

_SKEW_S = 30


def examined(collector: Collector, now: int) -> Iterator[Finding]:
    """How its clock stands against ours, and which selectors find nothing, with the nearest names.

    Its series are looked for at its own time, so that a clock that differs hides none of them.

    Raises:
        SourceError: it does not answer, or not as a Prometheus.
    """
    assert isinstance(collector, PrometheusCollector)
    client = collector.client
    there = client.clock(now)
    yield from _skew(there, now)
    if not client.terms.verify:
        yield note("verify = false: whoever sits in between can read the secrets", "set ca_file")
    selectors = dict.fromkeys(
        text
        for indicator in collector.indicators.values()
        if not isinstance(indicator, Split)  # of what its indicator reads already
        for text in _needed(indicator)
    )
    at = now if there is None else there
    broken: list[str] = []
    told: set[Finding] = set()  # the total and the bad of one SLO may miss the same metric
    for text in selectors:
        found = list(_looked_for(client, Selector.parse(text), at))
        yield from (each for each in found if each not in told)
        told.update(found)
        broken += [text] if found else []
    whole = [text for text in selectors if text not in broken]
    yield from islice(_seldom(client, whole, at, collector.every_s), 1)
    yield well(f"answers; {len(whole)} of {len(selectors)} selectors find series")


def _skew(there: int | None, now: int) -> Iterator[Finding]:
    """Whether both clocks agree as far as collecting needs it."""
    if there is None or abs(there - now) <= _SKEW_S:
        return
    side = "ahead" if there > now else "behind"
    yield wrong(
        f"clock differs from source by {abs(there - now)} s (the source is {side})",
        "set both clocks by NTP: minutes are counted by them, and facts of the future are dropped",
    )


def _needed(indicator: Base) -> list[str]:
    """The selectors that must find series; a bad one that may be absent need not."""
    match indicator:
        case Ratio(absent=Absent.ZERO):
            return [indicator.total]
        case Ratio():
            return [
                each
                for each in (indicator.total, indicator.good, indicator.bad)
                if each is not None
            ]
        case Latency():
            return [each for each in (indicator.histogram, indicator.samples) if each is not None]
        case Uptime():
            return [indicator.probe]
        case Gauge():
            return [indicator.gauge]
        case RawRatio():
            return [indicator.ratio]


def _looked_for(client: Client, selector: Selector, now: int) -> Iterator[Finding]:
    """Nothing when the selector finds series now; else since when it does not, or why."""
    if client.query(f"count({selector})", now, now).series:
        return
    if client.query(f"count(last_over_time({selector}[{DAY_S}s]))", now, now).series:
        yield note(f"{selector}: no sample for 5 minutes, but within the last day")
        return
    try:
        yield _missing(client, selector, now)
    except FetchError as error:
        yield wrong(f"no series matches {selector} ({error.what})", "correct the selector")


def _seldom(client: Client, selectors: Sequence[str], now: int, every_s: int) -> Iterator[Finding]:
    """Which of them are scraped so seldom that their data count as late before the next scrape."""
    for text in selectors:
        answer = client.query(f"max(count_over_time({text}[{QUARTER_S}s]))", now, now)
        most = max((float(raw.value.max()) for raw in answer.series), default=0)
        if most <= 1:  # it has just begun, or its samples are too far apart for any delta
            continue
        apart_s = QUARTER_S / most
        if apart_s + SETTLE_S > stale_after_s(every_s, bin_s=MINUTE_S):
            minutes = round(apart_s / MINUTE_S)
            yield note(
                f"{text} has a sample about every {minutes} minutes, but is asked for more often: "
                "before the next one its data count as late",
                f'set every = "{minutes}m"',
            )


def _missing(client: Client, selector: Selector, now: int) -> Finding:
    """Which part of the selector nothing has, and what comes nearest to it."""
    names = client.values("__name__", '{__name__!=""}', now - DAY_S, now)
    if selector.name not in names:
        near = _nearest(selector.name, names)
        return wrong(
            f"there is no metric {selector.name}{near}", "correct the name where it is read"
        )
    for matcher in selector.matchers:
        values = client.values(matcher.label, selector.name, now - DAY_S, now)
        if not any(matcher.matches({matcher.label: value}) for value in (*values, "")):
            said = f"{selector.name} has nothing with {matcher}{_near_value(matcher, values)}"
            return wrong(said, "correct the label where it is read")
    return wrong(
        f"no series of {selector.name} has all of {selector} at once",
        "correct the labels where they are read",
    )


def _near_value(matcher: Matcher, values: Sequence[str]) -> str:
    if not values:
        return f": it has no label {matcher.label}"
    return _nearest(matcher.value, values)


def _nearest(wanted: str, known: Sequence[str]) -> str:
    """The known texts nearest to the wanted one, as an aside; those alike but for case first."""
    near = nearest(wanted, known)
    return f" (nearest: {', '.join(shown(each) for each in near)})" if near else ""
