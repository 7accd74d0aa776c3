"""Which colours and measures the page has: one place for all of them."""

from __future__ import annotations

from importlib.resources import files
from string import Template
from types import MappingProxyType

# State colours before they are mixed with the text's own: legible on both grounds.
STATES = MappingProxyType({"bar": "#4a82e0", "red": "#dc352b", "amber": "#cc7a08"})
# What states and greys are mixed into, by theme: (ground, text).
GROUNDS = MappingProxyType({"light": ("#ffffff", "#1a2230"), "dark": ("#10141a", "#e4e8ee")})

# What all pages share comes first.
_SHEETS = ("burnline.css", "objective.css", "migration.css", "delivery.css")

_LIGHT = MappingProxyType(
    {
        "primaryColor": "#4b5668",
        "backgroundColor": GROUNDS["light"][0],
        "secondaryBackgroundColor": "#f4f5f7",
        "textColor": GROUNDS["light"][1],
        "linkColor": "#2457b0",
        "borderColor": "#dfe1e5",
    }
)
_DARK = MappingProxyType(
    {
        "primaryColor": "#a9b4c2",
        "backgroundColor": GROUNDS["dark"][0],
        "secondaryBackgroundColor": "#191e26",
        "textColor": GROUNDS["dark"][1],
        "linkColor": "#8db4f5",
        "borderColor": "#2c3138",
    }
)


def stylesheet() -> str:
    """The pages' CSS with its colours filled in."""
    assets = files("dashboard").joinpath("assets")
    css = (assets.joinpath(name).read_text(encoding="utf-8") for name in _SHEETS)
    (ground, ink), (dark, pale) = GROUNDS["light"], GROUNDS["dark"]
    grounds = {"ground": f"light-dark({ground},{dark})", "ink": f"light-dark({ink},{pale})"}
    return Template("\n".join(css)).substitute({**STATES, **grounds})


def streamlit_options() -> dict[str, object]:
    """The theme as Streamlit's configuration keys, light and dark."""
    options: dict[str, object] = {
        "theme.baseFontSize": 14,
        "theme.baseRadius": "4px",
        "theme.paddingTop": "1.6rem",
        "theme.paddingBottom": "2.5rem",
    }
    for name, colours in (("light", _LIGHT), ("dark", _DARK)):
        options |= {f"theme.{name}.{key}": value for key, value in colours.items()}
    return options
