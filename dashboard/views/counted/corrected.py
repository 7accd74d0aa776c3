"""Columns of counts as their SLO has them: what corrections cover taken out, or called good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from slo.facts import Integers, Reals
from slo.tally import Treatment


class Columns(Protocol):
    """Columns of bins, by time, corrections beside the counts."""

    @property
    def at(self) -> Integers:
        """The first second of each bin that has a row."""

    @property
    def good(self) -> Reals:
        """Good events."""

    @property
    def total(self) -> Reals:
        """All events."""

    @property
    def observed_s(self) -> Integers:
        """Observed seconds."""

    @property
    def excluded_good(self) -> Reals:
        """Good events that corrections exclude."""

    @property
    def excluded_total(self) -> Reals:
        """All events that corrections exclude."""

    @property
    def excluded_s(self) -> Integers:
        """Observed seconds that corrections exclude."""


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """Good and all events and observed seconds of each bin, as they count."""

    good: Reals
    total: Reals
    observed_s: Integers

    @property
    def bad(self) -> Reals:
        """Events that were not good."""
        return self.total - self.good


def under(rows: Columns, treatment: Treatment) -> Corrected:
    """The columns under a treatment; the same for bins as `Tally.under` is for a sum of them."""
    if treatment is Treatment.AS_GOOD:
        good = rows.good + rows.excluded_total - rows.excluded_good
        return Corrected(good, rows.total, rows.observed_s)
    return Corrected(
        rows.good - rows.excluded_good,
        rows.total - rows.excluded_total,
        rows.observed_s - rows.excluded_s,
    )
