"""Text that Markdown shows as it stands."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~$&@^]|:(?=//)|(?<=www)\.|^[-+=:]|(?<=^[0-9])[.)])")


def escaped(text: str) -> str:
    r"""The text as Markdown shows it literally: no link, no emphasis, no table, no HTML.

    >>> escaped("[a](http://b) | <i>")
    '\\[a\\](http\\://b) \\| \\<i\\>'
    """
    return _SPECIAL.sub(r"\\\1", text)
