"""What would be enough for a verdict, in a few words: for where one is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from dashboard.measures.contract import RATES, Measured
from dashboard.views.rounding import rounded, significant
from slo.evidence.comparison import Comparison
from slo.evidence.planning import days_without_event
from slo.lengths import DAY_S

_FIRST = re.compile(r"[,:.](?: |$)")
_HAVE = re.compile(r", of which there are (\d+(?: and \d+)?)\.$")
_NEEDS = "needs "
_SHORT = (
    (" in both periods together", " in all"),
    (" in both periods", ""),
    (" of the kind in each of the periods", " in each"),
    (" days with measurements", " days in each"),
)


def enough_words(measured: Measured, min_coverage: float, alpha: float) -> str:
    """What is missing: days observed, days without an event, events; "" where nothing is known."""
    found = measured.comparison
    if _is_thin(found, min_coverage):
        percent = min_coverage * 100
        return f"enough: {rounded(percent, significant(percent, 3))} % observed"
    if measured.unit in RATES and found.after.n == 0 and found.before.exposure_s:
        days_before = found.before.exposure_s / DAY_S
        days = days_without_event(round(found.before.n / found.clusters), days_before, alpha)
        return "" if days is None else f"enough: none for {math.ceil(days):,} d"
    if not found.enough:
        return ""
    said = _FIRST.split(found.enough, maxsplit=1)[0]
    if said.startswith("Nothing"):
        return f"n{said[1:]}".replace(" in one of the periods", "")
    wanted = said.removeprefix("At least ")
    for long, short in _SHORT:
        wanted = wanted.replace(long, short)
    has = _HAVE.search(found.enough)
    if has is not None:
        return f"{_NEEDS}{wanted}, has {has[1]}"
    return f"enough: {wanted[:1].lower()}{wanted[1:]}"


def untold(reasons: Sequence[str], found: Comparison | None, said: str) -> tuple[str, ...]:
    """The reasons less the one that the few words already say whole.

    >>> from slo.evidence.comparison import Scale, Side
    >>> side = Side(estimate=None, n=5)
    >>> few = "At least 6 events in both periods together, of which there are 5."
    >>> found = Comparison(before=side, after=side, scale=Scale.RATIO, change=None, enough=few)
    >>> untold([few, "More."], found, "needs 6 events in all, has 5")
    ('More.',)
    >>> untold([few], found, "") == (few,)
    True
    """
    whole = found.enough if found is not None and said.startswith(_NEEDS) else ""
    return tuple(one for one in reasons if one != whole)


def _is_thin(found: Comparison, min_coverage: float) -> bool:
    """Whether too little of a period was observed."""
    covered = [side.coverage for side in (found.before, found.after) if side.coverage is not None]
    return any(one < min_coverage for one in covered)
