"""OpenSLO's words for what is promised, and the annotations that say what it has no word for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction

from slo.formats.contract import Labels
from slo.indicator import Op
from slo.spans import Period

VERSION = "openslo/v1"
ALPHA = "openslo/v1alpha"
OPS: Mapping[str, Op] = {"lt": Op.LT, "lte": Op.LTE, "gt": Op.GT, "gte": Op.GTE}
PERIODS: Mapping[str, Period] = {
    "1w": Period.WEEK,
    "1M": Period.MONTH,
    "1Q": Period.QUARTER,
    "3M": Period.QUARTER,
    "1Y": Period.YEAR,
    "12M": Period.YEAR,
}
ROWS, COLUMN = "rows", "column"
"""Where the spec of a metric names rows of a file, and which of their columns it counts."""
OWN = "burnline/"
"""The prefix of annotations that only burnline reads."""
_EXACT = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,40}|/(?=.*[1-9])[0-9]{1,40})?")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def fit_name(text: str) -> str:
    """The text as a name that OpenSLO takes everywhere (RFC 1123); itself where it is one.

    >>> fit_name("checkout"), fit_name("Checkout / EU"), fit_name("…")
    ('checkout', 'checkout-eu', 'unnamed')
    """
    if _NAME.fullmatch(text):
        return text
    return re.sub(r"[^a-z0-9]+", "-", text.lower())[:63].strip("-") or "unnamed"


def listed(words: tuple[str, ...]) -> str:
    """Several words as the one text that an annotation is."""
    return json.dumps(words, ensure_ascii=False)


def unlisted(text: str) -> tuple[str, ...]:
    """The words of such a text.

    Raises:
        ValueError: it is none.
    """
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{text!r} is no list of texts")
    return tuple(found)


def exact(text: str) -> Fraction:
    """The number in an annotation, written as `0.02` or `1/3`: no few letters become a huge one.

    Raises:
        ValueError: it is none, or 0 divides it.
    """
    if not _EXACT.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no number such as 0.02 or 1/3")
    return Fraction(text)


def foreign(annotations: Labels) -> Labels:
    """The annotations that somebody else reads."""
    return tuple(pair for pair in annotations if not pair[0].startswith(OWN))


def own(annotations: Labels) -> dict[str, str]:
    """What burnline's own annotations say, without their prefix."""
    return {key.removeprefix(OWN): text for key, text in annotations if key.startswith(OWN)}


def annotated(**said: str) -> dict[str, str]:
    """What is said, as annotations of burnline's own; empty texts say nothing."""
    return {f"{OWN}{key.replace('_', '-')}": text for key, text in said.items() if text}
