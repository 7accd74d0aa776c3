"""Where a measurement changed: said in the configuration, or in an annotation that breaks it."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.config.migration_def import BreakDef, MetricDef, MigrationDef
from dashboard.views.migration.days import dated_day
from dashboard.views.migration.windows import Windows
from slo.facts import EventKind, EventRow
from slo.spans import Span

FIELD = "breaks"
"""The field of an annotation that names the measures it breaks; "all" or nothing means all."""


def all_breaks(definition: MigrationDef, annotations: Iterable[EventRow]) -> tuple[BreakDef, ...]:
    """Those that were configured and those that people wrote down, by time."""
    written = (_written(one) for one in annotations if one.kind is EventKind.ANNOTATION)
    found = {*definition.breaks, *(one for one in written if one is not None)}
    return tuple(sorted(found, key=lambda one: (one.at, one.text, one.metrics)))


def broken(
    breaks: Iterable[BreakDef], metric: MetricDef, spans: Windows, definition: MigrationDef
) -> tuple[str, ...]:
    """A sentence for each break strictly inside of what is compared: at its first second all is new."""
    return tuple(
        f"The measurement changed on {dated_day(one.at, definition.zone)}: {one.text}."
        for one in breaks
        if _concerns(one, metric) and _is_inside(one.at, spans.whole)
    )


def _concerns(one: BreakDef, metric: MetricDef) -> bool:
    return not one.metrics or metric.id in one.metrics


def _is_inside(at: int, whole: Span) -> bool:
    return whole.since < at < whole.until


def _written(event: EventRow) -> BreakDef | None:
    """The break that an annotation means, None where it means none."""
    named = event.fields.get(FIELD)
    if named is None or named is False:
        return None
    words = "" if named is True else str(named)
    parts = {part.strip() for part in words.split(",")} - {""}
    metrics = () if "all" in parts else tuple(sorted(parts))
    return BreakDef(event.at, str(event.fields.get("text") or "annotated").rstrip("."), metrics)
