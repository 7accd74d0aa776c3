"""How many events of a row were good and bad, and how they fall on its bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from collectors.files.cells import UnusableRowError, number_of
from collectors.files.plan import Plan
from collectors.files.times import Cell


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

    def good_and_bad(self, cells: dict[str, Cell]) -> tuple[float, float]:
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
