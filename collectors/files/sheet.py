"""What the readers of all kinds of rows share: what they are made from, and what they can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from collectors.files.cells import Cells
from collectors.files.identity import Key, Owner, SeriesBook, SeriesOf
from collectors.files.measures import LatencyColumn
from collectors.files.plan import Plan
from collectors.files.remarks import Remarks
from collectors.files.rows import Part
from collectors.files.when import When
from slo.facts import SeriesKind


@dataclass(frozen=True, slots=True)
class Sheet:
    """What rows of every kind have in common: when they were, whose they are, and what is told."""

    plan: Plan
    when: When
    owner: Owner
    key: Key
    book: SeriesBook
    remarks: Remarks

    def series(self, kind: SeriesKind, bin_s: int, suffix: str = "") -> SeriesOf:
        """The series of the file's name, or of that with a suffix."""
        name = f"{self.plan.name}{suffix}"
        return SeriesOf(self.plan.source, name, kind, bin_s, self.owner, self.book)

    @property
    def latency(self) -> LatencyColumn:
        """Where the latency stands."""
        return LatencyColumn.of(self.plan, self.remarks)


class RowKind(Protocol):
    """Reads the rows of one kind."""

    @property
    def needs(self) -> Sequence[str]:
        """The columns that it cannot do without, beside the time and what is mapped."""
        ...

    def parts(self, cells: Cells) -> tuple[Part, ...]:
        """What the row says.

        Raises:
            UnusableRowError: nothing that can be stored.
            MisreadFileError: that the file is not what it is said to be.
        """
        ...
