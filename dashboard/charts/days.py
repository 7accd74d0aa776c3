"""How much of each day was measured: a strip of days as an image."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from dashboard.charts.markup import Markup, element
from dashboard.views.counted.measured import Day

_STEP_PX, _WIDE_PX, _HIGH_PX = 7, 6, 12
# An image knows nothing of the page's theme: a mid-tone that reads on both grounds.
_GREY = "#8c97a6"


def days_strip(days: Sequence[Day | None], *, says: str) -> Markup:
    """Filled is measured all day, half is in part, dashed is not; a day of no expectation is void.

    `says` is what a reader without the picture gets.
    """
    width = _STEP_PX * len(days)
    drawn = "".join(_day(i * _STEP_PX, day) for i, day in enumerate(days))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="16">{drawn}</svg>'
    source = b64encode(svg.encode()).decode("ascii")
    return element(
        "img",
        src=f"data:image/svg+xml;base64,{source}",
        width=str(width),
        height="16",
        alt=says,
        title=says,
    )


def _day(x: int, day: Day | None) -> str:
    if day is None:
        return ""
    if day is Day.WHOLE:
        return f'<rect x="{x}" y="2" width="{_WIDE_PX}" height="{_HIGH_PX}" fill="{_GREY}"/>'
    outline = f'x="{x}.5" y="2.5" width="{_WIDE_PX - 1}" height="{_HIGH_PX - 1}" fill="none" stroke="{_GREY}"'
    if day is Day.NONE:
        return f'<rect {outline} stroke-dasharray="2 2"/>'
    half = f'<rect x="{x}" y="8" width="{_WIDE_PX}" height="6" fill="{_GREY}"/>'
    return f"<rect {outline}/>{half}"
