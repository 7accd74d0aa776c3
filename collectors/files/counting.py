"""Counted requests: how many of a row were good and bad, and how they fall on its bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Self
from zoneinfo import ZoneInfo

from collectors.files.cells import Cells, MisreadFileError, UnusableRowError, number_of
from collectors.files.identity import SeriesOf
from collectors.files.plan import Plan
from collectors.files.rows import CountAt, Part
from collectors.files.sheet import Sheet
from collectors.files.when import When
from slo.facts import SeriesKind
from slo.lengths import DAY_S, QUARTER_S
from slo.spans import epoch_s, moment


@dataclass(frozen=True, slots=True)
class CountColumns:
    """The two columns that the counts come from; a third would only repeat them."""

    good: str | None
    bad: str | None
    total: str | None

    @classmethod
    def of(cls, plan: Plan) -> CountColumns:
        """Two of the mapped ones, else the one mapped with its natural companion."""
        mapped = [role for role in ("good", "total", "bad") if role in plan.columns][:2]
        if len(mapped) < 2:  # noqa: PLR2004 one count says nothing about the others
            mapped = ["total", "bad"] if mapped == ["bad"] else ["good", "total"]
        found = {role: plan.column(role) for role in mapped}
        return cls(found.get("good"), found.get("bad"), found.get("total"))

    @property
    def columns(self) -> list[str]:
        """The names of both."""
        return [column for column in (self.good, self.bad, self.total) if column is not None]

    def good_and_bad(self, cells: Cells) -> tuple[float, float]:
        """The counts of one row.

        Raises:
            UnusableRowError: one is no number, below 0, or there are more than all.
        """
        good = number_of(cells.get(self.good), self.good) if self.good else None
        bad = number_of(cells.get(self.bad), self.bad) if self.bad else None
        total = number_of(cells.get(self.total), self.total) if self.total else 0.0
        if bad is None:
            bad = total - (good or 0.0)
        if good is None:
            good = total - bad
        if good < 0 or bad < 0:
            raise UnusableRowError("its counts are below 0, or more are good or bad than there are")
        return good, bad


@dataclass(frozen=True, slots=True)
class Counts:
    """A row is the number of requests, good and all, from its time on."""

    when: When
    counted: CountColumns
    series: SeriesOf
    every_s: int
    zone: ZoneInfo | None

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        """As the plan says."""
        plan = sheet.plan
        series = sheet.series(SeriesKind.TALLY, plan.count_bin_s)
        return cls(sheet.when, CountColumns.of(plan), series, plan.every_s, plan.zone)

    @property
    def needs(self) -> Sequence[str]:
        """Two of good, bad and total."""
        return self.counted.columns

    def parts(self, cells: Cells) -> tuple[Part, ...]:
        """Its counts spread over its bins; one that lasts no longer than a bin is that bin."""
        at, observed_at = self.when.times_told(cells)
        good, bad = self.counted.good_and_bad(cells)
        series, bin_s = self.series.of(cells), self.series.bin_s
        if at % bin_s:
            raise _begins_within(bin_s)
        estimated, parts = self.every_s > QUARTER_S, []
        for start, good_i, bad_i in spread(good, bad, range(at, self._end(at), bin_s)):
            # Equal for equal bins, however the rows are split: the bin's day.
            seen_at = start - start % DAY_S if observed_at is None else observed_at
            parts.append(CountAt(series, start, seen_at, good_i, good_i + bad_i, bin_s, estimated))
        return tuple(parts)

    def _end(self, at: int) -> int:
        """The end of the row; whole days end at the zone's midnight."""
        if self.zone is None or self.every_s % DAY_S:
            return at + self.every_s
        return epoch_s(moment(at).astimezone(self.zone) + timedelta(seconds=self.every_s))


def _begins_within(bin_s: int) -> MisreadFileError:
    """Two such rows of one bin could only be summed, and a repeated one would be summed again."""
    if bin_s == QUARTER_S:
        return MisreadFileError(
            "the counts do not begin on a quarter of an hour",
            'sum them to whole quarters first, or say how long they last: every = "5m"',
        )
    return MisreadFileError(
        "the counts do not begin on a whole minute",
        'sum them to whole minutes first, or give each request an id: key = ["id"]',
    )


def spread(good: float, bad: float, bins: Sequence[int]) -> list[tuple[int, float, float]]:
    """Good and bad of each bin, nearly equal parts that add up; whole events stay whole.

    >>> spread(7, 2, [0, 60, 120])
    [(0, 2.0, 0.0), (60, 2.0, 1.0), (120, 3.0, 1.0)]
    """
    if len(bins) == 1:
        return [(bins[0], good, bad)]
    return list(zip(bins, _parts(good, len(bins)), _parts(bad, len(bins)), strict=True))


def _parts(count: float, bins: int) -> list[float]:
    whole = int(count)
    edges = [whole * i // bins for i in range(bins + 1)]
    parts = [float(until - since) for since, until in pairwise(edges)]
    parts[-1] += count - whole
    return parts
