"""How things are named in the configuration: words for people, slugs where files are named."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

_LONGEST_NAME = 120
_LONGEST_SLUG = 80
_SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


def _name(value: str) -> str:
    if not 0 < len(value) <= _LONGEST_NAME or not value.isprintable() or value != value.strip():
        raise ValueError(f"must be 1 to {_LONGEST_NAME} printable characters without outer blanks")
    return value


def _slug(value: str) -> str:
    if not 0 < len(value) <= _LONGEST_SLUG or not _SLUG.issuperset(value):
        raise ValueError(f"must be 1 to {_LONGEST_SLUG} of a-z, 0-9, dot, _ and -: it names files")
    if value[0] in ".-":
        raise ValueError("must begin with a letter or a digit: it names files")
    return value


Name = Annotated[str, AfterValidator(_name)]
Slug = Annotated[str, AfterValidator(_slug)]
