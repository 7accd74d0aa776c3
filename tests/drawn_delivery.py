"""The page of delivery and incidents as it is drawn in the mock-up, and its states."""

from __future__ import annotations

from dataclasses import replace

from dashboard.views.delivery.model import (
    Choice,
    DeliveryPage,
    DeploymentLine,
    FigureLine,
    IncidentLine,
    Mark,
    Slice,
    Strip,
    Strips,
)
from dashboard.views.pages.delivery import Shown
from dashboard.views.slos.marks import Tone
from dashboard.views.upkeep.board import SourceLine
from slo.spans import Span

AS_OF = 1_795_362_120  # 22 Nov 2026 15:42 UTC
SPAN = Span(1_792_972_800, AS_OF)  # 26 Oct 2026
# Days of a deployment, counted from 26 Oct, and incidents: day, length, whether it is grave.
_SERVICES: dict[str, tuple[tuple[int, ...], tuple[tuple[int, str, bool], ...], str]] = {
    "api-gateway": ((0, 10, 15, 17, 22, 25), (), ""),
    "checkout": (
        (1, 4, 8, 10, 15, 17, 22, 24, 27),
        ((11, "24 h", True), (17, "21 h", False), (27, "22 m", True)),
        "45 h 22 m",
    ),
    "payments": ((1, 3, 7, 24, 27), (), ""),
    "auth": ((2, 9, 16, 21, 25), ((2, "1.8 h", False), (23, "1.7 h", False)), "3 h 32 m"),
    "ledger": ((9, 15, 21), ((11, "24 h", True),), "24 h 0 m"),
    "notifications": ((3, 9, 18, 23), ((18, "34 m", False),), "34 m"),
    "search": ((0, 7, 8, 10, 17), (), ""),
    "mobile-bff": ((2, 4, 7, 14, 16, 22, 23), (), ""),
}
_FIGURES = (
    (
        *("frequency", "Deployment frequency", "11.0 a week", "8.0 to 14.8", "44", "9.8, n = 39"),
        "4 release trains; deployed on 20 of 28 days",
    ),
    (
        *("lead", "Lead time, merge to production", "6 h 40 m", "5 h 10 m to 9 h 5 m", "41"),
        *("7 h 15 m, n = 37", "median; 9 in 10 within 22 h; 3 could not be matched to a merge"),
    ),
    (
        *("fail", "Change fail rate", "9.1 %", "3.6 to 21.2 %", "4 of 44", "7.7 %, 3 of 39"),
        "no evidence of change",
    ),
    (
        *("recovery", "Failed deployment recovery", "1 h 50 m", "34 m to –", "4", "52 m, n = 3"),
        "median, 1 still open; from 34 m to 21 h 0 m; too few for an upper end",
    ),
)
_DEPLOYMENTS = (
    (
        *("22 Nov 15:07 UTC", "checkout", "7f3c2a1", "Retry card capture on 409", "1 h 12 m"),
        *("failing now", "red"),
    ),
    (
        *("22 Nov 13:22 UTC", "payments", "3d90be7", "Rotate acquirer certificate", "5 h 50 m"),
        *("fine so far", ""),
    ),
    (
        *("20 Nov 16:40 UTC", "auth", "e07b5d1", "Token store to Redis 8", "9 h 04 m"),
        *("fine", ""),
    ),
    (
        *("19 Nov 11:48 UTC", "payments", "d5514ce", "Currency rounding by scheme", "6 h 31 m"),
        *("rollback, fine", ""),
    ),
    (
        *("17 Nov 10:12 UTC", "mobile-bff", "b2f6701", "Drop v3 cart endpoint", "22 h 15 m"),
        *("fine", ""),
    ),
    (
        *("13 Nov 12:20 UTC", "notifications", "c41d0e9", "Batch push sends", "3 h 40 m"),
        *("failed, restored", "amber"),
    ),
    (
        *("12 Nov 10:00 UTC", "checkout", "5be09d2", "Quote cache keyed by basket", "7 h 26 m"),
        *("failed, rolled back", "amber"),
    ),
)
_INCIDENTS = (
    (
        *("22 Nov 15:18 UTC", "checkout", "Card capture fails", "1", "22 m so far", "2 m", ""),
        *("4,120", True, False),
    ),
    (
        *("18 Nov 09:10 UTC", "auth", "Log-ins slow", "2", "1 h 42 m", "6 m", "1 h 36 m"),
        *("", False, False),
    ),
    (
        *("13 Nov 12:31 UTC", "notifications", "Pushes held back", "2", "34 m", "11 m", "34 m"),
        *("", False, False),
    ),
    (
        *("6 Nov 08:00 UTC", "ledger", "", "", "24 h 0 m", "", ""),
        *("", False, True),
    ),
)


def figures(rows: tuple[tuple[str, ...], ...] = _FIGURES) -> tuple[FigureLine, ...]:
    """The drawn figures."""
    return tuple(
        FigureLine(
            id=name,
            title=title,
            value=value,
            interval=between,
            n=count,
            before=before,
            says=says,
            definition="Deployments to production that succeeded; rollbacks are not counted.",
            dropped=("2 rows without a version were left out",),
        )
        for name, title, value, between, count, before, says in rows
    )


def strips() -> Strips:
    """The drawn strips: 28 days from Monday 26 Oct 2026."""
    days = (*range(26, 32), *range(1, 23))
    return Strips(
        bins=tuple(str(day) for day in days),
        heads=((0, "Oct 2026"), (6, "Nov 2026")),
        weekends=frozenset(day for day in range(28) if day % 7 in {5, 6}),
        rows=tuple(strip(name) for name in _SERVICES),
    )


def strip(name: str) -> Strip:
    deployed, marked, impact = _SERVICES[name]
    marks = tuple(
        Mark(place=day, words=words, title=f"INC-{day}: {words} of impact", is_grave=grave)
        for day, words, grave in marked
    )
    return Strip(
        service=name,
        deployments=tuple(deployed.count(day) for day in range(28)),
        marks=marks,
        deployed=str(len(deployed)),
        impact=impact,
    )


def deployments() -> tuple[DeploymentLine, ...]:
    """The drawn deployments."""
    names = ("when", "service", "version", "title", "lead", "state")
    return tuple(
        DeploymentLine(**dict(zip(names, row, strict=True)), tone=Tone(tone))
        for *row, tone in _DEPLOYMENTS
    )


def incidents() -> tuple[IncidentLine, ...]:
    """Incidents in the words of the page, one of them open, one an outage."""
    names = ("when", "service", "title", "severity", "impact", "detected", "restored", "users")
    return tuple(
        IncidentLine(
            **dict(zip(names, map(str, row[:8]), strict=True)),
            is_open=bool(row[8]),
            is_outage=bool(row[9]),
        )
        for row in _INCIDENTS
    )


def page() -> DeliveryPage:
    """The drawn page."""
    return DeliveryPage(
        headline=(
            "44 deployments in 28 days, 4 failed and 1 of them is failing now;"
            " 6 incidents, 1 of severity 1"
        ),
        scope=(
            "26 Oct to 22 Nov 2026, UTC · production · all services"
            " · rollbacks are not counted as deployments"
        ),
        freshness="data to 15:40 UTC, 2 min ago",
        choice=Choice(SPAN),
        services=tuple(_SERVICES),
        teams=("identity", "payments"),
        figures=figures(),
        incident_figures=(),
        strips=strips(),
        deployments=deployments(),
        deployment_slice=Slice(1, 7, 44),
        incidents=incidents(),
        incident_slice=Slice(1, 1_753, 7_012),
    )


_SOURCES = (
    SourceLine("github", "collected 6 min ago"),
    SourceLine("pagerduty", "late, collected 17 min ago", is_late=True),
)


def the_mock_up(made: DeliveryPage | None = None, days: int = 28) -> Shown:
    """The drawn page with what stands around it."""
    return Shown(
        page=made or page(),
        days=days,
        data_words="As of 22 Nov 2026 15:42 UTC",
        sources=_SOURCES,
        digest="4f1c9a",
    )


def bare() -> Shown:
    """A span in which nothing happened, of one service without a team."""
    empty = Slice(1, 1, 0)
    made = replace(
        page(),
        headline="No deployments and no incidents in 28 days",
        services=("checkout",),
        teams=(),
        strips=replace(strips(), rows=()),
        deployments=(),
        deployment_slice=empty,
        incidents=(),
        incident_slice=empty,
        figures=figures(
            (("frequency", "Deployment frequency", "0 a week", "0 to 0.9", "0", "–", ""),)
        ),
    )
    return the_mock_up(made)


def weekly() -> Shown:
    """Half a year in weeks: many deployments a bin, several incidents in one."""
    many = Strips(
        bins=tuple(str(7 * week % 28 + 1) for week in range(26)),
        heads=tuple((4 * place, name) for place, name in enumerate(("Jun", "Jul", "Aug", "Sep"))),
        weekends=frozenset(),
        rows=tuple(
            Strip(
                service=name,
                deployments=tuple((week * 7 + len(name)) % 23 for week in range(26)),
                marks=tuple(
                    Mark(place=week, words="3.2 h", title="an incident", is_grave=week == 5)
                    for week in (5, 5, 5, 9, 20)
                ),
                deployed="312",
                impact="412 h 3 m",
            )
            for name in _SERVICES
        ),
    )
    return the_mock_up(replace(page(), strips=many), 182)


def renamed(name: str) -> Shown:
    """The page with that name in every place that a configuration or a source fills."""
    made = page()
    said = FigureLine(
        id="x",
        title=name,
        value="1",
        interval=name,
        n=name,
        before=name,
        says=name,
        definition=name,
        dropped=(name,),
    )
    rows = tuple(
        replace(one, service=name, marks=tuple(replace(m, title=name) for m in one.marks))
        for one in made.strips.rows
    )
    hostile = replace(
        made,
        headline=name,
        scope=name,
        services=(name, "other"),
        teams=(name, "other"),
        figures=(said,),
        notes=(name,),
        strips=replace(made.strips, rows=rows),
        deployments=tuple(
            replace(one, service=name, version=name, title=name) for one in made.deployments
        ),
        incidents=tuple(
            replace(one, service=name, title=name, severity=name) for one in made.incidents
        ),
    )
    return the_mock_up(hostile)
