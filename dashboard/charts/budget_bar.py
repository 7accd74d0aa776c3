"""How much of a budget is left, as a bar whose full width is all of it."""

from __future__ import annotations

from fractions import Fraction

from dashboard.charts.markup import Markup, element

# The zero mark stands here, so that an overspent budget has room to grow to its left.
ZERO_AT_PERCENT = 20.0
# What is overspent by more fades out at the left end: the bar goes on, the room does not.
_NEGATIVE_ROOM = Fraction(1, 4)


def budget_bar(left: Fraction | None, *, low: bool, frozen: bool, says: str) -> Markup:
    """The bar of a share left; None is an empty dashed track, overspent grows leftwards."""
    kind = _kind(left, low=low, frozen=frozen)
    filled = None if left is None else element("b", style=f"width:{_width_percent(left):.1f}%")
    return element(
        "span",
        element("i"),
        filled,
        element("u"),
        class_=f"bud {kind}".strip(),
        role="img",
        aria_label=says,
    )


def _kind(left: Fraction | None, *, low: bool, frozen: bool) -> str:
    if left is None:
        return "none"
    if left < 0:
        off = " off" if -left > _NEGATIVE_ROOM else ""
        return f"neg part{off}" if frozen else f"neg{off}"
    if frozen:
        return "part"
    return "low" if low else ""


def _width_percent(left: Fraction) -> float:
    room = ZERO_AT_PERCENT if left < 0 else 100.0 - ZERO_AT_PERCENT
    # One scale on both sides of zero; what is off the track ends at its edge.
    return min(abs(float(left)) * (100.0 - ZERO_AT_PERCENT), room)
