"""Which column of a table says what, by the words of its head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from slo.evidence.claims.quantities import Unit, unit_in
from slo.evidence.claims.written import plain

_BEFORE = re.compile(
    r"\b(?:before|old|from|baseline|was|then|legacy|previous(?:ly)?|prior|monolith|start|vorher|avant)\b"
)
_AFTER = re.compile(
    r"\b(?:after|new|to|now|current(?:ly)?|today|cloud|actual|achieved|reached|is|nachher|apres|après)\b"
)
_CHANGE = re.compile(
    r"(?:\b(?:changes?|delta|improvements?|diff(?:erence)?|gain|effect|impact|result|veränderung)\b"
    r"|δ|^\s*[+-]?/?[+-]?\s*%\s*$)"
)
_METRIC = re.compile(
    r"\b(?:metrics?|kpis?|measures?|indicators?|area|what|name|goal area|item|dimension|kennzahl)\b"
)
_GOAL = re.compile(r"\b(?:goals?|targets?|objectives?|slo)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a table says what; None where it does not. `step` is a column "before -> after"."""

    metric: int
    before: int | None = None
    after: int | None = None
    step: int | None = None
    change: int | None = None
    goal: int | None = None
    before_unit: Unit | None = None
    after_unit: Unit | None = None


def columns(heads: Sequence[str]) -> Columns | None:
    """The columns of a table of claims; None where it has no before and after to speak of.

    >>> found = columns(["KPI", "Old (ms)", "New (ms)", "Improvement"])
    >>> (found.metric, found.before, found.after, found.change)
    (0, 1, 2, 3)
    """
    told = [plain(head) for head in heads]
    step = next((place for place, head in enumerate(told) if _is_step(head)), None)
    change = _first(told, _CHANGE, {step})
    goal = _first(told, _GOAL, {step, change})
    before = _first(told, _BEFORE, {step, change, goal})
    after = _first(told, _AFTER, {step, change, goal, before})
    if step is None and (before is None or after is None):
        before = after = None
        step = change
        change = None
    if step is None and before is None:
        return None
    taken = {before, after, step, change, goal}
    metric = _first(told, _METRIC, taken)
    rest = [place for place in range(len(told)) if place not in taken]
    if metric is None and not rest:
        return None
    return Columns(
        metric=rest[0] if metric is None else metric,
        before=before,
        after=after,
        step=step,
        change=change,
        goal=goal,
        before_unit=None if before is None else unit_in(heads[before]),
        after_unit=None if after is None else unit_in(heads[after]),
    )


def _is_step(head: str) -> bool:
    """Whether one column holds both values: "before -> after", "before/after", "from - to"."""
    return bool(_BEFORE.search(head) and _AFTER.search(head) and re.search(r"->|/|-", head))


def _first(heads: Sequence[str], words: re.Pattern[str], taken: set[int | None]) -> int | None:
    return next(
        (place for place, head in enumerate(heads) if place not in taken and words.search(head)),
        None,
    )
