"""How the traffic moved: a row a service, its share on the new system by day as a picture."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from fractions import Fraction

from dashboard.charts.markup import Markup, element, join
from dashboard.charts.objective import title
from dashboard.charts.plot import LINE
from dashboard.charts.table import Column, cell, name_cell, row, table
from dashboard.views.migration.model import MovedLine, Progress
from dashboard.views.pages.migration_words import (
    WHOLE,
    day_ticks,
    moved_words,
    progress_note,
    setbacks,
    share_course_words,
)

# An image knows nothing of the page's theme: tones that read on both grounds.
_OLD = "#7f8998"
_HIGH = 100
_PALEST = 0.36
# As many steps back as a strip has room for, and the part of it that their words need.
_MOST_BACK, _ROOM = 2, 0.2


def progress_table(progress: Progress, zone_key: str) -> Markup:
    """All traffic first, then each service with the day from which all of it was new."""
    ticks = element(
        "span", *(element("span", day) for day in day_ticks(progress.span, zone_key)), class_="days"
    )
    columns = (Column("Service"), Column(ticks, "pic"), Column("All moved", "n dt"))
    lines = (progress.whole, *progress.services)
    rows = (_row(one, zone_key, is_whole=one is progress.whole) for one in lines)
    made = table("Traffic on the new system, by day", columns, rows, "tr")
    head = title("Traffic on the new system, by day", progress_note())
    return join(head, element("div", made, class_="bl"))


def _row(one: MovedLine, zone_key: str, *, is_whole: bool) -> Markup:
    name = join(f"{WHOLE} ", element("span", "new over old", class_="s"))
    source = b64encode(_svg([share for _, share in one.days]).encode()).decode("ascii")
    says = share_course_words(one, zone_key)
    picture = element("img", src=f"data:image/svg+xml;base64,{source}", alt=says, title=says)
    return row(
        name_cell(name if is_whole else one.service),
        cell(picture, *_setbacks(one, zone_key), kind="pic"),
        cell(moved_words(one, zone_key), kind="n dt g", label="All moved"),
        kind="all" if is_whole else None,
    )


def _setbacks(one: MovedLine, zone_key: str) -> tuple[Markup, ...]:
    """The words of each step back, before its day: what follows it stands higher."""
    count = max(len(one.days), 1)
    return tuple(
        element("span", words, class_="bk", aria_hidden="true", style=_left_of(place / count))
        for place, words in setbacks(one, zone_key)[:_MOST_BACK]
    )


def _left_of(part: float) -> str:
    """To the left of a place, or to its right where there is no room."""
    if part > _ROOM:
        return f"right:{(1 - part) * 100:.1f}%"
    return f"left:{part * 100:.1f}%"


def _svg(shares: Sequence[Fraction | None]) -> str:
    """A column a day as high as its share, the paler the lower; a day without traffic is empty."""
    drawn = "".join(_day(place, share) for place, share in enumerate(shares))
    size = f'viewBox="0 0 {max(len(shares), 1)} {_HIGH}" preserveAspectRatio="none"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} shape-rendering="crispEdges">{drawn}</svg>'
    )


def _day(place: int, share: Fraction | None) -> str:
    if share is None:
        return ""
    old = f'<rect x="{place}" width="1" height="{_HIGH}" fill="{_OLD}" fill-opacity=".15"/>'
    if not share:
        return old
    high = float(share) * _HIGH
    strong = _PALEST + (1 - _PALEST) * float(share)
    return (
        f'{old}<rect x="{place}" y="{_HIGH - high:.2f}" width="1" height="{high:.2f}"'
        f' fill="{LINE}" fill-opacity="{strong:.2f}"/>'
    )
