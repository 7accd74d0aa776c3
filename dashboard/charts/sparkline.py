"""How the budget went over the last weeks: a line that keeps its gaps."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from itertools import groupby

from dashboard.charts.markup import Markup, element

WIDTH_PX, HEIGHT_PX = 120, 30
_PAD_PX = 2.0
# An image knows nothing of the page's theme: mid-tones that read on both grounds.
_LINE, _ZERO = "#5b8bdc", "#8a94a3"


def sparkline(shares: Sequence[float | None], *, says: str) -> Markup:
    """The image of daily shares of the budget left; None is a gap, never a zero.

    The scale runs from 0 to 100 %, further down only when the budget was overspent.
    `says` is what a reader without the picture gets.
    """
    drawn = b64encode(_svg(shares).encode()).decode("ascii")
    return element(
        "img",
        src=f"data:image/svg+xml;base64,{drawn}",
        width=str(WIDTH_PX),
        height=str(HEIGHT_PX),
        alt=says,
    )


def _svg(shares: Sequence[float | None]) -> str:
    floor = min([-0.15, *(s for s in shares if s is not None)])
    zero = _y(0.0, floor)
    lines = "".join(_line(run) for run in _runs(shares, floor))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_PX}" height="{HEIGHT_PX}">'
        f'<path d="M0 {zero:.1f}H{WIDTH_PX}" stroke="{_ZERO}" stroke-width="1"/>{lines}</svg>'
    )


def _y(share: float, floor: float) -> float:
    top = max(share, floor)
    return _PAD_PX + (1.0 - min(top, 1.0)) / (1.0 - floor) * (HEIGHT_PX - 2 * _PAD_PX)


def _runs(shares: Sequence[float | None], floor: float) -> list[list[tuple[float, float]]]:
    step = (WIDTH_PX - 4) / max(len(shares) - 1, 1)
    points = [(2 + i * step, s) for i, s in enumerate(shares)]
    known = groupby(points, key=lambda point: point[1] is not None)
    return [
        [(x, _y(s, floor)) for x, s in run if s is not None] for measured, run in known if measured
    ]


def _line(run: list[tuple[float, float]]) -> str:
    if len(run) == 1:
        x, y = run[0]
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.3" fill="{_LINE}"/>'
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
    return f'<path d="M{path}" fill="none" stroke="{_LINE}" stroke-width="1.5" stroke-linejoin="round"/>'
