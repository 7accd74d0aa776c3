"""Values as TOML that reads back as what they were, whatever a foreign label holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

Value = str | Decimal | Mapping[str, str] | tuple[str, ...]
_BARE_KEY = re.compile("[A-Za-z0-9_-]+")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(value: Value) -> str:
    r"""The value as TOML: a selector between single quotes where that is possible.

    >>> literal('up{job="a"}'), literal("it's\n"), literal(Decimal("99.95"))
    ('\'up{job="a"}\'', '"it\'s\\n"', '99.95')
    """
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {literal(each)}" for key, each in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(literal, value))}]"
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return _basic(value)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _basic(key)


def _basic(text: str) -> str:
    return f'"{"".join(_escaped(char) for char in text)}"'


def _escaped(char: str) -> str:
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if char.isprintable():
        return char
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"  # noqa: PLR2004
