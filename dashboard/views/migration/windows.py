"""Over which days a measure is compared: the migration's periods, or those of a moved service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from dashboard.config.migration_def import MetricDef, MigrationDef, MovedService
from slo.days import local_day, midnight, midnight_of
from slo.lengths import DAY_S
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Windows:
    """Both periods of a measure up to the look."""

    before: Span
    after: Span

    @property
    def whole(self) -> Span:
        """From the first second of before to the last of after, with what is left out between."""
        return Span(self.before.since, max(self.before.until, self.after.until))

    @property
    def during(self) -> Span:
        """What lies between the two, as far as it is known: shown, never compared."""
        return Span(self.before.until, max(self.before.until, self.after.since))

    @property
    def has_begun(self) -> bool:
        """Whether the period before holds time already: from then on there is something to show."""
        return self.before.length_s > 0

    @property
    def is_comparable(self) -> bool:
        """Whether both periods hold time already."""
        return self.before.length_s > 0 and self.after.length_s > 0


def look_at(definition: MigrationDef, as_of: int) -> int:
    """The moment whose facts count: as-of, but never later than the planned look."""
    return min(as_of, definition.evaluate_at)


def windows(definition: MigrationDef, metric: MetricDef, as_of: int) -> Windows:
    """Before and after of one measure, as they are known at a moment.

    A service with a cutover of its own has as many local days before it as the migration has,
    and as many after it has settled; nothing reaches past the look.
    """
    moved = _moved(definition, metric.service)
    before, planned = definition.before, definition.after
    if moved is not None and moved.cutover is not None:
        before, planned = _around(moved.cutover, moved.settle_s, definition)
    look = look_at(definition, as_of)
    known = Span(min(before.since, look), look)
    return Windows(before.clipped_to(known), planned.clipped_to(known))


def local_days(span: Span, zone: ZoneInfo) -> int:
    """How many local days a span of local midnights holds; a day of 23 hours is one.

    >>> local_days(Span(1_743_202_800, 1_743_372_000), ZoneInfo("Europe/Berlin"))
    2
    """
    return (local_day(span.until, zone) - local_day(span.since, zone)).days


def each_day(span: Span, zone: ZoneInfo) -> tuple[Span, ...]:
    """The local days that meet the span, whole ones."""
    first = local_day(span.since, zone)
    count = (local_day(max(span.until - 1, span.since), zone) - first).days + 1
    ends = [midnight(first + timedelta(days=n), zone) for n in range(count + 1)]
    return tuple(Span(since, until) for since, until in pairwise(ends))


def _moved(definition: MigrationDef, service: str) -> MovedService | None:
    """The service of that name, where it has a cutover of its own."""
    named = (one for one in definition.services if one.name == service)
    return next((one for one in named if one.cutover is not None), None)


def _around(cutover: int, settle_s: int, definition: MigrationDef) -> tuple[Span, Span]:
    zone = definition.zone
    settled = cutover + settle_s
    if settle_s % DAY_S == 0:
        settled = midnight_of(cutover, zone, days=settle_s // DAY_S)
    before = midnight_of(cutover, zone, days=-local_days(definition.before, zone))
    after = midnight_of(settled, zone, days=local_days(definition.after, zone))
    return Span(before, cutover), Span(settled, after)
