"""The colours of the pages can be read on both grounds, and their style loads nothing."""

from __future__ import annotations

import pytest

from dashboard.charts.theme import GROUNDS, STATES, stylesheet


def channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def mixed(colour: str, other: str, share: float) -> tuple[float, ...]:
    pairs = zip(channels(colour), channels(other), strict=True)
    return tuple(share * a + (1 - share) * b for a, b in pairs)


def luminance(colour: tuple[float, ...]) -> float:
    def linear(value: float) -> float:
        scaled = value / 255
        return scaled / 12.92 if scaled <= 0.04045 else ((scaled + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(value) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("state", "share", "least"), [("red", 0.78, 4.5), ("amber", 0.78, 4.5), ("bar", 0.88, 3)]
)
def test_state_colours_can_be_read_on_both_grounds(
    theme: str, state: str, share: float, least: float
) -> None:
    """WCAG 2.2: 4.5 for text (1.4.3), 3 for graphics (1.4.11)."""
    ground, ink = GROUNDS[theme]

    assert f"{STATES[state]} {share:.0%}" in stylesheet()
    assert contrast(mixed(STATES[state], ink, share), channels(ground)) >= least


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_grey_text_can_be_read_on_both_grounds(theme: str) -> None:
    ground, ink = GROUNDS[theme]

    assert "--grey:color-mix(in srgb,var(--ink) 72%,transparent)" in stylesheet()
    assert contrast(mixed(ink, ground, 0.72), channels(ground)) >= 4.5


def test_the_style_loads_nothing_from_anywhere() -> None:
    assert "url(" not in stylesheet()
    assert "@import" not in stylesheet()
