"""How wide the bins of the store are, and what is summed in them; known without SQLAlchemy."""

from __future__ import annotations

from slo.lengths import DAY_S, HOUR_S, MINUTE_S, QUARTER_S

__all__ = [
    "COUNTS",
    "DAY_S",
    "EXCLUDED",
    "HOUR_S",
    "LEVELS",
    "MINUTE_S",
    "QUALITIES",
    "QUARTER_S",
    "SUMMED",
    "floor",
]

LEVELS = {MINUTE_S: "tally_1m", QUARTER_S: "tally_15m", HOUR_S: "tally_1h", DAY_S: "tally_1d"}
"""The table of tallies that has bins of each width, the finest first."""
COUNTS = ("good", "total")
EXCLUDED = ("excluded_good", "excluded_total", "excluded_s")
QUALITIES = ("partial_s", "estimated_s", "conflict_s")
SUMMED = (*COUNTS, "observed_s", *EXCLUDED, *QUALITIES)


def floor(at: int, to_s: int) -> int:
    """The begin of the bin that holds `at`."""
    return at - at % to_s
