"""How often something was delivered: counts, days, weeks without any, trains of services."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from zoneinfo import ZoneInfo

from slo.days import local_day, local_days
from slo.delivery.facts import DeliveryRules, Deployment
from slo.delivery.figures import Happened
from slo.evidence.comparison import Count
from slo.spans import Span

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """How often in a period: `days_with` of its `days`, and such days of each whole week of it.

    Weeks are seven local days, counted back from the end; weeks without any are zeros.
    """

    count: Count
    days: int
    days_with: int
    weeks: tuple[int, ...]

    @property
    def median_days_a_week(self) -> float | None:
        """Days with any in the middle week, weeks without among them; None without a week."""
        return float(median(self.weeks)) if self.weeks else None


@dataclass(frozen=True, slots=True)
class Train:
    """One version that several services took at nearly one time."""

    at: int
    version: str
    services: tuple[str, ...]


def frequency(things: Iterable[Happened], period: Span, zone: ZoneInfo) -> Frequency:
    """How often the things happened, by days of a zone; a day in part is a day.

    Every day of the period is looked at, however long it is.

    >>> frequency([], Span(0, 14 * 86_400), ZoneInfo("UTC")).weeks
    (0, 0)
    """
    times = [one.at for one in things if period.since <= one.at < period.until]
    days = local_days(period, zone)
    with_any = {local_day(at, zone) for at in times}
    weeks = [days[max(0, end - _WEEK) : end] for end in range(len(days), _WEEK - 1, -_WEEK)]
    return Frequency(
        count=Count(len(times), float(period.length_s)),
        days=len(days),
        days_with=len(with_any),
        weeks=tuple(sum(day in with_any for day in week) for week in reversed(weeks)),
    )


def trains(deployments: Iterable[Deployment], rules: DeliveryRules) -> tuple[Train, ...]:
    """Versions that more than one service took, each within the rules' time of the first of them.

    They are told beside the deployments, whose number they never change.
    """
    versions: dict[str, list[Deployment]] = defaultdict(list)
    for one in deployments:
        if not one.is_rollback:
            versions[one.version].append(one)
    found = (train for mine in versions.values() for train in _trains(mine, rules.train_within_s))
    return tuple(sorted(found, key=lambda one: (one.at, one.version)))


def _trains(deployments: Sequence[Deployment], within_s: int) -> Iterable[Train]:
    """The trains of one version."""
    waiting = sorted(deployments, key=lambda one: (one.at, one.service))
    while waiting:
        first = waiting[0]
        joined = [one for one in waiting if one.at <= first.at + within_s]
        services = tuple(sorted({one.service for one in joined}))
        if len(services) > 1:
            yield Train(first.at, first.version, services)
        waiting = waiting[len(joined) :]
