"""What `burnline uptime` shows: each uptime SLO and what incidents say, planned work both ways."""

from __future__ import annotations

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
from dashboard.views.machines.aligned import aligned
from dashboard.views.machines.delivery import entry, head
from dashboard.views.words import NOTHING, share_words
from slo import lengths

SCHEMA = "burnline.uptime/1"
_HEAD = (
    "UPTIME",
    "VALUE",
    "RANGE 95 %",
    "MIN PER 30 D",
    "OUTAGES",
    "COVERAGE",
    "PLANNED COUNTED",
    "BEFORE",
    "SAYS",
)
_RIGHT = {1, 2, 3, 4, 5, 6}


def document(made: Whole) -> dict[str, object]:
    """Each uptime, with planned work left out and counted; ratios are fractions of one."""
    return {**head(SCHEMA, made), "uptimes": [_entry(one) for one in made.ups]}


def lines(made: Whole) -> tuple[str, ...]:
    """The span, and a row for each uptime SLO and for all incidents together."""
    page = made.page
    notes = ", ".join(filter(None, [page.freshness, page.generated]))
    return (
        f"{page.scope} ({notes})",
        "",
        *aligned([_HEAD, *map(_row, made.ups)], _RIGHT),
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


def _row(up: Up) -> tuple[str, ...]:
    figure, line = up.excluded, line_of(up.excluded)
    name = up.name if up.is_seen else "by incidents"
    if figure.now is None:
        return (name, line.value, *[NOTHING] * 6, "")
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
        evidence_words(figure),
    )


def _rest(made: Whole) -> tuple[str, ...]:
    return ("", *made.page.notes) if made.page.notes else ()
