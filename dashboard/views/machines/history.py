"""How promises changed, for machines and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.views.compliance.history_words import block
from dashboard.views.compliance.versions import History, Version
from dashboard.views.machines.blocks import lines as block_lines
from slo.spans import rfc3339

SCHEMA = "burnline.history/1"


def document(found: Sequence[History], as_of: int) -> dict[str, object]:
    """Every version of every SLO, the newest first; unknown is None."""
    return {
        "schema": SCHEMA,
        "as_of": rfc3339(as_of),
        "slos": [
            {"name": one.slo.name, "versions": [_entry(each) for each in one.versions]}
            for one in found
        ],
    }


def lines(found: Sequence[History], width: int) -> tuple[str, ...]:
    """A table for each SLO, none wider than `width` columns."""
    return block_lines((block(one) for one in found), width)


def _entry(one: Version) -> dict[str, object]:
    return {
        "version": one.number,
        "objective": one.objective,
        "since": _at(one.since),
        "until": _at(one.until),
        "recorded_at": _at(one.recorded_at),
        "actor": one.actor,
        "is_withdrawn": one.is_withdrawn,
        "changes": _changes(one),
    }


def _changes(one: Version) -> list[dict[str, object]]:
    """The keys that say something else; `effective` where only that moved, None the beginning."""
    if one.moved is not None:
        before, after = _at(one.moved.before), _at(one.moved.after)
        return [{"key": "effective", "from": before, "to": after}]
    return [{"key": key, "from": old, "to": new} for key, old, new in one.changes]


def _at(at: int | None) -> str | None:
    return None if at is None else rfc3339(at)
