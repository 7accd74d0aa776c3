"""When a row was, and when it was observed: its times read, and believed only where they can be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from collectors.files.cells import Cells, MisreadFileError, Reason, UnusableRowError
from collectors.files.plan import TIME_COLUMNS, Plan
from collectors.files.remarks import Remarks
from collectors.files.times import Cell, Clock, NaiveTimeError, NotATimeError, likely_unit
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class When:
    """The columns of a row's times, and the clock that they were written by."""

    at: str
    observed_at: str | None
    clock: Clock
    known: Span
    remarks: Remarks

    @classmethod
    def of(cls, plan: Plan, columns: Collection[str], known: Span, remarks: Remarks) -> Self:
        """As the plan maps them; an unmapped time is looked for under its usual names."""
        usual = next((name for name in TIME_COLUMNS if name in columns), "at")
        at, observed_at = plan.columns.get("at", usual), plan.columns.get("observed_at")
        return cls(at, observed_at, Clock(plan.zone, plan.second), known, remarks)

    def times(self, cells: Cells) -> tuple[int, int]:
        """When it was, and when it was observed: the same unless a column says otherwise."""
        at, observed_at = self.times_told(cells)
        return at, at if observed_at is None else observed_at

    def times_told(self, cells: Cells) -> tuple[int, int | None]:
        """When it was, and when it was observed: None unless a column says it."""
        cell = cells.get(self.at)
        at = self.believed(cell)
        if self.clock.zone is not None:
            self.remarks.doubtful += self.clock.doubtful(cell)
        if self.observed_at is None:
            return at, None
        return at, second_of(cells.get(self.observed_at), self.clock)

    def believed(self, cell: Cell) -> int:
        """The second that the cell means.

        Raises:
            UnusableRowError: it is no time, or lies where no history can.
            MisreadFileError: it has no zone, and none is configured.
        """
        at = second_of(cell, self.clock)
        if self.known.since <= at < self.known.until:
            return at
        unit = likely_unit(at, self.known) if self.clock.second == 1 else None
        raise unbelievable(at, self.known, f': time_unit = "{unit}"?' if unit else "")


def second_of(cell: Cell, clock: Clock) -> int:
    """The second that the cell means by that clock.

    Raises:
        UnusableRowError: it is no time.
        MisreadFileError: it has no zone, and none is configured.
    """
    try:
        return clock.second_of(cell)
    except NotATimeError as error:
        raise UnusableRowError(str(error)) from error
    except NaiveTimeError as error:
        mend = 'zone = "Europe/Berlin" (or wherever the clock stood)'
        raise MisreadFileError(str(error), mend) from error


def unbelievable(at: int, known: Span, hint: str) -> UnusableRowError:
    """Why a second outside of the known ones is none of a history."""
    if at < known.since:
        return UnusableRowError(f"its time lies before the year 2000{hint}")
    return UnusableRowError(f"its time lies in the future{hint}", Reason.FUTURE)
