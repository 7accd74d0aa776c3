"""What stands above every page: that figures may have stopped, changed their rule, or were made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collectors.store.leases import CollectorSeen
from collectors.store.opening.space import FLOOR_BYTES
from dashboard.views.collector import CollectorState, collector_state, silent_words
from dashboard.views.scene import Scene
from dashboard.views.words import near_words, size_words
from slo.errors import BurnlineError

_CONNECT = "burnline init --from-prometheus http://127.0.0.1:9090 --write"
_LONGEST = 240
_DIGEST = 6


@dataclass(frozen=True, slots=True)
class Banner:
    """One line: the fact and how to mend it; a note informs, the others need a hand."""

    what: str
    mend: str = ""
    is_note: bool = False


def banners_of(scene: Scene) -> tuple[Banner, ...]:
    """What every page says at the scene's moment, the gravest first."""
    seen = scene.reader.collector()
    return (
        *_disk(scene, seen),
        *_collector(scene, seen),
        *_configs(scene, seen),
        *generated(scene),
    )


def config_banner(problem: BurnlineError | None) -> tuple[Banner, ...]:
    """That the configuration on disk is not the one in force, and why."""
    if problem is None:
        return ()
    first, *more = problem.what.splitlines() or [""]
    rest = f" (and {len(more)} more)" if more else ""
    return (
        Banner(f"{_cut(first)}{rest}: the configuration from before stays in force.", problem.mend),
    )


def generated(scene: Scene) -> Iterator[Banner]:
    """That figures were made up, and how to come by one's own."""
    made_up = [source.name for source in scene.config.sources if source.is_generated]
    if made_up:
        whole = len(made_up) == len(scene.config.sources)
        which = "nothing here was measured" if whole else f"those of {', '.join(made_up[:3])}"
        yield Banner(
            f"Generated figures: {which}.",
            f"Connect your own Prometheus: `{_CONNECT}`",
            is_note=True,
        )


def _disk(scene: Scene, seen: CollectorSeen | None) -> Iterator[Banner]:
    """Paused collecting in the collector's own words, else how little room is left."""
    if seen is not None and seen.standing.paused and seen.works_at(scene.as_of):
        yield Banner(seen.standing.paused)
        return
    space = None if scene.ground is None else scene.ground.space
    if space is None or not space.is_low:
        return
    free = size_words(space.free_bytes)
    if space.free_bytes < FLOOR_BYTES:
        yield Banner(
            f"Disk full: {free} are left, and nothing is written below 64 MB.",
            "Free 64 MB or more, or shorten `keep_minutes`.",
        )
    else:
        yield Banner(f"Disk low: {free} are left for the store.", "Free some before it is full.")


def _collector(scene: Scene, seen: CollectorSeen | None) -> Iterator[Banner]:
    """That nobody collects any more; who collects once at a time has no collector to miss."""
    if seen is None or scene.is_fixed:
        return
    state = collector_state(seen, scene.reader.last_runs(), scene.as_of)
    if state is CollectorState.ENDED:
        said = "Collector ended in good order"
    elif state is CollectorState.UNSEEN:
        said = f"Collector not seen for {silent_words(seen, scene.as_of)}"
    else:
        return
    said = f"{said}: figures stop at {near_words(seen.seen_at, scene.as_of)}."
    yield Banner(said, "Start it with `burnline up`; `burnline doctor` says what is wrong.")


def _configs(scene: Scene, seen: CollectorSeen | None) -> Iterator[Banner]:
    """That the collector keeps an old configuration, or works by another one."""
    if seen is None or not seen.works_at(scene.as_of):
        return
    problem, theirs = seen.standing.config_problem, seen.standing.config_digest
    if problem:
        yield Banner(f"The collector keeps its old configuration: {_cut(problem.splitlines()[0])}")
    elif theirs and theirs != scene.config.digest:
        yield Banner(
            f"The collector works by configuration {theirs[:_DIGEST]}, these pages by"
            f" {scene.config.digest[:_DIGEST]}.",
            f"Name the same file to both, or `kill -HUP {seen.pid}`.",
        )


def _cut(said: str) -> str:
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
