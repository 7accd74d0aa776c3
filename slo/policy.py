"""Which burn is worth waking someone: rows of a multi-window alert policy, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Severity(StrEnum):
    """What a firing row asks for: someone now, or someone this week."""

    PAGE = "page"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class BurnRow:
    """Fires when `share` of the budget goes within `long_s` and the burning has not stopped.

    The short window tells whether it still burns; without it an alert outlives its cause by
    almost a long window.

    Source: Google SRE Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
    """

    severity: Severity
    share: Fraction
    long_s: int
    short_s: int
    min_bad_events: int = 0
    """Below so many bad events in the long window it does not fire, however fast they burn."""

    def __post_init__(self) -> None:
        """Refuse rows that can never mean anything."""
        if not 0 < self.share <= 1:
            raise ValueError(f"a row's budget share lies in (0, 1], not {self.share}")
        if not 0 < self.short_s <= self.long_s:
            raise ValueError(f"windows must be 0 < short <= long: {self.short_s}, {self.long_s}")


Policy = tuple[BurnRow, ...]
