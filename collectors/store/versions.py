"""What was promised when: the versions of definitions, and which of them was in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from collectors.store.opening.sql_text import Ask

_CHANGED = (
    "SELECT slo, version, effective, recorded_at, document FROM definitions"
    " WHERE slo IN (SELECT slo FROM definitions WHERE version > 1) ORDER BY slo, version"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of an SLO; in force from `effective` on, None: from the beginning."""

    slo: str
    version: int
    effective: int | None
    recorded_at: int
    document: Mapping[str, Any]


def read_changed_definitions(ask: Ask) -> dict[str, tuple[Definition, ...]]:
    """Every version of each SLO that has more than one, by its name."""
    found: dict[str, tuple[Definition, ...]] = {}
    for slo, version, effective, recorded_at, document in ask(_CHANGED):
        one = Definition(slo, version, effective, recorded_at, orjson.loads(document))
        found[slo] = (*found.get(slo, ()), one)
    return found


def definition_at(versions: tuple[Definition, ...], at: int) -> Definition | None:
    """The version in force at a moment: the newest that was effective by then.

    A version that another one replaced before it came into force never was in force.
    """
    effective = [one for one in versions if one.effective is None or one.effective <= at]
    held = [one for one in effective if not _is_withdrawn(one, versions)]
    return held[-1] if held else None


def _is_withdrawn(one: Definition, versions: tuple[Definition, ...]) -> bool:
    if one.effective is None:
        return False
    later = (other for other in versions if other.version > one.version)
    return any(other.recorded_at < one.effective for other in later)
