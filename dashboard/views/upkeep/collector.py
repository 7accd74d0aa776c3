"""Whether a collector is at work, and for how long one that went silent has been."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from collectors.store.leases import LEASE_S, CollectorSeen
from collectors.store.runs import SourceHealth
from dashboard.views.words import ago_words
from slo.lengths import MINUTE_S


class CollectorState(Enum):
    """How it stands with the collector that held the lease last."""

    AT_WORK = auto()
    ENDED = auto()
    """In good order."""
    UNSEEN = auto()
    """It neither beats nor ended in good order."""
    NEVER = auto()
    """None ever held the lease."""
    REPLACED = auto()
    """It is gone, and sources were collected since: once at a time, as by a timer."""


def collector_state(
    seen: CollectorSeen | None, runs: Iterable[SourceHealth], as_of: int
) -> CollectorState:
    """The one decision about the collector, for banners, `/readyz`, *Data health* and `doctor`."""
    if seen is None:
        return CollectorState.NEVER
    if seen.works_at(as_of):
        return CollectorState.AT_WORK
    # While the lease lasted, a run was that collector's own.
    if last_run_at(runs) > seen.seen_at + LEASE_S:
        return CollectorState.REPLACED
    return CollectorState.ENDED if seen.released else CollectorState.UNSEEN


def last_run_at(runs: Iterable[SourceHealth]) -> int:
    """When the last run of any source ended; 0 before the first."""
    return max((one.last.ended_at for one in runs), default=0)


def silent_words(seen: CollectorSeen, as_of: int) -> str:
    """For how long the collector has been silent, in seconds within the first minute."""
    silent_s = as_of - seen.seen_at
    return f"{silent_s} s" if silent_s < MINUTE_S else ago_words(silent_s).removesuffix(" ago")
