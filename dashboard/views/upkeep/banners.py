"""What stands above every page: that figures may have stopped, changed their rule, or were made up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from collectors.store.leases import CollectorSeen
from collectors.store.opening.space import FLOOR_BYTES
from dashboard.views.upkeep.collector import CollectorState, collector_state, silent_words
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import cut_words, moment_words, near_words, size_words
from slo.errors import BurnlineError
from slo.indicator import Composite
from slo.objective import Slo

_CONNECT = "burnline init --from-prometheus http://127.0.0.1:9090 --write"
_PLACED = re.compile(r"(?P<file>[^\n]*?\.toml)(?::(?P<line>\d+))?: (?P<why>.*)")
_NO_TOML = "not valid TOML: "
_LONGEST = 240
_DIGEST = 6


@dataclass(frozen=True, slots=True)
class Banner:
    """One line: the fact and how to mend it; a note informs, the others need a hand.

    `is_of_file` says that it tells what is wrong with the configuration on disk.
    """

    what: str
    mend: str = ""
    is_note: bool = False
    is_of_file: bool = False


def banners_of(scene: Scene) -> tuple[Banner, ...]:
    """What every page says at the scene's moment, the gravest first.

    At a moment that was asked for, disk, collector and its configuration as they are now say
    nothing of the figures.
    """
    if scene.is_fixed:
        fixed = Banner(f"As of {moment_words(scene.as_of)}, not live.", is_note=True)
        return (fixed, *generated(scene))
    seen = scene.reader.collector()
    return (
        *_disk(scene, seen),
        *_collector(scene, seen),
        *_configs(scene, seen),
        *generated(scene),
    )


def above(found: Sequence[Banner], problem: BurnlineError | None) -> tuple[Banner, ...]:
    """The banners below what is wrong with the configuration on disk, told once for both processes."""
    if problem is None:
        return tuple(found)
    rest = [one for one in found if not one.is_of_file]
    keep = "pages keep" if len(rest) == len(found) else "pages and collector keep"
    return (_not_in_force(problem.what, keep), *rest)


def _not_in_force(problems: str, keep: str) -> Banner:
    """What is wrong with the file, and who keeps the one from before."""
    first, *more = problems.splitlines() or [""]
    rest = f", and {len(more)} more" if more else ""
    mend = "`burnline doctor` lists all of them." if more else ""
    said = f"{cut_words(placed(first), _LONGEST)}{rest}; {keep} the configuration from before."
    return Banner(said, mend, is_of_file=True)


def placed(problem: str) -> str:
    """One problem of a file in words, its line first.

    >>> placed("/etc/config.toml:3: a: unknown key"), placed("/etc/config.toml: no such file")
    ('Line 3 of config.toml: a: unknown key', 'config.toml: no such file')
    >>> placed("c.toml:9: not valid TOML: invalid value")
    'Line 9 of c.toml is not valid TOML (invalid value)'
    """
    found = _PLACED.fullmatch(problem)
    if found is None:
        return problem
    name, line, why = PurePath(found["file"]).name, found["line"], found["why"]
    where = f"Line {line} of {name}" if line else name
    if why.startswith(_NO_TOML):
        return f"{where} is not valid TOML ({why.removeprefix(_NO_TOML)})"
    return f"{where}: {why}"


def generated(scene: Scene) -> Iterator[Banner]:
    """That figures were made up, and how to come by one's own."""
    made_up = {source.name for source in scene.config.sources if source.is_generated}
    if made_up:
        yield Banner(
            _made_up(scene, made_up),
            f"Connect your own Prometheus: `{_CONNECT}`",
            is_note=True,
        )


def _made_up(scene: Scene, sources: set[str]) -> str:
    """How many objectives stand on those sources."""
    slos = {one.name: one for one in scene.config.slos}
    whole, count = len(slos), sum(bool(_read(one, slos) & sources) for one in slos.values())
    if len(sources) == len(scene.config.sources):
        return "Generated figures: nothing here was measured."
    if not count:
        return f"What {', '.join(sorted(sources)[:3])} tells is generated."
    if whole == 1:
        return "The objective shows generated figures."
    many = f"All {whole}" if count == whole else f"{count} of {whole}"
    return f"{many} objectives show generated figures."


def _read(slo: Slo, slos: Mapping[str, Slo]) -> set[str]:
    """The sources that an objective reads: a composite those of its members."""
    if not isinstance(slo.indicator, Composite):
        return {slo.source}
    return set().union(*(_read(slos[name], slos) for name in slo.indicator.members))


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
            "Free 64 MB or more.",
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
        mend = "Start it with `burnline up`; `burnline doctor` says what is wrong."
    elif state is CollectorState.UNSEEN:
        said = f"Collector not seen for {silent_words(seen, scene.as_of)}"
        place = f"process {seen.pid} on {seen.host}"
        mend = f"Look at {place}; where it is gone, `burnline up` starts another."
    else:
        return
    yield Banner(f"{said}: figures stop at {near_words(seen.seen_at, scene.as_of)}.", mend)


def _configs(scene: Scene, seen: CollectorSeen | None) -> Iterator[Banner]:
    """That the collector keeps an old configuration, or works by another one."""
    if seen is None or not seen.works_at(scene.as_of):
        return
    problem, theirs = seen.standing.config_problem, seen.standing.config_digest
    if problem:
        yield _not_in_force(problem, "the collector keeps")
    elif theirs and theirs != scene.config.digest:
        yield Banner(
            f"The collector works by configuration {theirs[:_DIGEST]}, these pages by"
            f" {scene.config.digest[:_DIGEST]}.",
            f"Name the same file to both, or `kill -HUP {seen.pid}`.",
        )
