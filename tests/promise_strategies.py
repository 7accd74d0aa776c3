"""Hypothesis strategies of whole promises: SLOs of every kind that a configuration can say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any
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
# Made once: a strategy that is made in a draw is looked through anew in every draw.
_PAIRS = st.dictionaries(st.sampled_from(_LABELS), _VALUES, max_size=2)
_OPS = st.sampled_from(["=", "!="])
_PARTS = st.integers(1, 1_000).map(lambda parts: Fraction(parts, 1_000))
_SLICED = st.none() | st.tuples(st.sampled_from([60, 180, 300, 900]), st.none() | _PARTS)
_LISTS = st.lists(_WORDS, max_size=2, unique=True).map(tuple)
_BY = st.lists(st.sampled_from(_LABELS), max_size=2, unique=True).map(tuple)


@st.composite
def selectors(draw: st.DrawFn, name: str = "metric") -> str:
    """A selector in its canonical text, its values as hostile as labels may be."""
    pairs = draw(_PAIRS)
    matchers = tuple(sorted(Matcher(key, draw(_OPS), text) for key, text in pairs.items()))
    return str(Selector(name, matchers))


@cache
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
    base, slices = draw(bases()), draw(_SLICED)
    return base if slices is None else Sliced(base, *slices)


@cache
def windows() -> st.SearchStrategy[Window]:
    """Rolling ones of whole minutes, and calendar periods in one zone."""
    zone = ZoneInfo("Asia/Kathmandu")
    calendar = st.sampled_from(Period).map(lambda period: CalendarWindow(period, zone))
    return st.integers(60, 600_000).map(lambda n: RollingWindow(n * 60)) | calendar


@cache
def rows() -> st.SearchStrategy[BurnRow]:
    """Alert rows whose shares are percentages that can be written."""
    return st.builds(
        lambda severity, share, short_s, times: BurnRow(severity, share, short_s * times, short_s),
        st.sampled_from(Severity), _PARTS, st.sampled_from([60, 300, 1_800]), st.integers(2, 12),
    )  # fmt: skip


def slos() -> st.SearchStrategy[Slo]:
    """A promise with any of the things that may stand in a table `[[slo]]`."""
    return st.builds(
        _slo,
        st.lists(windows(), min_size=1, max_size=2, unique_by=lambda window: window.kind),
        st.none() | st.lists(rows(), min_size=1, max_size=3),
        st.integers(0, 3),
        name=_WORDS,
        service=st.just("") | _WORDS,
        objective=_PERCENTS.map(Objective.from_percent),
        source=st.sampled_from(["p", "q"]),
        indicator=indicators(),
        group_by=_BY,
        breakdown=_BY,
        corrections=st.none() | st.sampled_from(Treatment),
        notify=_LISTS,
        budget_policy=st.just("") | _WORDS,
        effective=st.none() | st.integers(0, 4_000_000_000),
    )


def _slo(held: list[Window], policy: list[BurnRow] | None, least: int, **more: Any) -> Slo:
    """A promise whose rows all have the least number of bad events that it has itself."""
    rows = None if policy is None else tuple(replace(row, min_bad_events=least) for row in policy)
    window, *further = held
    return Slo(window=window, further=tuple(further), policy=rows, min_bad_events=least, **more)


def can_fire(slo: Slo, row: BurnRow) -> bool:
    """Whether the configuration takes the row: of an hour of a window no more burns than is bad."""
    days = {"week": 7, "month": 31, "quarter": 92, "year": 366}.get(slo.window.kind)
    window_s = days * 86_400 if days else slo.window.whole(0).length_s
    return row.long_s <= window_s and row.share * slo.objective.error_budget * window_s < row.long_s
