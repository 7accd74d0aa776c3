"""What may be written into a page: markup in which every text is already escaped."""

from __future__ import annotations

import re
from html import escape

_VOID = frozenset({"br", "img", "meta"})
_UNIT = re.compile(r"(?<=[\d–]) (?=(?:%|pp|ms|s|m|h|d|w|min|UTC|[A-Z][a-z]{2})(?![a-z]))")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Markup(str):
    """HTML that is safe to show: made by `element` and `join` alone."""

    __slots__ = ()


Child = Markup | str | None


def text(value: str) -> Markup:
    r"""The text itself, whatever it holds, with numbers kept beside their units.

    Control and direction marks could rearrange what stands around them, so each
    is shown as the replacement character.

    >>> text("<b>12 %</b>")
    '&lt;b&gt;12\xa0%&lt;/b&gt;'
    """
    return Markup(escape(plain(value)))


def plain(value: str) -> str:
    """The text as it is shown, before it is escaped."""
    seen = _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value)
    return _UNIT.sub("\N{NO-BREAK SPACE}", seen)


def marked(words: Child, mark: str, tone: str = "") -> Markup:
    """Words with the sign of their state before them, coloured where the sign alone does not."""
    return element("span", words, class_=f"st {mark} {tone}".rstrip())


def join(*children: Child) -> Markup:
    """The children one after another; None is nothing, a plain string is text."""
    return Markup(
        "".join(c if isinstance(c, Markup) else text(c) for c in children if c is not None)
    )


def element(name: str, *children: Child, **attributes: str | None) -> Markup:
    """One element; `class_` reads `class`, `aria_label` reads `aria-label`, None leaves out.

    >>> element("td", "5 > 3", class_="n")
    '<td class="n">5 &gt; 3</td>'
    """
    written = "".join(
        f' {_attribute(key)}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
