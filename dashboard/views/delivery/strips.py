"""Each service's deployments and incidents by local day, or by week where the span is long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from dashboard.views.delivery.days import LONGEST_BY_DAY
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.delivery.model import Mark, Strip, Strips
from dashboard.views.shown import shown
from dashboard.views.words import NOTHING, duration_words
from slo.days import local_day, local_days
from slo.delivery.episodes import impact
from slo.delivery.facts import Incident
from slo.delivery.figures import is_grave
from slo.facts import EventKind
from slo.lengths import HOUR_S, MINUTE_S
from slo.spans import Span

_WEEK, _SATURDAY, _NAMED = 7, 5, 3
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMELESS = "no service named"
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Bins:
    """The first days of the bins, which are whole days or weeks; the last may be cut short."""

    days: tuple[date, ...]
    of_days: int
    zone: ZoneInfo

    @classmethod
    def of(cls, found: Gathered) -> Bins:
        """By day up to 45 days, beyond by weeks that are counted from the first day."""
        days = local_days(found.span, found.zone)
        step = 1 if len(days) <= LONGEST_BY_DAY else _WEEK
        return cls(days[::step], step, found.zone)

    def place(self, at: int) -> int:
        """The bin that holds a moment of the span."""
        return (local_day(at, self.zone) - self.days[0]).days // self.of_days

    @property
    def labels(self) -> tuple[str, ...]:
        """The day of the month; where a bin is a week, its first day with the month."""
        if self.of_days == 1:
            return tuple(str(day.day) for day in self.days)
        return tuple(f"{day.day} {_MONTHS[day.month - 1]}" for day in self.days)

    @property
    def heads(self) -> tuple[tuple[int, str], ...]:
        """Each month's name at its first bin."""
        months = [(day.year, day.month) for day in self.days]
        return tuple(
            (place, f"{_MONTHS[month - 1]} {year}")
            for place, (year, month) in enumerate(months)
            if place == 0 or months[place - 1] != (year, month)
        )

    @property
    def weekends(self) -> frozenset[int]:
        """The places of Saturdays and Sundays; none where a bin is a week."""
        if self.of_days != 1:
            return frozenset()
        return frozenset(n for n, day in enumerate(self.days) if day.weekday() >= _SATURDAY)


def strips(found: Gathered) -> Strips:
    """A row a service that had deployments or incidents in the span; the others are counted."""
    bins = Bins.of(found)
    if not bins.days:
        return Strips((), (), frozenset(), ())
    placed = _deployments(found, bins)
    broken = _by_service(found.begun(found.span))
    every = _by_service(found.incidents.kept)
    earlier = _by_service(found.open_earlier())
    names = sorted({*placed, *broken, *earlier}, key=lambda name: (not name, name))
    rows = tuple(
        _strip(
            bins,
            name,
            placed.get(name, {}),
            _Broken(found, broken[name], earlier[name], every[name]),
        )
        for name in names
    )
    return Strips(bins.labels, bins.heads, bins.weekends, rows, _quiet(_heard_of(found) - {*names}))


def _heard_of(found: Gathered) -> set[str]:
    """The services that ever deployed or broke, though not in the span."""
    named = {one.service for one in found.deployments.kept}
    return {name for name in named | {one.service for one in found.incidents.kept} if name}


def _quiet(names: set[str]) -> str:
    """How many services were heard of before, and not in the span."""
    if not names:
        return ""
    return f"{len(names):,} other{'' if len(names) == 1 else 's'}: nothing in this span"


def _deployments(found: Gathered, bins: Bins) -> Mapping[str, dict[int, int]]:
    placed: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for one in found.deployed(found.span):
        placed[one.service][bins.place(one.at)] += 1
    return placed


def _by_service(incidents: Iterable[Incident]) -> defaultdict[str, list[Incident]]:
    broken: defaultdict[str, list[Incident]] = defaultdict(list)
    for one in incidents:
        broken[one.service].append(one)
    return broken


@dataclass(frozen=True, slots=True)
class _Broken:
    """The incidents of one service: begun in the span, open since before it, and all known."""

    found: Gathered
    begun: Sequence[Incident]
    earlier: Sequence[Incident]
    every: Sequence[Incident]


def _strip(bins: Bins, name: str, placed: Mapping[int, int], broken: _Broken) -> Strip:
    counts = tuple(placed.get(place, 0) for place in range(len(bins.days)))
    by_bin: dict[int, list[Incident]] = defaultdict(list)
    if broken.earlier:
        by_bin[0].extend(broken.earlier)
    for one in broken.begun:
        by_bin[bins.place(one.at)].append(one)
    return Strip(
        service=shown(name, _LONGEST_TITLE) or _NAMELESS,
        deployments=counts,
        marks=tuple(_mark(broken.found, place, mine) for place, mine in sorted(by_bin.items())),
        deployed=_deployed_words(broken.found, sum(counts)),
        impact=_impact_words(broken),
    )


def _mark(found: Gathered, place: int, mine: Sequence[Incident]) -> Mark:
    """One mark a bin: the time of impact of all that began in it, overlaps once."""
    down_s = _taken_s(found, mine)
    titles = [shown(f"{one.key} {one.title}".strip(), _LONGEST_TITLE) for one in mine[:_NAMED]]
    more = [f"and {len(mine) - _NAMED} more"] if len(mine) > _NAMED else []
    return Mark(
        place=place,
        words=_brief(down_s),
        title=", ".join([*titles, *more]),
        is_grave=any(is_grave(one) or one.ended_at is None for one in mine),
    )


def _taken_s(found: Gathered, mine: Sequence[Incident]) -> int:
    """Their whole time so far, whatever the span: a mark tells how long its incidents lasted."""
    since = min(one.at for one in mine)
    whole = Span(since, max(since, found.as_of))
    return sum(one.length_s for one in impact(mine, whole, as_of=found.as_of, planned=True))


def _impact_words(broken: _Broken) -> str:
    """The time of impact in the span; a dash for none, and where incidents are not collected."""
    found = broken.found
    if not found.is_collected(EventKind.INCIDENT):
        return NOTHING
    taken = impact(broken.every, found.span, as_of=found.as_of, planned=False)
    down_s = sum(one.length_s for one in taken)
    return duration_words(down_s) if down_s else NOTHING


def _deployed_words(found: Gathered, count: int) -> str:
    return f"{count:,}" if found.is_collected(EventKind.DEPLOYMENT) else NOTHING


def _brief(seconds: int) -> str:
    """A length in one unit, short enough for a mark.

    >>> _brief(6_480), _brief(86_400), _brief(2_040), _brief(700_000)
    ('1.8 h', '24 h', '34 m', '8 d')
    """
    if seconds < HOUR_S:
        return f"{max(1, round(seconds / MINUTE_S)) if seconds else 0} m"
    hours = seconds / HOUR_S
    if hours < 10:  # noqa: PLR2004
        return f"{hours:.1f}".removesuffix(".0") + " h"
    return f"{hours:.0f} h" if hours < 100 else f"{hours / 24:.0f} d"  # noqa: PLR2004
