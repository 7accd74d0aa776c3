"""What stands beside an estimate in small: the means of durations, the share within a goal."""

from __future__ import annotations

from dataclasses import replace

from dashboard.measures.contract import Measured, Unit
from dashboard.views.migration.words import interval_words, value_cells


def means_words(measured: Measured) -> str:
    """The means before and after where they go another way than the medians; "" elsewhere.

    Only then does a reader who knows the means alone hold the opposite of what the row says.
    """
    before, after = measured.means
    change = measured.comparison.change
    if before is None or after is None or change is None:
        return ""
    if (after > before, after < before) == (change > 1, change < 1):
        return ""
    sides = (measured.comparison.before, measured.comparison.after)
    old, new = (
        replace(one, estimate=mean) for one, mean in zip(sides, (before, after), strict=True)
    )
    found = replace(measured.comparison, before=old, after=new)
    cells = value_cells(replace(measured, comparison=found), None)
    return f"means {cells[0][0]} → {cells[1][0]}"


def within_words(measured: Measured) -> str:
    """The share of everything after at or under the goal, and its range; "" where unknown."""
    under = measured.under_goal
    if under is None or under.estimate is None:
        return ""
    share = Measured(
        comparison=replace(measured.comparison, before=under, after=under), unit=Unit.RATIO
    )
    said = f"{value_cells(share, None)[1][0]} at or under"
    return ", ".join(filter(None, (said, interval_words(share, under))))
