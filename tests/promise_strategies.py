"""Hypothesis strategies of whole promises: SLOs of every kind that a configuration can say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from slo.indicator import (
    Absent,
    Base,
    Combine,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import Objective, Slo
from slo.policy import BurnRow, Severity
from slo.selector import Matcher, Selector
from slo.spans import CalendarWindow, Period, RollingWindow, Window
from slo.tally import Treatment

_LABELS = ("job", "route", "code")
_VALUES = st.text(alphabet="ab.|*\\\"'{}é\u2028 ", max_size=6)
_WORDS = st.text(alphabet="abc-/ .ÄB'\"{}$%", min_size=1, max_size=12).filter(
    lambda text: text == text.strip() and text.isprintable()
)
_MINUTES = st.integers(1, 10_000).map(lambda count: count * 60)
_NUMBERS = st.decimals("0.001", "5000", places=3).map(float)
_PERCENTS = st.decimals("1.01", "99.999", places=3)


@st.composite
def selectors(draw: st.DrawFn, name: str = "metric") -> str:
    """A selector in its canonical text, its values as hostile as labels may be."""
    pairs = draw(st.dictionaries(st.sampled_from(_LABELS), _VALUES, max_size=2))
    ops = st.sampled_from(["=", "!="])
    matchers = tuple(sorted(Matcher(key, draw(ops), text) for key, text in pairs.items()))
    return str(Selector(name, matchers))


def bases() -> st.SearchStrategy[Base]:
    """What a Prometheus can be asked for."""
    valid = st.none() | _MINUTES
    thresholds = st.sampled_from([0.005, 0.25, 0.5, 1.0, 2.5, 10.0])
    return st.one_of(
        st.builds(_good, selectors("all"), selectors("part"), st.sampled_from(Absent)),
        st.builds(_bad, selectors("all"), selectors("part"), st.sampled_from(Absent)),
        st.builds(Latency, thresholds, selectors("h_bucket")),
        st.builds(Uptime, selectors(), _MINUTES, st.sampled_from(Combine)),
        st.builds(Gauge, selectors(), st.sampled_from(Op), _NUMBERS, valid),
        st.builds(lambda gauge, at: Gauge(gauge, Op.LTE, at, None, "p95"), selectors(), thresholds),
        st.builds(RawRatio, selectors(), st.booleans(), valid),
    )


def _good(total: str, good: str, absent: Absent) -> Ratio:
    return Ratio(total, good=good, absent=absent)


def _bad(total: str, bad: str, absent: Absent) -> Ratio:
    return Ratio(total, bad=bad, absent=absent)


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    """A base, or slices of it of either method."""
    base = draw(bases())
    target = st.none() | st.integers(1, 1_000).map(lambda parts: Fraction(parts, 1_000))
    slices = st.builds(Sliced, st.just(base), st.sampled_from([60, 180, 300, 900]), target)
    return draw(st.just(base) | slices)


def windows() -> st.SearchStrategy[Window]:
    """Rolling ones of whole minutes, and calendar periods in one zone."""
    zone = ZoneInfo("Asia/Kathmandu")
    calendar = st.sampled_from(Period).map(lambda period: CalendarWindow(period, zone))
    return st.integers(60, 600_000).map(lambda n: RollingWindow(n * 60)) | calendar


def rows() -> st.SearchStrategy[BurnRow]:
    """Alert rows whose shares are percentages that can be written."""
    share = st.integers(1, 1_000).map(lambda parts: Fraction(parts, 1_000))
    return st.builds(
        lambda severity, share, short_s, times: BurnRow(severity, share, short_s * times, short_s),
        st.sampled_from(Severity), share, st.sampled_from([60, 300, 1_800]), st.integers(2, 12),
    )  # fmt: skip


@st.composite
def slos(draw: st.DrawFn) -> Slo:
    """A promise with any of the things that may stand in a table `[[slo]]`."""
    lists = st.lists(_WORDS, max_size=2, unique=True).map(tuple)
    labels = st.lists(st.sampled_from(_LABELS), max_size=2, unique=True).map(tuple)
    least = draw(st.integers(0, 3))
    policy = draw(st.none() | st.lists(rows(), min_size=1, max_size=3))
    written = (
        None if policy is None else tuple(replace(row, min_bad_events=least) for row in policy)
    )
    window, *further = draw(st.lists(windows(), min_size=1, max_size=2, unique_by=lambda w: w.kind))
    return Slo(
        name=draw(_WORDS),
        service=draw(st.just("") | _WORDS),
        objective=Objective.from_percent(draw(_PERCENTS)),
        window=window,
        source=draw(st.sampled_from(["p", "q"])),
        indicator=draw(indicators()),
        policy=written,
        further=tuple(further),
        group_by=draw(labels),
        breakdown=draw(labels),
        corrections=draw(st.none() | st.sampled_from(Treatment)),
        min_bad_events=least,
        notify=draw(lists),
        budget_policy=draw(st.just("") | _WORDS),
        effective=draw(st.none() | st.integers(0, 4_000_000_000)),
    )


def can_fire(slo: Slo, row: BurnRow) -> bool:
    """Whether the configuration takes the row: of an hour of a window no more burns than is bad."""
    days = {"week": 7, "month": 31, "quarter": 92, "year": 366}.get(slo.window.kind)
    window_s = days * 86_400 if days else slo.window.whole(0).length_s
    return row.long_s <= window_s and row.share * slo.objective.error_budget * window_s < row.long_s
