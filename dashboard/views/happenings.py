"""What an event is called: its title, version and author, under whichever names a source keeps them."""

from __future__ import annotations

from collections.abc import Iterable

from slo.facts import EventRow

_TITLES = ("title", "summary", "name", "message", "subject")
_VERSIONS = ("version", "tag", "ref", "sha", "commit")
_AUTHORS = ("author", "user", "actor", "by")
_SHA_DIGITS, _SHOWN_DIGITS = 40, 7
_LONGEST = 90


def title_of(event: EventRow) -> str:
    """What it was, in a line; empty where nobody said."""
    return _cut(_first(event, _TITLES))


def version_of(event: EventRow) -> str:
    """What was deployed, its key where nothing else is known; a hash in its first digits."""
    said = _first(event, _VERSIONS) or event.key
    is_hash = len(said) == _SHA_DIGITS and said.isalnum()
    return said[:_SHOWN_DIGITS] if is_hash else _cut(said)


def author_of(event: EventRow) -> str:
    """Who did it; empty where nobody said."""
    return _cut(_first(event, _AUTHORS))


def _first(event: EventRow, names: Iterable[str]) -> str:
    said = (event.fields.get(name) for name in names)
    return next((str(one).strip().splitlines()[0] for one in said if str(one or "").strip()), "")


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
