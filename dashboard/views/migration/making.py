"""The report of a migration: every measure over its windows, judged together, and doubted."""

from __future__ import annotations

from dataclasses import replace

from dashboard.config.migration_def import MetricDef, MigrationDef
from dashboard.measures import registry
from dashboard.measures.contract import Asked, Measured
from dashboard.views.migration.besides import besides
from dashboard.views.migration.breaks import all_breaks, broken
from dashboard.views.migration.controls import Measure, controls_words
from dashboard.views.migration.explained import explained
from dashboard.views.migration.family import Candidate, judged
from dashboard.views.migration.load import load_of
from dashboard.views.migration.model import MigrationReport, Row
from dashboard.views.migration.progress import progress
from dashboard.views.migration.sceptic import doubted
from dashboard.views.migration.windows import Windows, look_at, windows
from dashboard.views.migration.words import value_cells
from dashboard.views.upkeep.scene import Scene
from slo.facts import EventKind
from slo.spans import Span


def migration_report(scene: Scene, definition: MigrationDef) -> MigrationReport:
    """The whole report as it was at the scene's moment; at the planned look and after, for good.

    Raises:
        StoreError: the store cannot be read.
    """
    look = look_at(definition, scene.as_of)
    definition = _with_written_breaks(scene, definition, look)
    measure = _measuring(scene, definition)
    candidates = [_candidate(definition, one, look, measure) for one in definition.metrics]
    rows = tuple(
        replace(row, during=_during(one, measure))
        for row, one in zip(judged(definition, candidates), candidates, strict=True)
    )
    report = MigrationReport(
        migration=definition,
        as_of=look,
        is_interim=scene.as_of < definition.evaluate_at,
        rows=rows,
        progress=progress(scene.reader, definition, look, _sources(scene)),
        besides=besides(scene, definition, look),
        generated=_generated(scene, definition),
    )
    load = load_of(scene.reader, definition, look, _sources(scene))
    controls = controls_words(definition, rows, look, measure)
    return _explained(doubted(report, load, controls))


def _measuring(scene: Scene, definition: MigrationDef) -> Measure:
    """How a metric is measured over its windows; what several ask alike is measured once."""
    known: dict[tuple[object, ...], Measured] = {}

    def measure(metric: MetricDef, spans: Windows) -> Measured:
        asked = _asked(scene, definition, metric, spans)
        what = (metric.kind, repr(metric.options), metric.source, metric.service, metric.goal)
        key = (*what, asked.before, asked.after)
        if key not in known:
            known[key] = registry.load(metric.kind).measure(metric.options, asked)
        return known[key]

    return measure


def _candidate(
    definition: MigrationDef, metric: MetricDef, look: int, measure: Measure
) -> Candidate:
    """One measure, as far as its periods have begun."""
    spans = windows(definition, metric, look)
    return Candidate(
        metric=metric,
        windows=spans,
        measured=measure(metric, spans) if spans.has_begun else None,
        better=metric.better or registry.load(metric.kind).better_for(metric.options),
        broken=broken(definition.breaks, metric, spans, definition),
        why="" if spans.is_comparable else "The period after has not begun.",
    )


def _during(one: Candidate, measure: Measure) -> Measured | None:
    """The measure between its two periods, as far as the look has come; None without such time."""
    between = one.windows.during
    if not between.length_s:
        return None
    return measure(one.metric, replace(one.windows, before=between, after=between))


def _asked(scene: Scene, definition: MigrationDef, metric: MetricDef, spans: Windows) -> Asked:
    return Asked(
        reader=scene.reader,
        before=spans.before,
        after=spans.after,
        as_of=look_at(definition, scene.as_of),
        zone=definition.zone,
        rules=scene.config.delivery,
        source=metric.source,
        services=(metric.service,) if metric.service else (),
        confidence=definition.confidence,
        goal=metric.goal,
    )


def _with_written_breaks(scene: Scene, definition: MigrationDef, look: int) -> MigrationDef:
    """The migration with what annotations say of its measurements, up to the look."""
    known = Span(min(definition.before.since, look), look)
    annotations = scene.reader.events(kind=EventKind.ANNOTATION, span=known)
    return replace(definition, breaks=all_breaks(definition, annotations))


def _sources(scene: Scene) -> tuple[str, ...]:
    return tuple(one.name for one in scene.config.sources)


def _generated(scene: Scene, definition: MigrationDef) -> tuple[str, ...]:
    """The sources with made-up figures that the report reads; it reads all where it names none."""
    made_up = sorted(one.name for one in scene.config.sources if one.is_generated)
    read = {
        *(one.source for one in definition.metrics),
        *(one.source for one in definition.besides),
        *(one.source for one in definition.services if one.old or one.new),
    }
    return tuple(name for name in made_up if name in read or None in read)


def _explained(report: MigrationReport) -> MigrationReport:
    rows = (replace(row, steps=_steps(report.migration, row)) for row in report.rows)
    return replace(report, rows=tuple(rows))


def _steps(definition: MigrationDef, row: Row) -> tuple[tuple[str, str], ...]:
    """The arithmetic, with what was measured between the periods behind what was found after."""
    steps = explained(definition, row)
    if row.during is None:
        return steps
    place = next((at for at, (name, _) in enumerate(steps, 1) if name.startswith("after, ")), 0)
    _, cell = value_cells(row.during, row.metric.goal)
    said = f"{' '.join(filter(None, cell))}, never compared"
    return (*steps[:place], ("during the cutover", said), *steps[place:])
