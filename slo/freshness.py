"""For how long figures are fresh after the last of them came."""

from __future__ import annotations

SETTLE_S = 30
"""So long the newest counts of a source may still change."""


def stale_after_s(every_s: int, bin_s: int = 0) -> int:
    """How old data may be before they are late: two intervals, the settling and a bin.

    One run may be missed, and the next still come in time.

    >>> stale_after_s(60), stale_after_s(60, bin_s=60)
    (150, 210)
    """
    return 2 * every_s + SETTLE_S + bin_s
