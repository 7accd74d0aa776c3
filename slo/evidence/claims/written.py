"""Numbers as people write them in documents, exactly, with how many decimals they were written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

_MOST_DIGITS = 30
_MINUSES = "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"
_SPACES = "\u00a0\u2007\u2009\u202f\u200b\u2060\ufeff"
_THOUSAND = 3
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+")
_SIGNS = MappingProxyType(
    {**dict.fromkeys(map(ord, _MINUSES), "-"), **dict.fromkeys(map(ord, _SPACES), " ")}
)
_RISES = re.compile("[\u2191\u21d1\u25b2\u2b06\U0001f53c]\ufe0f?\\s*(?=[0-9])")
_FALLS = re.compile("[\u2193\u21d3\u25bc\u2b07\U0001f53d]\ufe0f?\\s*(?=[0-9])")
_HALVES = MappingProxyType(dict.fromkeys(map(ord, "\u00d7\u2715\u2716\u2a09"), "x"))
NUMBER = r"(?:[0-9]{1,3}(?:['\u2019_ ][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*)"
"""Digits with what may part them; a pattern for larger ones."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number without its sign, and how many decimals it was written with."""

    value: Fraction
    decimals: int

    def is_rounded(self, exact: Fraction) -> bool:
        """Whether the exact value rounds to this one at its own number of digits.

        A half may have been rounded either way.

        >>> Number(Fraction(40), 0).is_rounded(Fraction("40.24"))
        True
        """
        return abs(exact - self.value) <= Fraction(1, 2 * 10**self.decimals)


def plain(text: str) -> str:
    r"""The text with one kind of minus, cross, arrow and space, in small letters.

    >>> plain("72\u00a0h \u2192 8 h"), plain("\u2212 5\u00d7")
    ('72 h -> 8 h', '- 5x')
    >>> plain("\u2193 40 %"), plain("\u2b06\ufe0f40%")
    ('-40 %', '+40%')
    """
    text = _FALLS.sub("-", _RISES.sub("+", text))
    told = re.sub(r"[\u2190-\u21ff\u2794-\u27be\u27f0-\u27ff]|=>|-->|->", "\x00", text)
    # An en dash between two things that are no sign of a number is an arrow too.
    told = re.sub(
        r"(?<=[0-9%a-z)])\s*[\u2013\u2014]\s*(?=[0-9a-z$\u20ac])", "\x00", told, flags=re.IGNORECASE
    )
    told = told.translate(_SIGNS).translate(_HALVES).replace("\x00", " -> ")
    return " ".join(told.lower().split())


def number(text: str) -> Number | None:
    """The number that is written so; None where it is none, or has more digits than anyone reads.

    Of a point and a comma the last one is the decimal sign; a comma alone parts thousands where
    three digits follow it, unless nothing but a zero stands before; a point alone never does.

    >>> [number(text).value for text in ("1,200", "1.234,5", "99,80", "1'200", "0,170")]
    [Fraction(1200, 1), Fraction(2469, 2), Fraction(499, 5), Fraction(1200, 1), Fraction(17, 100)]
    >>> number("1e999999999") is None, number("nan") is None
    (True, True)
    """
    digits = re.sub(r"[ '\u2019_]", "", text.strip())
    if not re.fullmatch(r"[0-9][0-9.,]*", digits) or len(digits) > _MOST_DIGITS:
        return None
    sign = _decimal_sign(digits)
    whole, _, fraction = digits.rpartition(sign) if sign else (digits, "", "")
    if not _WHOLE.fullmatch(whole) or (sign and not fraction.isdigit()):
        return None
    whole = whole.replace(",", "").replace(".", "")
    return Number(Fraction(f"{whole}.{fraction}" if sign else whole), len(fraction))


def _decimal_sign(digits: str) -> str:
    """The sign that parts decimals; "" where there are none."""
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma < 0 and point < 0:
        return ""
    last = "," if comma > point else "."
    if comma >= 0 and point >= 0:
        return last
    if digits.count(last) > 1:
        return ""
    whole, _, fraction = digits.partition(last)
    is_thousands = last == "," and len(fraction) == _THOUSAND and whole.lstrip("0") == whole
    return "" if is_thousands else last
