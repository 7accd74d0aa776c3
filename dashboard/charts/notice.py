"""How a page looks that can show no figures: the fact, its place, and the line that mends it."""

from __future__ import annotations

import re

from dashboard.charts.markup import Child, Markup, element, join, text
from dashboard.views.upkeep.notice import Notice

_CODE = re.compile(r"`([^`]+)`")


def notice_page(notice: Notice) -> Markup:
    """What is wrong, where and how to mend it; several problems stand a line each."""
    problems = None if notice.is_paste else _problems(notice.lines)
    paste = _paste(notice.lines) if notice.is_paste else None
    parts = (
        ("What", join(with_code(notice.what), problems) if notice.what or problems else None),
        ("Where", with_code(notice.where)),
        ("Mend it", join(with_code(notice.mend), paste)),
    )
    listed = [piece for name, part in parts if part for piece in _part(name, part)]
    return element(
        "section",
        element("h1", notice.title),
        element("dl", *listed),
        _lead() if notice.leads_to_health else None,
        class_="bl trouble",
        role="alert",
    )


def _lead() -> Markup:
    more = element("a", "Data health", href="/health", target="_self")
    return element("p", more, " tells how each source stands.")


def _part(name: str, words: Child) -> tuple[Markup, Markup]:
    return element("dt", name), element("dd", words)


def _problems(lines: tuple[str, ...]) -> Markup | None:
    return element("ul", *(element("li", with_code(line)) for line in lines)) if lines else None


def _paste(lines: tuple[str, ...]) -> Markup:
    return element("pre", join(*(join(text(line), Markup("\n")) for line in lines)))


def with_code(words: str) -> Markup:
    """The words as text, what stands in backquotes as code.

    >>> with_code("run `ls <dir>` first")
    'run <code>ls &lt;dir&gt;</code> first'
    """
    pieces = _CODE.split(words)
    return join(*(element("code", each) if i % 2 else text(each) for i, each in enumerate(pieces)))
