"""The columns that say what was measured: a status in words or codes, a latency in its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from collectors.files.cells import Cells, Reason, UnusableRowError, is_empty, number_of, text_of
from collectors.files.plan import Plan
from collectors.files.remarks import Remarks
from collectors.files.times import Cell
from slo.facts import Status

_OTHER_STATES = {"degraded": Status.DEGRADED, "unknown": Status.UNKNOWN}


@dataclass(frozen=True, slots=True)
class StatusColumn:
    """Where a status stands, and the words and codes for up and down."""

    column: str
    up: frozenset[str]
    down: frozenset[str]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """As the plan maps it."""
        return cls(plan.column("status"), plan.up, plan.down)

    def read(self, cells: Cells) -> Status:
        """The status of the row."""
        return self.meant(cells.get(self.column))

    def meant(self, cell: Cell) -> Status:
        """The status that a word or number stands for.

        Raises:
            UnusableRowError: it is in none of the configured lists.
        """
        word = text_of(cell, "status").casefold().removesuffix(".0")
        if word in self.up:
            return Status.UP
        if word in self.down:
            return Status.DOWN
        if word in _OTHER_STATES:
            return _OTHER_STATES[word]
        raise UnusableRowError(f"the status {word[:40]!r} is neither in `up` nor in `down`")


@dataclass(frozen=True, slots=True)
class LatencyColumn:
    """Where a latency stands, if anywhere, and how many of its units make a second."""

    column: str | None
    unit: float
    remarks: Remarks

    @classmethod
    def of(cls, plan: Plan, remarks: Remarks) -> Self:
        """As the plan maps it; a latency is only read where a column is named for it."""
        return cls(plan.columns.get("latency"), plan.latency_unit, remarks)

    def read(self, cells: Cells) -> float | None:
        """Seconds; None when there is no number, which costs the row nothing else.

        Raises:
            UnusableRowError: it is a text, or below 0.
        """
        if self.column is None or is_empty(cells.get(self.column)):
            return None
        try:
            latency = number_of(cells[self.column], self.column) / self.unit
        except UnusableRowError as error:
            if error.reason is not Reason.NO_NUMBER:
                raise
            self.remarks.without_number += 1
            return None
        if latency < 0:
            raise UnusableRowError(f"{self.column} is below 0")
        return latency
