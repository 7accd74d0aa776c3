"""What the tables `[[migration]]` define: the periods, what was moved, and what is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from dashboard.config.agreement import Reading
from dashboard.config.inner import inner_tables, own_keys, repeated
from dashboard.config.measured import Around
from dashboard.config.metrics import beside_def, metric_def
from dashboard.config.migration_def import (
    BesideDef,
    BreakDef,
    MetricDef,
    MigrationDef,
    MovedService,
)
from dashboard.config.migration_tables import INNER, MigrationTable
from dashboard.config.moved import break_def, hull_of, moved_service
from dashboard.config.phases import Phases, phases_of
from dashboard.config.problems import Problem, Written, checked, sound_part

_STANDING_IN = {
    "name": "x",
    "before": ["2000-01-01", "2000-01-02"],
    "after": ["2000-01-02", "2000-01-03"],
}
_PERIODS = {"before", "after"}
_KEYS = (*MigrationTable.model_fields, *INNER)
_KEPT = {"metric": "id", "service": "name", "beside": "title"}
_T = TypeVar("_T")
_With = tuple[_T, tuple[Reading, ...]]


def migrations(
    tables: Iterable[Written], around: Around, zone: ZoneInfo, problems: list[Problem]
) -> tuple[tuple[MigrationDef, ...], tuple[Reading, ...]]:
    """The sound migrations, and what all have their sources bring; problems are noted."""
    readings: list[Reading] = []
    found = [_migration(each, around, zone, problems, readings) for each in tables]
    return tuple(each for each in found if each is not None), tuple(readings)


def _migration(
    written: Written,
    around: Around,
    file_zone: ZoneInfo,
    problems: list[Problem],
    readings: list[Reading],
) -> MigrationDef | None:
    before = len(problems)
    known = own_keys(written, _KEYS, problems)
    own = {key: value for key, value in known.items() if key not in INNER}
    table = checked(MigrationTable, written, own, problems)
    sound, wrong = (table, frozenset()) if table else sound_part(MigrationTable, own, _STANDING_IN)
    zone = sound.timezone or file_zone
    phases = None if wrong & _PERIODS else phases_of(written, sound, zone, problems)
    inside = _inside(_inner(written, problems), around, (phases, zone), problems, readings)
    if table is None or phases is None or len(problems) > before:
        return None
    return MigrationDef(
        name=table.name,
        title=table.title or table.name,
        zone=zone,
        before=phases.before,
        after=phases.after,
        transition=phases.transition,
        evaluate_at=phases.evaluate_at,
        metrics=inside.metrics,
        confidence=float(table.confidence),
        multiple=table.multiple,
        min_coverage=table.min_coverage,
        services=inside.services,
        besides=inside.besides,
        breaks=inside.breaks,
        claims=None if table.claims is None else (around.folder / table.claims).absolute(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inside:
    """The sound tables inside a migration."""

    services: tuple[MovedService, ...]
    metrics: tuple[MetricDef, ...]
    besides: tuple[BesideDef, ...]
    breaks: tuple[BreakDef, ...]


def _inside(
    inner: Mapping[str, list[Written]],
    around: Around,
    when: tuple[Phases | None, ZoneInfo],
    problems: list[Problem],
    readings: list[Reading],
) -> _Inside:
    phases, zone = when
    services = _kept(
        (moved_service(t, around, phases, problems) for t in inner["service"]), readings
    )
    metrics = _kept((metric_def(t, around, problems) for t in inner["metric"]), readings)
    besides = _kept((beside_def(t, around, zone, problems) for t in inner["beside"]), readings)
    hull = None if phases is None else hull_of(phases, services)
    ids = {str(each.values.get("id")) for each in inner["metric"]}
    breaks = [break_def(each, ids, hull, problems) for each in inner["break"]]
    return _Inside(
        services=services,
        metrics=metrics,
        besides=besides,
        breaks=tuple(each for each in breaks if each is not None),
    )


def _inner(written: Written, problems: list[Problem]) -> Mapping[str, list[Written]]:
    """The tables inside; a name used twice is a problem, and so is having none at all."""
    found = {kind: list(inner_tables(written, kind, problems)) for kind in INNER}
    for kind, key in _KEPT.items():
        problems += repeated(found[kind], key)
    for each in found["metric"]:
        if each.values.get("id") == "all":
            said = '"all" means every metric where one could be named; choose another'
            problems.append(each.problem(said, "id"))
    if not any(kind in written.values for kind in _KEPT):
        problems.append(written.problem("compares nothing; add a [[migration.metric]]"))
    return found


def _kept(found: Iterable[_With[_T] | None], readings: list[Reading]) -> tuple[_T, ...]:
    """The sound values; what they have sources bring is noted."""
    kept: list[_T] = []
    for each in found:
        if each is not None:
            value, brings = each
            kept.append(value)
            readings += brings
    return tuple(kept)
