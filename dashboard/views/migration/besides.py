"""Old against new on the same days: stronger than before and after, for the days are the same."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.config.migration_def import BesideDef, MigrationDef
from dashboard.measures import registry
from dashboard.measures.contract import Asked, Measured
from dashboard.views.migration.model import Beside
from dashboard.views.migration.windows import local_days
from dashboard.views.upkeep.scene import Scene
from slo.days import midnight_of
from slo.spans import Span


def besides(scene: Scene, definition: MigrationDef, look: int) -> tuple[Beside, ...]:
    """What of the configured pairs was seen on both sides of the same days, in their order."""
    found = (_beside(scene, definition, one, look) for one in definition.besides)
    return tuple(one for one in found if one is not None)


def _beside(scene: Scene, definition: MigrationDef, one: BesideDef, look: int) -> Beside | None:
    whole = one.span or Span(definition.before.since, definition.after.until)
    span = Span(min(whole.since, look), min(whole.until, look))
    if not span.length_s:
        return None
    made = _measured(scene, definition, one, (span, look))
    both = _both_ran(made, definition)
    if both is not None and both != span:
        span, made = both, _measured(scene, definition, one, (both, look))
    if made.comparison.before.estimate is None or made.comparison.after.estimate is None:
        return None
    return Beside(
        title=one.title,
        old_name=one.old_name,
        new_name=one.new_name,
        span=span,
        days=len(_shared_days(made)) or local_days(span, definition.zone),
        measured=made,
    )


def _measured(
    scene: Scene, definition: MigrationDef, one: BesideDef, when: tuple[Span, int]
) -> Measured:
    span, look = when
    asked = Asked(
        reader=scene.reader,
        before=span,
        after=span,
        as_of=look,
        zone=definition.zone,
        rules=scene.config.delivery,
        source=one.source,
        confidence=definition.confidence,
        old=one.old,
    )
    return registry.load(one.kind).measure(one.new, asked)


def _known(days: Sequence[tuple[int, float | None]]) -> set[int]:
    return {at for at, value in days if value is not None}


def _shared_days(made: Measured) -> list[int]:
    return sorted(_known(made.days) & _known(made.days_old))


def _both_ran(made: Measured, definition: MigrationDef) -> Span | None:
    """From the first to the last day on which both were seen; None where days are not known."""
    shared = _shared_days(made)
    if not shared:
        return None
    return Span(shared[0], midnight_of(shared[-1], definition.zone, days=1))
