"""Words that were said on the command line as a sentence of a page."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+(?=[,.;]?(?: |$))")
_ENDS = (".", "!", "?", ":", "…")


def sentence(words: str) -> str:
    """With a capital and a full stop; a name of a file, a metric or a command stays as it is.

    A name that reads like a word cannot be told from one: callers begin with a word of ours.

    >>> sentence("the store is damaged"), sentence("a.csv: there is no such file")
    ('The store is damaged.', 'a.csv: there is no such file.')
    >>> sentence("source a told of nothing")
    'Source a told of nothing.'
    """
    said = capital(words.rstrip())
    return said if not said or said.endswith(_ENDS) else f"{said}."


def capital(words: str) -> str:
    """With a capital, unless the words begin with a name.

    >>> capital("refused, HTTP 403"), capital("checkout_total: timed out"), capital("shop: lost")
    ('Refused, HTTP 403', 'checkout_total: timed out', 'shop: lost')
    """
    first = _WORD.match(words)
    if first is None or first[0] == "burnline":
        return words
    return f"{words[0].upper()}{words[1:]}"
