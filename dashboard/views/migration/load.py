"""Whether the same came on both sides: how much traffic, and to which services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.store.reader import Reader
from dashboard.config.migration_def import MigrationDef
from dashboard.views.migration.progress import requests_by_service
from dashboard.views.rounding import rounded, signed
from slo.evidence.checks.balance import Mix, Traffic, mix, traffic
from slo.evidence.terms import Flag
from slo.spans import Span


@dataclass(frozen=True, slots=True)
class Load:
    """Traffic and its mix over both periods; None where nobody counts it."""

    traffic: Traffic | None = None
    mix: Mix | None = None

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What a reader of every tested row must be warned of."""
        said = (
            (Flag.TRAFFIC, self.traffic is not None and self.traffic.is_uneven),
            (Flag.MIX, self.mix is not None and self.mix.is_moved),
        )
        return tuple(flag for flag, is_so in said if is_so)

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence about each, where it is known."""
        return tuple(filter(None, (self._traffic_words(), self._mix_words())))

    def _traffic_words(self) -> str:
        if self.traffic is None:
            return ""
        change = signed((self.traffic.ratio - 1) * 100, 0, ())
        if change.lstrip("+−") == "0":
            return "Traffic a day: the same on both sides."
        warned = ": too uneven to compare unwarned" if self.traffic.is_uneven else ""
        return f"Traffic a day: {change} %{warned}."

    def _mix_words(self) -> str:
        if self.mix is None or not self.mix.is_moved:
            return ""
        before, after = (rounded(share * 100, 0) for share in (self.mix.before, self.mix.after))
        return (
            f"The mix of services moved: {self.mix.name} had {before} % of the requests before"
            f" and {after} % after."
        )


def load_of(reader: Reader, definition: MigrationDef, look: int, sources: Sequence[str]) -> Load:
    """What the services that count their traffic say of both periods."""
    known = Span(min(definition.before.since, look), look)
    spans = [one.clipped_to(known) for one in (definition.before, definition.after)]
    if not all(span.length_s for span in spans):
        return Load()
    counted = [requests_by_service(reader, definition, span, sources) for span in spans]
    if not counted[0]:
        return Load()
    a_day = [sum(each.values()) for each in counted]
    return Load(traffic(a_day[0], a_day[1]), mix(counted[0], counted[1]))
