"""What a source said beside an event, under whichever of the usual names it said it.

Names are compared by their letters and digits alone: `merged_at`, `mergedAt` and `Merged at` are
one. Whatever cannot be read is left out and counted, never guessed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from slo.delivery.facts import Flaw
from slo.facts import EventRow
from slo.lengths import DAY_S
from slo.spans import epoch_s

Said = str | float | int | bool | None

NAMES: Mapping[str, tuple[str, ...]] = {
    "environment": ("environment", "env", "stage", "target_environment"),
    "result": ("status", "result", "conclusion", "state", "outcome"),
    "version": ("version", "sha", "commit", "commit_sha", "revision", "tag", "ref"),
    "title": ("title", "summary", "name", "message", "subject", "description"),
    "succeeded_at": ("first_success_at", "succeeded_at", "success_at", "deployed_at"),
    "merged_at": ("merged_at", "merge_time", "pull_request_merged_at"),
    "committed_at": ("first_commit_at", "committed_at", "committed_date", "commit_at"),
    "rollback": ("rollback", "is_rollback"),
    "rollback_of": ("rollback_of", "rolls_back", "rollback_triggering_deployment_id"),
    "creator": ("creator", "created_by"),
    "failed": ("failed", "has_failed", "change_failed", "caused_failure"),
    "planned": ("planned", "is_planned", "scheduled"),
    "unplanned": ("unplanned", "hotfix", "is_hotfix", "rework", "is_rework"),
    "type": ("type", "kind", "deployment_type", "change_type"),
    "duration_s": ("duration_s", "duration_sec", "duration_seconds"),
    "draft": ("draft", "is_draft"),
    "severity": ("severity", "priority", "sev", "urgency"),
    "impact": ("impact", "customer_impact", "status_impact"),
    "felt": ("felt", "customers_affected", "is_customer_impacting", "customer_facing"),
    "restored_at": ("restored_at", "resolved_at", "recovered_at", "impact_end_date"),
    "detected_at": ("detected_at", "alerted_at", "noticed_at"),
    "created_at": ("created_at", "opened_at", "reported_at", "created_utc", "created"),
    "acknowledged_at": ("acknowledged_at", "acked_at", "first_ack_at", "ack_at"),
    "users": ("users", "users_affected", "affected_users"),
    "caused_by": ("caused_by", "deployment", "deployment_id", "deployment_key", "root_cause_sha"),
}
"""The names that sources use for one thing, the most telling first."""

_YES = frozenset({"true", "yes", "y", "1", "t"})
_NO = frozenset({"false", "no", "n", "0", "f"})
_EARLIEST, _LATEST = 946_684_800, 7_258_118_400
_MILLISECONDS_FROM = 100_000_000_000
_LONGEST_TIME = 40
_MOST, _LONGEST_S = 10**12, 100 * 366 * DAY_S


@lru_cache(maxsize=4_096)
def plain(name: str) -> str:
    """The letters and digits of a name, in small letters.

    >>> plain("Merged at"), plain("mergedAt")
    ('mergedat', 'mergedat')
    """
    return "".join(filter(str.isalnum, name)).casefold()


_PLAIN = {thing: tuple(map(plain, names)) for thing, names in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """The fields of one event of a time; `flaws` gathers what could not be read, over all."""

    fields: Mapping[str, Said]
    flaws: list[Flaw] = field(default_factory=list)
    at: int = 0

    @classmethod
    def of(cls, event: EventRow, flaws: list[Flaw]) -> Told:
        """What the event says."""
        return cls({plain(name): said for name, said in event.fields.items()}, flaws, event.at)

    def leave_out(self, why: str) -> None:
        """Note that the row is not counted."""
        self.flaws.append(Flaw(self.at, why, is_row=True))

    def doubt(self, why: str) -> None:
        """Note that a field of the row is not used; the row counts without it."""
        self.flaws.append(Flaw(self.at, why))

    def text(self, thing: str) -> str:
        """What was said in words, blanks around it removed; "" where nothing was."""
        said = self._said(thing)
        return "" if said is None else str(said).strip()

    def word(self, thing: str) -> str:
        """One word by its letters and digits, whatever its case: `In Progress` is `inprogress`."""
        return plain(self.text(thing))

    def flag(self, thing: str) -> bool | None:
        """Yes or no; None where neither was said."""
        said = self.text(thing).casefold()
        return True if said in _YES else False if said in _NO else None

    def count(self, thing: str) -> int | None:
        """A whole number from zero to a million million; None, and noted, for anything else."""
        said = self._said(thing)
        number = _number(said)
        if number is not None and 0 <= number <= _MOST and number == int(number):
            return int(number)
        if said is not None:
            self.doubt(f"{thing} is no count")
        return None

    def moment(self, thing: str) -> int | None:
        """A time as epoch seconds; None, and noted, where something unreadable was said."""
        said = self._said(thing)
        if said is None:
            return None
        at = moment_of(said)
        if at is None:
            self.doubt(f"{thing} cannot be read as a time")
        return at

    def length_s(self, thing: str) -> int | None:
        """A length in seconds, fractions cut off; None, and noted, where it is none."""
        said = self._said(thing)
        number = _number(said)
        if number is not None and 0 <= number <= _LONGEST_S:
            return int(number)
        if said is not None:
            self.doubt(f"{thing} is no length of time")
        return None

    def _said(self, thing: str) -> Said:
        """The first of the thing's names that says something; an unknown thing is its own name."""
        for name in _PLAIN.get(thing) or (plain(thing),):
            said = self.fields.get(name)
            if said is not None and str(said).strip():
                return said
        return None


def moment_of(said: Said) -> int | None:
    """RFC 3339 text with its offset, or epoch seconds or milliseconds; None for anything else.

    A time without a zone could be any of a day, and one before 2000 is an empty clock: neither is
    believed.

    >>> moment_of("2026-01-01T00:00:00Z"), moment_of(1767225600), moment_of("1767225600000")
    (1767225600, 1767225600, 1767225600)
    >>> moment_of("2026-01-01T00:00:00"), moment_of("soon"), moment_of(0)
    (None, None, None)
    """
    number = _number(said)
    if number is not None:
        at = int(number // 1_000) if number >= _MILLISECONDS_FROM else int(number)
    elif isinstance(said, str) and len(said) <= _LONGEST_TIME:
        try:
            at = epoch_s(datetime.fromisoformat(said.strip()))
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return at if _EARLIEST <= at < _LATEST else None


def _number(said: Said) -> float | None:
    """The finite number that was said, as one or in digits; yes and no are no numbers."""
    if said is None or isinstance(said, bool):
        return None
    try:
        number = float(said)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
