"""How much the store takes in a year, from what it has taken so far."""

from __future__ import annotations

from collections.abc import Iterable

from collectors.store.stored import StoredSeries
from dashboard.views.words import size_words
from slo.lengths import DAY_S
from slo.spans import Span

_YEAR_S = 365 * DAY_S
_LEAST_S = 3 * DAY_S


def counted(stored: Iterable[StoredSeries]) -> Span | None:
    """From the first to the last count of any series; None without any."""
    lives = [
        (one.since, one.until) for one in stored if one.since is not None and one.until is not None
    ]
    if not lives:
        return None
    return Span(min(since for since, _ in lives), max(until for _, until in lives))


def a_year_bytes(size_bytes: int, span: Span | None) -> int | None:
    """How many bytes a year of the same would take; None while a few days say too little.

    >>> a_year_bytes(73, Span(0, 73 * 86_400)), a_year_bytes(73, Span(0, 2 * 86_400))
    (365, None)
    """
    if span is None or span.length_s < _LEAST_S:
        return None
    return size_bytes * _YEAR_S // span.length_s


def growth_words(a_year: int | None) -> str:
    """The same in words; empty where it is not known."""
    return "" if a_year is None else f"at the pace so far it takes {size_words(a_year)} a year"
