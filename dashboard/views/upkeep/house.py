"""How this burnline itself stands: collector, store, backup, deliveries, waiting items, config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from collectors.store.deliveries import DeliveryState
from collectors.store.integrity import EXAMINED
from collectors.store.leases import CollectorSeen
from collectors.store.runs import SourceHealth
from dashboard.views.upkeep.collector import CollectorState, collector_state, silent_words
from dashboard.views.upkeep.delivery_words import state_words
from dashboard.views.upkeep.growth import a_year_bytes, counted, growth_words
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.untold import unheard, unheard_words, untold, untold_words
from dashboard.views.words import ago_words, duration_words, moment_words, near_words, size_words
from slo.facts import SeriesKind

_DIGEST = 6
_WRONG = (DeliveryState.FAILED, DeliveryState.UNKNOWN)


def house_rows(
    scene: Scene, seen: CollectorSeen | None, runs: Sequence[SourceHealth]
) -> tuple[tuple[str, str], ...]:
    """A row each, what and how it stands; nothing of what does not exist here.

    Of a moment that was asked for the configuration alone: the rest is how it stands now.
    """
    if scene.is_fixed:
        return (("Config", scene.config.digest[:_DIGEST]),)
    rows = (
        ("Collector", _collector(scene, seen, runs)),
        ("Store", _store(scene)),
        ("Backup", _backup(scene)),
        ("Deliveries", _deliveries(scene)),
        ("Channels", _channels(scene)),
        ("Waiting", _waiting(scene)),
        ("Config", _config(scene, seen)),
    )
    return tuple((name, words) for name, words in rows if words)


def _collector(scene: Scene, seen: CollectorSeen | None, runs: Sequence[SourceHealth]) -> str:
    """When it last was at work, how long that took, and who it is."""
    return "; ".join(_collector_parts(scene, seen, runs)) or "none has run yet"


def _collector_parts(
    scene: Scene, seen: CollectorSeen | None, runs: Sequence[SourceHealth]
) -> Iterator[str]:
    last = max((one.last for one in runs), key=lambda run: run.ended_at, default=None)
    if last is not None:
        took_s = last.ended_at - last.started_at
        took = duration_words(took_s) if took_s else "under 1 s"
        yield f"last pass {near_words(last.ended_at, scene.as_of)} ({last.source}), took {took}"
    yield _at_work(seen, runs, scene.as_of)
    if seen is not None:
        yield from (f"{name} {words}" for name, words in sorted(seen.standing.slow.items())[:2])


def _at_work(seen: CollectorSeen | None, runs: Sequence[SourceHealth], as_of: int) -> str:
    """Who is at work, or since when nobody is."""
    state = collector_state(seen, runs, as_of)
    if seen is None or state is CollectorState.REPLACED:
        return "none runs on schedule"
    if state is CollectorState.AT_WORK:
        return f"lease held by {seen.host}, process {seen.pid}"
    if state is CollectorState.ENDED:
        return f"ended {near_words(seen.seen_at, as_of)}"
    return f"not seen for {silent_words(seen, as_of)}"


def _examined(scene: Scene) -> str:
    """When the whole file was last read through."""
    found = [entry.at for entry in scene.reader.audit_log() if entry.action == EXAMINED]
    return f"; read through {near_words(found[-1], scene.as_of)}" if found else ""


def _store(scene: Scene) -> str:
    if scene.ground is None:
        return "on a server"
    size = size_words(scene.ground.size_bytes)
    growth = _growth(scene, scene.ground.size_bytes)
    space = scene.ground.space
    free = f"; {size_words(space.free_bytes)} free on its disk" if space is not None else ""
    return f"{size}{growth}{free}{_examined(scene)}"


def _growth(scene: Scene, size_bytes: int) -> str:
    words = growth_words(
        a_year_bytes(size_bytes, counted(scene.reader.series(kind=SeriesKind.TALLY)))
    )
    return f"; {words}" if words else ""


def _backup(scene: Scene) -> str:
    made = [entry for entry in scene.reader.audit_log() if entry.action == "backup"]
    if not made:
        return "none made yet: `burnline backup`"
    last = made[-1]
    return f"{moment_words(last.at)}, checked whole, {ago_words(max(0, scene.as_of - last.at))}"


def _deliveries(scene: Scene) -> str:
    found = scene.reader.deliveries()
    if not found:
        return ""
    counts = Counter(one.state_at(scene.as_of) for one in found)
    last = max(found, key=lambda one: one.started_at)
    began = f"{last.report} {last.period}, {near_words(last.started_at, scene.as_of)}"
    said = f"{began}: {state_words(last, scene.as_of)}"
    wrong = ", ".join(f"{counts[state]} {state.value}" for state in _WRONG if counts[state])
    return f"{said}; {wrong}" if wrong else said


def _channels(scene: Scene) -> str:
    """Whether everyone was told of what fires; nothing where nobody is to be."""
    found = untold(scene.reader.alerts, scene.as_of)
    if not found and not scene.config.channels:
        return ""
    told = [*untold_words(found, scene.as_of)] or ["took all that they were told"]
    nobody = unheard_words(unheard(scene.config))
    return "; ".join([*told, nobody] if nobody else told)


def _waiting(scene: Scene) -> str:
    waiting = scene.reader.waiting()
    if not waiting:
        return "nothing"
    oldest = min(one.received_at for one in waiting)
    items = "item" if len(waiting) == 1 else "items"
    return f"{len(waiting)} {items} for the collector, the oldest {ago_words(max(0, scene.as_of - oldest))}"


def _config(scene: Scene, seen: CollectorSeen | None) -> str:
    own = scene.config.digest[:_DIGEST]
    theirs = "" if seen is None or seen.released else seen.standing.config_digest[:_DIGEST]
    if not theirs:
        return own
    if seen is not None and seen.standing.config_problem:
        return f"{theirs}; the file as it stands cannot be used and is not in force"
    if theirs == own:
        return f"{own} in both processes"
    return f"{own} here, {theirs} in the collector: kill -HUP {seen.pid if seen else ''}".strip()
