"""Whether what is shown can be relied on at this moment, and what keeps it from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.store.leases import CollectorSeen
from collectors.store.runs import SourceHealth
from dashboard.views.upkeep.collector import (
    CollectorState,
    collector_state,
    last_run_at,
    silent_words,
)
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import near_words
from slo.freshness import stale_after_s


@dataclass(frozen=True, slots=True)
class Unready:
    """What is wrong, and how to mend it."""

    what: str
    mend: str


def unready(scene: Scene) -> Unready | None:
    """Why no new figures come in; None when they do, or when the moment is fixed.

    A collector at work beats every ten seconds. Without one the runs of the sources count: those
    of `collect --once` by a timer.
    """
    if scene.is_fixed or not scene.config.sources:
        return None
    seen, runs = scene.reader.collector(), scene.reader.last_runs()
    state = collector_state(seen, runs, scene.as_of)
    if state is CollectorState.AT_WORK:
        return None
    if seen is not None and state is CollectorState.UNSEEN:
        return _unseen(seen, scene.as_of)
    return None if _collected(scene, runs) else _nobody(seen, runs, scene.as_of)


def _unseen(seen: CollectorSeen, now: int) -> Unready:
    """The sentence about a collector that ended without a word."""
    stops = f"figures stop at {near_words(seen.seen_at, now)}"
    return Unready(
        f"collector not seen for {silent_words(seen, now)}: {stops}",
        f"look at process {seen.pid} on {seen.host}, or start another: burnline up",
    )


def _nobody(seen: CollectorSeen | None, runs: Sequence[SourceHealth], now: int) -> Unready:
    mend = "start it: burnline up, or burnline collect"
    since = max(last_run_at(runs), 0 if seen is None else seen.seen_at)
    if not since:
        return Unready("no collector has run yet", mend)
    return Unready(f"no collector is at work since {near_words(since, now)}", mend)


def _collected(scene: Scene, healths: Sequence[SourceHealth]) -> bool:
    """Whether any source was collected within two of its intervals."""
    runs = {health.last.source: health.last.ended_at for health in healths}
    return any(
        scene.as_of - runs[source.name] <= stale_after_s(source.every_s)
        for source in scene.config.sources
        if source.name in runs
    )
