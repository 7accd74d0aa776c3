"""Services that moved on days of their own: each against itself, and against those not moved yet.

moved     before and after of each service lie around its own cutover
controls  services that had not moved by the end of the period after, over the same days
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from dashboard.config.migration_def import MetricDef, MigrationDef
from dashboard.measures.contract import RATES, Measured
from dashboard.views.migration.model import Row
from dashboard.views.migration.windows import Windows, windows
from dashboard.views.migration.words import often_cell
from slo.evidence.checks.controls import (
    Stratum,
    against_controls,
    not_yet_moved,
    stratified_rates,
)
from slo.evidence.comparison import Comparison
from slo.evidence.terms import TESTED, Role

Measure = Callable[[MetricDef, Windows], Measured]
_SEVERAL = 2


def controls_words(
    definition: MigrationDef, rows: Sequence[Row], look: int, measure: Measure
) -> tuple[str, ...]:
    """A sentence or two for each rate of all services that can be told service by service.

    None of a migration in which fewer than two services have cutovers of their own.
    """
    cutovers = {one.name: one.cutover for one in definition.services}
    moved = [name for name, at in cutovers.items() if at is not None]
    if len(moved) < _SEVERAL:
        return ()
    still = not_yet_moved(cutovers, min(definition.after.until, look))
    return tuple(
        said
        for row in rows
        if _is_told(row)
        for said in _sentences(definition, row, (moved, still, look), measure)
    )


def _is_told(row: Row) -> bool:
    is_rate = row.measured is not None and row.measured.unit in RATES
    is_whole = not row.metric.service and row.metric.role is Role.GOAL
    return is_rate and is_whole and row.verdict in TESTED


def _sentences(
    definition: MigrationDef,
    row: Row,
    about: tuple[Sequence[str], Sequence[str], int],
    measure: Measure,
) -> Iterator[str]:
    moved, still, look = about
    assert row.measured is not None
    clusters = row.measured.comparison.clusters
    gone = [name for name in moved if name not in still]
    around = [(name, windows(definition, _of(row.metric, name), look)) for name in gone]
    strata = _strata(row.metric, around, measure)
    found = stratified_rates(strata, confidence=definition.confidence, clusters=clusters)
    if found.change is None:
        return
    yield f"{row.metric.title}, each service against itself around its own cutover: {_told(found)}."
    if not still:
        return
    same = windows(definition, row.metric, look)
    controls = _strata(row.metric, [(name, same) for name in still], measure)
    against = against_controls(
        strata, controls, confidence=definition.confidence, clusters=clusters
    )
    if against.change is not None:
        yield (
            f"{row.metric.title}, moved services against those not moved yet: {_told(against)}"
            " as among the others."
        )


def _of(metric: MetricDef, service: str) -> MetricDef:
    return replace(metric, service=service)


def _strata(
    metric: MetricDef, asked: Sequence[tuple[str, Windows]], measure: Measure
) -> list[Stratum]:
    """Counts of each service over the windows beside its name."""
    found = []
    for name, spans in asked:
        if not spans.is_comparable:
            continue
        made = measure(_of(metric, name), spans).comparison
        found.append(
            Stratum(
                name=name,
                n_before=made.before.n,
                exposure_before=made.before.exposure_s,
                n_after=made.after.n,
                exposure_after=made.after.exposure_s,
            )
        )
    return found


def _told(found: Comparison) -> str:
    main, small = often_cell(found)
    return f"{main} ({small})" if small else main
