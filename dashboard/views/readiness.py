"""Whether what is shown can be relied on at this moment, and what keeps it from that."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.store.leases import LEASE_S, CollectorSeen
from dashboard.views.figures import SETTLE_S
from dashboard.views.scene import Scene
from dashboard.views.words import ago_words, near_words

_MINUTE_S = 60


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
    seen = scene.reader.collector()
    if seen is not None and not seen.released:
        return _unseen(seen, scene.as_of)
    return None if _collected(scene) else _nobody(seen, scene.as_of)


def _unseen(seen: CollectorSeen, now: int) -> Unready | None:
    """The sentence about a collector that ended without a word."""
    if now - seen.seen_at <= LEASE_S:
        return None
    age_s = now - seen.seen_at
    gone = f"{age_s} s" if age_s < _MINUTE_S else ago_words(age_s).removesuffix(" ago")
    return Unready(
        f"collector not seen for {gone}: figures stop at {near_words(seen.seen_at, now)}",
        f"look at process {seen.pid} on {seen.host}, or start another: burnline up",
    )


def _nobody(seen: CollectorSeen | None, now: int) -> Unready:
    mend = "start it: burnline up, or burnline collect"
    if seen is None:
        return Unready("no collector has run yet", mend)
    return Unready(f"no collector is at work since {near_words(seen.seen_at, now)}", mend)


def _collected(scene: Scene) -> bool:
    """Whether any source was collected within two of its intervals."""
    runs = {health.last.source: health.last.ended_at for health in scene.reader.last_runs()}
    return any(
        scene.as_of - runs[source.name] <= 2 * source.every_s + SETTLE_S
        for source in scene.config.sources
        if source.name in runs
    )
