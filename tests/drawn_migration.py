"""A migration report as it is drawn in the mock-up: thirteen measures, a move of eight services."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import told_builders

from dashboard.config.migration_def import BreakDef
from dashboard.measures.contract import Measured, Unit
from dashboard.views.migration.model import Beside, MigrationReport, MovedLine, Progress, Row
from dashboard.views.migration.telling import told
from dashboard.views.pages.migration import MigrationPage
from dashboard.views.upkeep.board import SourceLine
from slo.evidence.comparison import Comparison, Scale, Side
from slo.evidence.terms import Flag, GoalResult, Verdict
from slo.spans import Span

DAY_S = told_builders.DAY_S
BEFORE = Span(1_759_708_800, 1_759_708_800 + 182 * DAY_S)  # 6 Oct 2025 to 5 Apr 2026
AFTER = Span(BEFORE.until + 48 * DAY_S, BEFORE.until + 230 * DAY_S)  # 24 May to 21 Nov 2026
BETWEEN = Span(BEFORE.until, AFTER.since)
# The days of the move on which a service's first and last requests moved.
SERVICES = {
    "notifications": (4, 9),
    "search": (6, 14),
    "auth": (8, 20),
    "mobile-bff": (13, 27),
    "api-gateway": (16, 36),
    "ledger": (22, 44),
    "payments": (25, 46),
    "checkout": (17, 47),
}

TITLES = {
    "uptime": "Uptime, all services",
    "trains": "Release trains",
    "incidents": "Incidents, severity 1",
    "pipeline": "CI/CD pipeline, median",
    "releases": "Feature releases",
    "search": "Search latency, p95",
    "failed": "Failed trains",
    "security": "Security incidents",
    "cost": "Infrastructure cost",
    "rating": "Mobile app rating",
}
_STEPS = (
    ("before", "pooled p95 of 17,472 quarter hours in 182 of 182 days = 820 ms"),
    ("after", "pooled p95 of 17,110 quarter hours in 178 of 182 days = 490 ms"),
    ("test", "moving blocks of 7 days, 4,000 resamples, p = 0.0005; by Holm 0.004"),
    ("query", 'request_seconds{service="api-gateway"}'),
)
_NOTES = ("Nine measures tested, adjusted together.", "Uptime stands without its largest outage.")
_REASONS = ("The placebo inside the period before found no change.",)


def days(
    before: float, after: float, *, noise: float = 0.04
) -> tuple[tuple[int, float | None], ...]:
    """A value a day that falls or climbs between the periods, with a hole of four days."""
    made: list[tuple[int, float | None]] = []
    for day in range(412):
        at = BEFORE.since + day * DAY_S
        share = min(max((at - BETWEEN.since) / BETWEEN.length_s, 0.0), 1.0)
        wave = 1 + noise * (math.sin(day * 1.7) + math.sin(day * 0.9 + 1)) / 1.5
        made.append((at, None if 300 <= day < 304 else (before + (after - before) * share) * wave))
    return tuple(made)


def measured(before: float, after: float, unit: Unit, **more: object) -> Measured:
    """What was found of one measure, with a value for each day."""
    found = Comparison(
        before=Side(estimate=before, n=182),
        after=Side(estimate=after, n=182),
        scale=Scale.RATIO,
        change=after / before if before else None,
    )
    made = Measured(comparison=found, unit=unit, days=days(before, after))
    return replace(made, **more)  # type: ignore[arg-type]


def _uptimes() -> tuple[tuple[int, float | None], ...]:
    """Uptime by day: an outage of an hour each fortnight until the move."""
    return tuple(
        (BEFORE.since + day * DAY_S, 1 - (0.04 if day % 14 == 3 and day < 200 else 0.0))
        for day in range(412)
    )


def _releases() -> tuple[tuple[int, float | None], ...]:
    """Releases by day, told a month: one a month, then one a week."""
    one = 365.2425 / 12
    return tuple(
        (BEFORE.since + day * DAY_S, one if day % (30 if day < 200 else 7) == 2 else 0.0)
        for day in range(412)
    )


def _curves() -> dict[str, tuple[tuple[int, float | None], ...]]:
    """The days of the measures that are drawn."""
    return {
        "api-p95": days(0.82, 0.49),
        "uptime": _uptimes(),
        "trains": _releases(),
        "search": days(0.31, 0.342),
    }


def report() -> MigrationReport:
    """The mock-up's measures with their days, the move, and old against new."""
    made = told_builders.mock_up()
    curves = _curves()
    rows = tuple(_drawn(one, curves.get(one.metric.id, ())) for one in made.rows)
    broken = (BreakDef(BEFORE.since + 40 * DAY_S, "the probe moved", ("uptime",)),)
    migration = replace(
        made.migration,
        name="monolith-to-services",
        metrics=tuple(one.metric for one in rows),
        breaks=broken,
    )
    besides = (Beside("p95", "Old", "New", BETWEEN, 48, _beside()),)
    return replace(
        made, migration=migration, rows=rows, progress=progress(), besides=besides, notes=_NOTES
    )


def _beside() -> Measured:
    found = told_builders.compared(0.812, 0.498, (0.57, 0.66), n=(48, 48))
    return told_builders.measured(found, Unit.SECONDS, "days")


def _drawn(one: Row, curve: tuple[tuple[int, float | None], ...]) -> Row:
    title = TITLES.get(one.metric.id, one.metric.title)
    found = None if one.measured is None else replace(one.measured, days=curve)
    metric = replace(one.metric, title=title)
    return replace(one, metric=metric, measured=found, steps=_STEPS, reasons=_REASONS)


def progress() -> Progress:
    """Eight services that move in steps, each in its own weeks."""
    lines = tuple(moved(name, first, last) for name, (first, last) in SERVICES.items())
    whole = tuple(
        (BETWEEN.since + day * DAY_S, _mean([line.days[day][1] for line in lines]))
        for day in range(48)
    )
    all_of = MovedLine(
        service="",
        days=whole,
        cutover=None,
        moved_on=BETWEEN.since + 47 * DAY_S,
        old=1.0,
        new=1.0,
        still_old=0.0,
    )
    return Progress(BETWEEN, all_of, lines)


def moved(name: str, first: int, last: int, *, still_old: float = 0.0) -> MovedLine:
    """A service whose traffic goes from none on the day `first` to all on the day `last`."""
    steps = (0, 1, 1, 5, 5, 25, 50, 75, 90)

    def share(day: int) -> Fraction:
        if day >= last:
            return Fraction(1)
        place = (day - first) * len(steps) // (last - first)
        return Fraction(steps[place], 100) if day >= first else Fraction(0)

    return MovedLine(
        service=name,
        days=tuple((BETWEEN.since + day * DAY_S, share(day)) for day in range(48)),
        cutover=BETWEEN.since + last * DAY_S,
        moved_on=BETWEEN.since + last * DAY_S,
        old=53e6,
        new=57e6,
        still_old=still_old,
    )


def _mean(shares: list[Fraction | None]) -> Fraction:
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) / len(known)


_SOURCES = (
    SourceLine("prometheus", "collected 2 min ago"),
    SourceLine("github", "collected 6 min ago"),
    SourceLine("pagerduty", "late, collected 17 min ago", is_late=True),
)


def the_mock_up() -> MigrationPage:
    """The drawn page."""
    return page_of(report())


def page_of(made: MigrationReport) -> MigrationPage:
    """A report in its words, with what stands around it."""
    return MigrationPage(
        report=made,
        told=told(made),
        names=(("monolith-to-services", "Monolith to services"),),
        sources=_SOURCES,
        digest="4f1c9a",
    )


def renamed(page: MigrationPage, name: str) -> MigrationPage:
    """The page with that name in every place that a configuration or a source fills."""
    made = page.report
    assert made.progress is not None
    lines = tuple(replace(line, service=name) for line in made.progress.services)
    rows = tuple(
        replace(
            row,
            metric=replace(row.metric, title=name),
            measured=None
            if row.measured is None
            else replace(row.measured, label=name, counted=name),
            reasons=(name,),
            steps=((name, name),),
            flags=(Flag.TREND,),
        )
        for row in made.rows
    )
    named = tuple(replace(one, title=name, old_name=name, new_name=name) for one in made.besides)
    migration = replace(made.migration, title=name, metrics=tuple(row.metric for row in rows))
    return page_of(
        replace(
            made,
            migration=migration,
            rows=rows,
            besides=named,
            notes=(name,),
            progress=replace(made.progress, services=lines),
        )
    )


def bare() -> MigrationPage:
    """A migration whose measures found nothing: no value, no picture, no move."""
    made = report()
    rows = tuple(
        replace(
            row,
            measured=None,
            verdict=Verdict.NOT_ENOUGH,
            goal=None if row.metric.goal is None else GoalResult.UNKNOWN,
            steps=(),
            reasons=(),
        )
        for row in made.rows
    )
    empty = replace(made, rows=rows, progress=None, besides=(), is_interim=True)
    return replace(page_of(empty), sources=())
