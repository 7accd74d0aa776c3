"""What a report says was spent, in which stretches and why, checked by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from report_builders import SINCE, UNTIL, at, event, rows
from verdict_builders import Shop, an_slo

from collectors.contract import Batch, Stream
from collectors.store.store import Reader, Store
from dashboard.views.attribution.falls import CauseKind
from dashboard.views.report.making import report_of
from dashboard.views.report.model import Heading, Report
from dashboard.views.report.spends import Piece, pieces
from dashboard.views.report.words import told
from slo.delivery.facts import DeliveryRules
from slo.facts import EventKind, Fact
from slo.indicator import Ratio
from slo.objective import Slo
from slo.periods import ReportPeriod, last_complete
from slo.spans import CalendarWindow, Period, RollingWindow, Span

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = last_complete(ReportPeriod.WEEK, BERLIN, UNTIL)
WEEK_ROLLING = RollingWindow(7 * 86_400)


def shop(name: str = "checkout", *, route: str = "/a", calendar: Period | None = None) -> Slo:
    window = WEEK_ROLLING if calendar is None else CalendarWindow(calendar, BERLIN)
    indicator = Ratio(total=f'requests{{route="{route}"}}')
    return an_slo("99", name=name, window=window, indicator=indicator)


def reported(
    folder: Path, *facts: Fact, slos: tuple[Slo, ...] = (shop(),), service: str | None = None
) -> Report:
    url = f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=UNTIL) as store:
        for fact in facts:
            store.ingest("shop", Stream("facts"), Batch((fact,)), (), now=UNTIL)
    with Reader.open(url) as reader:
        return report_of(
            Heading("weekly", service, WEEK), slos, reader, {"shop": Shop()}, DeliveryRules()
        )


def test_what_was_spent_is_the_bad_events_over_what_the_window_allows(tmp_path: Path) -> None:
    # 672 quarters of 1,000 in the seven days before the end: 6,720 may fail, 168 did.
    (line,) = reported(tmp_path, rows("/a", {"2026-10-21T10:00+02:00": 168})).slos

    assert line.spent == Fraction(168, 6_720)
    assert line.moved == -line.spent
    assert line.counted is not None
    # The week in which clocks go back has 676 quarters.
    assert (line.counted.good, line.counted.total) == (676_000 - 168, 676_000)
    assert line.coverage == 1


def test_what_left_the_rolling_window_was_still_spent(tmp_path: Path) -> None:
    # The first hour of the week lies before the seven days that end with its 169 hours.
    (line,) = reported(tmp_path, rows("/a", {"2026-10-19T00:15+02:00": 168})).slos

    assert line.spent == Fraction(168, 6_720)
    assert line.now.budget_remaining == 1


def test_a_week_that_spans_two_months_spends_of_two_budgets() -> None:
    november = last_complete(ReportPeriod.WEEK, BERLIN, at("2026-11-02T00:00+01:00"))
    first = at("2026-11-01T00:00+01:00")

    found = pieces(CalendarWindow(Period.MONTH, BERLIN), november.span)

    assert found == (
        Piece(Span(first, november.span.until), Span(first, november.span.until)),
        Piece(Span(at("2026-10-01T00:00+02:00"), first), Span(november.span.since, first)),
    )


def test_spends_are_named_by_the_incident_then_by_the_deployment_and_else_unexplained(
    tmp_path: Path,
) -> None:
    moments = ("2026-10-20T10:00+02:00", "2026-10-21T10:00+02:00", "2026-10-22T10:00+02:00")
    bad = dict(zip(moments, (900, 600, 300), strict=True))
    facts = (
        rows("/a", bad),
        event(EventKind.INCIDENT, "INC-1", moments[0], "2026-10-20T10:10+02:00", title="down"),
        event(EventKind.DEPLOYMENT, "v2", "2026-10-21T09:30+02:00", service="shop"),
        event(EventKind.DEPLOYMENT, "v3", "2026-10-22T09:59+02:00", service="other"),
    )

    report = reported(tmp_path, *facts)

    assert [(one.share, one.cause_kind, one.cause) for one in report.spends] == [
        (Fraction(900, 6_720), CauseKind.INCIDENT, "INC-1 down"),
        (Fraction(600, 6_720), CauseKind.DEPLOY, "deploy v2, 30 m before"),
        (Fraction(300, 6_720), CauseKind.UNKNOWN, ""),
    ]
    assert told(report).spends == (
        "checkout, 14 points: during incident INC-1 down (20 Oct 10:00 to 10:15 CEST).",
        "checkout, 9 points: after deploy v2, 30 m before (21 Oct 10:00 to 10:15 CEST).",
        "checkout, 5 points: unexplained (22 Oct 10:00 to 10:15 CEST).",
    )


def test_two_bad_quarters_with_two_calm_ones_between_are_one_stretch_and_with_three_two(
    tmp_path: Path,
) -> None:
    near = {"2026-10-20T10:00+02:00": 300, "2026-10-20T10:45+02:00": 300}
    far = {"2026-10-22T10:00+02:00": 200, "2026-10-22T11:00+02:00": 200}

    report = reported(tmp_path, rows("/a", near | far))

    assert [(one.share * 6_720, one.span.length_s) for one in report.spends] == [
        (600, 3_600),
        (200, 900),
        (200, 900),
    ]


def test_only_the_three_largest_spends_of_all_objectives_are_named(tmp_path: Path) -> None:
    slos = shop("a"), shop("b", route="/b")
    first = rows("/a", {f"2026-10-2{day}T10:00+02:00": 100 * day for day in range(1, 4)})
    second = rows("/b", {"2026-10-22T10:00+02:00": 250})

    report = reported(tmp_path, first, second, slos=slos)

    assert [(one.slo, one.share * 6_720) for one in report.spends] == [
        ("a", 300),
        ("b", 250),
        ("a", 200),
    ]


def test_a_report_of_a_service_holds_its_events_and_those_of_no_service(tmp_path: Path) -> None:
    when = "2026-10-21T10:00+02:00"
    facts = [
        event(EventKind.DEPLOYMENT, key, when, service=service)
        for key, service in (("mine", "shop"), ("theirs", "other"), ("anyones", ""))
    ]

    report = reported(tmp_path, rows("/a"), *facts, service="shop")

    assert [one.key for one in report.happenings] == ["anyones", "mine"]


@pytest.mark.parametrize(
    ("since", "until", "lasted_s", "is_open"),
    [
        ("2026-10-18T23:00+02:00", "2026-10-19T01:00+02:00", 3_600, False),
        ("2026-10-25T23:00+01:00", "2026-10-26T05:00+01:00", 3_600, True),
        ("2026-10-01T00:00+02:00", None, 169 * 3_600, True),
        ("2026-10-21T10:00+02:00", "2026-10-21T10:00+02:00", 0, False),
    ],
)
def test_an_incident_counts_for_the_part_of_it_that_lies_in_the_period(
    tmp_path: Path, since: str, until: str | None, lasted_s: int, is_open: bool
) -> None:
    report = reported(tmp_path, rows("/a"), event(EventKind.INCIDENT, "INC-1", since, until))

    (one,) = report.of(EventKind.INCIDENT)
    assert (one.lasted_s, one.ended_at is None) == (lasted_s, is_open)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-10-18T10:00+02:00", "2026-10-19T00:00+02:00"),
        ("2026-10-26T00:00+01:00", "2026-10-26T01:00+01:00"),
    ],
)
def test_what_ended_before_or_began_after_the_period_is_not_of_it(
    tmp_path: Path, since: str, until: str
) -> None:
    report = reported(tmp_path, rows("/a"), event(EventKind.INCIDENT, "INC-1", since, until))

    assert report.of(EventKind.INCIDENT) == ()


def test_what_arrives_after_the_period_changes_nothing_of_its_report(tmp_path: Path) -> None:
    before = told(reported(tmp_path, rows("/a", {"2026-10-21T10:00+02:00": 168})))
    later = event(EventKind.INCIDENT, "INC-9", "2026-10-26T10:00+01:00")
    after = told(reported(tmp_path, later))

    assert before == after
    assert WEEK.span.since == SINCE
