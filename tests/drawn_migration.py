"""A migration report as it is drawn in the mock-up: thirteen measures, a move of eight services."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from dashboard.config.migration_def import BreakDef, MetricDef, MigrationDef
from dashboard.measures.contract import Measured, MeasureOptions, Unit
from dashboard.views.migration.model import MigrationReport, MovedLine, Progress, Row
from dashboard.views.migration.told import Told, ToldBeside, ToldRow
from dashboard.views.pages.migration import MigrationPage
from dashboard.views.upkeep.board import SourceLine
from slo.evidence.comparison import Comparison, Scale, Side
from slo.evidence.terms import Better, Flag, Goal, GoalResult, Op, Role, Verdict
from slo.spans import Span

DAY_S = 86_400
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

_M, _C = GoalResult.MET, GoalResult.NOT_CERTAIN
_V = Verdict
_FULL = "100 % · 100 %"
# id, name, below; before, after, below; change, range; verdict, below; goal, its words; coverage
_ROWS = (
    (
        *("api-p95", "API latency, p95", "by day, 182 and 182 d", "820 ms", "490 ms", ""),
        *("−40 %", "−44 to −36 %", _V.IMPROVED, "", _C, "< 500 ms", "100 % · 98 %"),
    ),
    (
        *("uptime", "Uptime, all services", "15 and 3 outages", "99.80 %", "99.97 %", ""),
        *("+0.17 pp", "+0.03 to +0.41 pp", _V.IMPROVED, "86 → 13 min per 30 d"),
        *(_C, "≥ 99.95 %", "99 % · 100 %"),
    ),
    (
        *("trains", "Release trains", "6 and 26", "1.0", "4.3", "a month"),
        *("4.3x as often", "1.7 to 12.9x", _V.IMPROVED, "", _C, "≥ 1 a week", _FULL),
    ),
    (
        *("incidents", "Incidents, severity 1", "15 and 3", "2.5", "0.5", "a month"),
        *("0.20x as often", "0.04 to 0.71x", _V.IMPROVED, "", _M, "≤ 1.5 a month", _FULL),
    ),
    (
        *("pipeline", "CI/CD pipeline, median", "7 and 12 runs", "72 h", "8.1 h", ""),
        *("−89 %", "−90 to −87 %", _V.IMPROVED, "", _M, "< 12 h", _FULL),
    ),
    (
        *("features", "Feature releases", "8 and 24", "4", "12", "a quarter"),
        *("3.0x as often", "1.3 to 7.7x", _V.IMPROVED, "", None, "", _FULL),
    ),
    (
        *("search-p95", "Search latency, p95", "by day, 182 and 182 d", "310 ms", "342 ms", ""),
        *("+10 %", "+4 to +17 %", _V.WORSE, "", _M, "< 400 ms", "100 % · 99 %"),
    ),
    (
        *("failed", "Failed trains", "2 of 6 and 3 of 26", "33 %", "12 %", ""),
        *("−22 pp", "−59 to +8 pp", _V.NO_EVIDENCE, "", _C, "≤ 15 %", _FULL),
    ),
    (
        *("restore", "Time to restore, median", "15 and 3 incidents", "48 min", "31 min", ""),
        *("−35 %", "−71 to +46 %", _V.NO_EVIDENCE, "", None, "", _FULL),
    ),
    (
        *("security", "Security incidents", "2 and 0", "2", "0", "in 182 d"),
        *("–", "", _V.NOT_ENOUGH, "enough: none for 969 d", None, "", _FULL),
    ),
    (
        *("cost", "Infrastructure cost", "guardrail, 6 and 6 months", "41.2", "45.7"),
        *("k€ a month", "+11 %", "", _V.INSIDE, "not tested", None, "at most +15 %", _FULL),
    ),
    (
        *("rating", "Mobile app rating", "one value each", "3.9", "4.7", "of 5"),
        *("+0.8", "", _V.NOT_TESTED, "", _M, "≥ 4.5", "–"),
    ),
    (
        *("lighthouse", "Lighthouse", "one value each", "42", "94", "points"),
        *("+52 points", "", _V.NOT_TESTED, "", _M, "≥ 90", "–"),
    ),
)
_STEPS = (
    ("before", "pooled p95 of 17,472 quarter hours in 182 of 182 days = 820 ms"),
    ("after", "pooled p95 of 17,110 quarter hours in 178 of 182 days = 490 ms"),
    ("test", "moving blocks of 7 days, 4,000 resamples, p = 0.0005; by Holm 0.004"),
    ("query", 'request_seconds{service="api-gateway"}'),
)


def told_row(cells: tuple[object, ...]) -> ToldRow:
    """One row of the drawn table."""
    name, title, below, before, after, unit, change, between, verdict, small = map(str, cells[:10])
    goal, goal_words, coverage = cells[10:]
    said = (str(goal), str(goal_words)) if goal else ("no goal", "")
    if goal is None and goal_words:
        said = ("inside", str(goal_words))
    return ToldRow(
        id=name,
        name=(title, below),
        before=(before, unit),
        after=(after, unit),
        change=(change, between),
        evidence=(verdict, small),
        goal=said,
        coverage=str(coverage),
        verdict=Verdict(verdict),
        goal_result=goal if isinstance(goal, GoalResult) else None,
        steps=_STEPS,
        reasons=("The placebo inside the period before found no change.",),
    )


def told() -> Told:
    """The drawn report in words."""
    beside = ToldBeside(
        title="Old against new, same days",
        note="both ran, 6 Apr to 23 May; the strongest evidence here",
        old_name="Old",
        new_name="New",
        rows=(
            ("p95", "812 ms", "498 ms", "−39 %", "−43 to −34 %"),
            ("failing", "0.21 %", "0.06 %", "−0.15 pp", "−0.22 to −0.09 pp"),
            ("requests", "53.3 M", "56.8 M", "48 d", ""),
        ),
    )
    return Told(
        title="Monolith to services",
        headline=(
            "Monolith to services: 6 improved, 1 worse, 2 no evidence of change, 1 not enough data"
        ),
        goals="Goals: 5 met, 4 met but not certain",
        look="final look, as planned",
        periods=(
            "Before 6 Oct 2025 to 5 Apr 2026 (182 d) · after 24 May to 21 Nov 2026 (182 d)"
            " · the cutover, 6 Apr to 23 May, is left out of both · days in UTC"
        ),
        rows=tuple(told_row(cells) for cells in _ROWS),
        notes=(
            "Ten measures tested, adjusted together.",
            "Uptime stands without its largest outage.",
            "Different months of the year on both sides: season not ruled out.",
        ),
        besides=(beside,),
    )


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


_MEASURED = {
    "api-p95": ("latency_quantile", measured(0.82, 0.49, Unit.SECONDS), Goal(Op.LT, 0.5)),
    "uptime": (
        "uptime",
        measured(0.998, 0.9997, Unit.RATIO, days=_uptimes(), is_uptime=True),
        Goal(Op.GTE, 0.9995),
    ),
    "trains": ("event_rate", measured(1.0, 4.3, Unit.PER_MONTH, days=_releases()), None),
    "search-p95": ("latency_quantile", measured(0.31, 0.342, Unit.SECONDS), Goal(Op.LT, 0.4)),
    "cost": ("snapshot", measured(41.2, 45.7, Unit.NUMBER, label="k€ a month", days=()), None),
}


def metric(name: str, title: str) -> MetricDef:
    kind, _, goal = _MEASURED.get(name, ("event_rate", None, None))
    return MetricDef(
        id=name,
        title=title,
        kind=kind,
        options=MeasureOptions(),
        role=Role.GOAL,
        better=Better.LOWER,
        goal=goal,
    )


def definition() -> MigrationDef:
    """The drawn migration."""
    return MigrationDef(
        name="monolith-to-services",
        title="Monolith to services",
        zone=ZoneInfo("UTC"),
        before=BEFORE,
        after=AFTER,
        transition=BETWEEN,
        evaluate_at=AFTER.until,
        metrics=tuple(metric(one.id, one.name[0]) for one in told().rows),
        breaks=(BreakDef(BEFORE.since + 40 * DAY_S, "the probe moved", ("uptime",)),),
    )


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


def report(words: Told) -> MigrationReport:
    """The values behind the words."""
    migration = definition()
    rows = tuple(
        Row(
            metric=one,
            before=BEFORE,
            after=AFTER,
            measured=_MEASURED[one.id][1] if one.id in _MEASURED else None,
            verdict=said.verdict,
            goal=said.goal_result,
        )
        for one, said in zip(migration.metrics, words.rows, strict=True)
    )
    return MigrationReport(
        migration=migration,
        as_of=AFTER.until,
        is_interim=False,
        rows=rows,
        notes=words.notes,
        progress=progress(),
    )


_SOURCES = (
    SourceLine("prometheus", "collected 2 min ago"),
    SourceLine("github", "collected 6 min ago"),
    SourceLine("pagerduty", "late, collected 17 min ago", is_late=True),
)


def the_mock_up() -> MigrationPage:
    """The drawn page."""
    words = told()
    return MigrationPage(
        report=report(words),
        told=words,
        names=(("monolith-to-services", "Monolith to services"),),
        sources=_SOURCES,
        digest="4f1c9a",
    )


def renamed(page: MigrationPage, name: str) -> MigrationPage:
    """The page with that name in every place that a configuration or a source fills."""
    words = page.told
    rows = tuple(
        replace(
            one,
            name=(name, one.name[1]),
            before=(one.before[0], name),
            evidence=(one.evidence[0], name),
            goal=(one.goal[0], name),
            reasons=(name,),
            steps=((name, name),),
            flags=(Flag.TREND,),
        )
        for one in words.rows
    )
    (beside,) = words.besides
    sides = (replace(beside, title=name, old_name=name, rows=((name, name, name, name, name),)),)
    said = replace(
        words, title=name, headline=name, periods=name, notes=(name,), rows=rows, besides=sides
    )
    found = page.report.progress
    assert found is not None
    lines = tuple(replace(line, service=name) for line in found.services)
    metrics = tuple(replace(one, title=name) for one in page.report.migration.metrics)
    shown = tuple(
        replace(row, metric=one) for row, one in zip(page.report.rows, metrics, strict=True)
    )
    made = replace(
        page.report,
        migration=replace(page.report.migration, title=name, metrics=metrics),
        rows=shown,
        progress=Progress(found.span, found.whole, lines),
    )
    return replace(page, report=made, told=said)


def bare() -> MigrationPage:
    """A migration whose measures found nothing: no value, no picture, no move."""
    page = the_mock_up()
    unknown = tuple(
        replace(
            one,
            before=("–", ""),
            after=("–", ""),
            change=("–", ""),
            evidence=("not enough data", "nothing was collected for it"),
            goal=("unknown", "< 500 ms"),
            coverage="–",
            verdict=Verdict.NOT_ENOUGH,
            goal_result=GoalResult.UNKNOWN,
            steps=(),
            reasons=(),
        )
        for one in page.told.rows
    )
    rows = tuple(replace(row, measured=None) for row in page.report.rows)
    said = replace(
        page.told,
        rows=unknown,
        headline="Monolith to services: 13 not enough data",
        goals="",
        look="interim; the planned look is on 1 Dec 2026",
        besides=(),
        notes=(),
    )
    made = replace(page.report, rows=rows, progress=None, is_interim=True)
    return replace(page, told=said, report=made, sources=())
