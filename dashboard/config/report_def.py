"""What a `[[report]]` asks for: about what, how often, in which formats and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from slo.cron import Cron
from slo.objective import Slo
from slo.periods import NamedPeriod, ReportPeriod, last_complete


@dataclass(frozen=True, slots=True)
class ReportDef:
    """One report: of all services or of one.

    `about` is a subject such as `budgets`, and `migration` the one that is meant where it is one.
    """

    name: str
    service: str | None
    period: ReportPeriod
    cron: Cron
    zone: ZoneInfo
    formats: tuple[str, ...]
    folder: Path
    about: str = "budgets"
    migration: str | None = None

    def period_at(self, at: int) -> NamedPeriod:
        """The period that a report made at `at` tells of: the last that had ended."""
        return last_complete(self.period, self.zone, at)

    def due_at(self, period: NamedPeriod) -> int | None:
        """When the report of a period is due; None where the schedule passes it over.

        It is the first time of the schedule after the period's end, unless the next period has
        ended by then too.
        """
        at = self.cron.first_at(period.span.until, self.zone)
        return at if at is not None and at < period.following.span.until else None

    def covers(self, slo: Slo) -> bool:
        """Whether the report is about that SLO."""
        return self.service is None or slo.service == self.service
