"""What `burnline uptime` shows: each uptime SLO and what incidents say, planned work both ways."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dashboard.views.delivery.figure import Figure
from dashboard.views.delivery.making import Whole
from dashboard.views.delivery.uptimes import Up
from dashboard.views.delivery.words import (
    before_words,
    evidence_words,
    interval_words,
    line_of,
    value_words,
)
from dashboard.views.machines.aligned import aligned, folded
from dashboard.views.machines.delivery import entry, head
from dashboard.views.shown import shown
from dashboard.views.words import NOTHING, share_words
from slo import lengths

SCHEMA = "burnline.uptime/1"
_HEAD = (
    "UPTIME",
    "VALUE",
    "RANGE 95 %",
    "MIN / 30 D",
    "OUTAGES",
    "COVERAGE",
    "WITH PLANNED",
    "BEFORE",
)
_RIGHT = {1, 2, 3, 4, 5, 6}
_NAME = 24


def document(made: Whole) -> dict[str, object]:
    """Each uptime, with planned work left out and counted; ratios are fractions of one."""
    return {**head(SCHEMA, made), "uptimes": [_entry(one) for one in made.ups]}


def lines(made: Whole) -> tuple[str, ...]:
    """What was up least, the span, a row for each uptime SLO and for all incidents together."""
    page = made.page
    notes = ", ".join(filter(None, [page.freshness, page.generated]))
    return (
        _least(made.ups),
        f"{page.scope} ({notes})",
        "",
        *_table(made.ups),
        *_rest(made),
    )


def down_minutes(figure: Figure) -> float | None:
    """Minutes down in thirty days at this uptime; None where it is not known."""
    if figure.now is None or figure.now.estimate is None:
        return None
    return lengths.down_minutes(1 - figure.now.estimate)


def _entry(up: Up) -> dict[str, object]:
    return {
        "name": up.name,
        "service": up.service or None,
        "by": "probes" if up.is_seen else "incidents",
        "planned_left_out": _way(up.excluded),
        "planned_counted": _way(up.counted),
    }


def _way(figure: Figure) -> dict[str, object]:
    return {**entry(figure), "down_minutes_per_30_days": down_minutes(figure)}


def _least(ups: Sequence[Up]) -> str:
    """The sentence: what was up for the smallest share of the time."""
    known = [
        (figure.now.estimate, up)
        for up in ups
        if (figure := up.excluded).now is not None and figure.now.estimate is not None
    ]
    if not known:
        return "Nothing is known of any uptime"
    _, up = min(known, key=lambda one: one[0])
    said = line_of(up.excluded).value
    whose = f"that of {shown(up.name, _NAME)}" if up.is_seen else "that by incidents"
    return f"The least uptime is {whose}: {said}"


def _table(ups: Sequence[Up]) -> tuple[str, ...]:
    head, *told = aligned([_HEAD, *map(_row, ups)], _RIGHT)
    lines = zip(told, ups, strict=True)
    said = ((row, *folded(_evidence(up.excluded))) for row, up in lines)
    return (head, *(each for one in said for each in one))


def _evidence(figure: Figure) -> str:
    return "" if figure.now is None else evidence_words(figure)


def _row(up: Up) -> tuple[str, ...]:
    figure, line = up.excluded, line_of(up.excluded)
    name = shown(up.name, _NAME) if up.is_seen else "by incidents"
    if figure.now is None:
        return (name, line.value, *[NOTHING] * 6)
    minutes = down_minutes(figure)
    covered = figure.now.coverage
    counted = up.counted.now
    return (
        name,
        line.value,
        interval_words(figure, figure.now.interval),
        NOTHING if minutes is None else f"{minutes:,.1f}",
        line.n,
        share_words(None if covered is None else Fraction(covered)),
        NOTHING if counted is None else value_words(up.counted, counted),
        before_words(figure),
    )


def _rest(made: Whole) -> tuple[str, ...]:
    return ("", *made.page.notes) if made.page.notes else ()
