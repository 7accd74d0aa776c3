"""How the lines above every page look: a glyph and words, no box that shouts."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.charts.markup import Markup, element
from dashboard.charts.notice import with_code
from dashboard.views.upkeep.banners import Banner


def banner_lines(banners: Sequence[Banner]) -> Markup:
    """One line each; at least one of them."""
    return element("div", *(_line(one) for one in banners), class_="bl banners", role="status")


def _line(one: Banner) -> Markup:
    glyph = "st frozen" if one.is_note else "st late"
    what = element("b", with_code(one.what), class_=glyph)
    mend = element("span", with_code(one.mend), class_="g") if one.mend else None
    return element("p", what, " " if mend else None, mend, class_="banner")
