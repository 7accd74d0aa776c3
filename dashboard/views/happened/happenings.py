"""What an event is called: its title, version and author, under whichever names a source keeps them.

Pages, causes of falls and reports all name it by this one list.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import hexdigits
from typing import Protocol

from dashboard.views.words import cut_words
from slo.facts import EventKind, EventRow
from slo.spans import Span

_TITLES = ("title", "summary", "name", "message", "subject")
_VERSIONS = ("version", "tag", "ref")
_COMMITS = ("sha", "commit")
_AUTHORS = ("author", "user", "actor", "by")
_SHA_DIGITS, _SHOWN_DIGITS = (40, 64), 7
_LONGEST = 90


class Happened(Protocol):
    """The part of the store's reader that knows what happened."""

    def events(
        self,
        kind: EventKind | None = None,
        source: str | None = None,
        span: Span | None = None,
    ) -> tuple[EventRow, ...]:
        """What happened, by time."""


def title_of(event: EventRow) -> str:
    """What it was, in a line; empty where nobody said."""
    return cut_words(_line(whole_title_of(event)), _LONGEST)


def whole_title_of(event: EventRow) -> str:
    """What it was with every line of it, for documents; empty where nobody said."""
    return _first(event, _TITLES)


def version_of(event: EventRow) -> str:
    """What was deployed: a name goes before a hash, which is told in its first digits."""
    key = "" if _is_hash(event.key) else event.key
    told = _first(event, _VERSIONS) or key or _first(event, _COMMITS) or event.key
    said = _line(told)
    return said[:_SHOWN_DIGITS] if _is_hash(said) else cut_words(said, _LONGEST)


def author_of(event: EventRow) -> str:
    """Who did it; empty where nobody said."""
    return cut_words(_line(_first(event, _AUTHORS)), _LONGEST)


def _is_hash(said: str) -> bool:
    return len(said) in _SHA_DIGITS and all(digit in hexdigits for digit in said)


def _first(event: EventRow, names: Iterable[str]) -> str:
    said = (str(event.fields.get(name) or "").strip() for name in names)
    return next((one for one in said if one), "")


def _line(said: str) -> str:
    return said.splitlines()[0] if said else ""
