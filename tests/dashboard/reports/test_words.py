"""A report never sounds surer than it is, and names at most three of anything in its first line."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from report_builders import UNTIL, rows
from verdict_builders import Shop, an_slo

from collectors.contract import Batch, Stream
from collectors.store.store import Reader, Store
from dashboard.views.report.making import report_of
from dashboard.views.report.model import Heading, Report, SloLine
from dashboard.views.report.when import days
from dashboard.views.report.words import subject, told
from dashboard.views.slos.slo_view import Between
from slo.delivery.facts import DeliveryRules
from slo.facts import TallyRows
from slo.indicator import Latency, Ratio
from slo.periods import ReportPeriod, last_complete
from slo.spans import RollingWindow, Span

BERLIN = ZoneInfo("Europe/Berlin")
LAST_HOUR = [f"2026-10-25T23:{minute:02}+01:00" for minute in (0, 15, 30, 45)]
OVERSPENT = {"2026-10-21T10:00+02:00": 1_000}


def reported(folder: Path, **routes: TallyRows) -> Report:
    """A report on one SLO of 99 % over seven days for each name."""
    url = f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=UNTIL) as store:
        for facts in routes.values():
            store.ingest("shop", Stream("facts"), Batch((facts,)), (), now=UNTIL)
    slos = [
        an_slo(
            "99" if name.startswith("f") else "99.9",
            name=name,
            window=RollingWindow(7 * 86_400),
            indicator=Ratio(total=f'requests{{route="/{name}"}}'),
        )
        for name in routes
    ]
    week = last_complete(ReportPeriod.WEEK, BERLIN, UNTIL)
    with Reader.open(url) as reader:
        return report_of(
            Heading("weekly", None, week), slos, reader, {"shop": Shop()}, DeliveryRules()
        )


def with_first(report: Report, line: SloLine) -> Report:
    return replace(report, slos=(line, *report.slos[1:]))


def test_the_first_line_names_three_and_counts_the_rest(tmp_path: Path) -> None:
    spent = {name: rows(f"/{name}", OVERSPENT) for name in "abcde"}

    report = reported(tmp_path, **spent, fine=rows("/fine"))

    assert subject(report) == "5 of 6 need attention: a, b, c and 2 more spent"


def test_what_burns_while_its_budget_lasts_is_failing_or_slow(tmp_path: Path) -> None:
    # An hour of 900 a quarter in a budget of 6,720: 46 % is left, and it pages.
    report = reported(tmp_path, first=rows("/first", dict.fromkeys(LAST_HOUR, 900)), b=rows("/b"))
    line = report.slos[0]
    slow = replace(line.now.slo, indicator=Latency(0.5, histogram="h"))

    assert subject(report) == "1 of 2 needs attention: first failing"
    slow_line = replace(line, now=replace(line.now, slo=slow))
    assert subject(with_first(report, slow_line)) == "1 of 2 needs attention: first slow"


def test_a_budget_that_is_only_perhaps_spent_is_never_called_spent(tmp_path: Path) -> None:
    report = reported(tmp_path, a=rows("/a", OVERSPENT), b=rows("/b"))
    line = report.slos[0]
    assert line.now.tally is not None
    total = line.now.tally.total
    between = Between(total - 1_000, total)
    estimated = replace(line.now.tally, estimated_s=900)
    first = replace(line.now.first, tally=estimated)
    doubtful = replace(line, now=replace(line.now, first=first, between=between))

    said = told(with_first(report, doubtful))

    assert said.subject == "1 of 2 needs attention: a perhaps spent"
    # 1,000 of 672 are −49 % left, none of them 100 %.
    assert said.changes[0].after == "−49 % to 100 %"
    assert said.decisions == (
        "The budget of a is perhaps spent (−49 % to 100 % left): measure it better, or act?",
    )


def test_a_fleet_has_twelve_rows_and_says_how_many_more_there_are(tmp_path: Path) -> None:
    spent = {f"a{number:02}": rows(f"/a{number:02}", OVERSPENT) for number in range(14)}

    said = told(reported(tmp_path, **spent, fine=rows("/fine")))

    assert len(said.changes) == 12
    assert said.others == "2 more in the CSV; 1 other moved less than 5 points."


def test_a_report_without_objectives_says_so(tmp_path: Path) -> None:
    assert told(reported(tmp_path)).subject == "No objectives yet"


def test_a_share_of_a_point_is_never_rounded_to_nothing(tmp_path: Path) -> None:
    report = reported(tmp_path, first=rows("/first", {"2026-10-21T10:00+02:00": 70}))

    (spend,) = report.spends
    assert spend.share == Fraction(70, 6_720)
    assert told(report).spends[0].startswith("first, 2 points: ")


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (1_795_305_600, 1_795_392_000, "Sun 22 Nov 2026"),
        (1_794_787_200, 1_795_392_000, "Mon 16 to Sun 22 Nov 2026"),
        (1_793_577_600, 1_796_601_600, "Mon 2 Nov to Sun 6 Dec 2026"),
        (1_798_416_000, 1_799_020_800, "Mon 28 Dec 2026 to Sun 3 Jan 2027"),
    ],
)
def test_the_days_of_a_period_are_told_with_no_more_words_than_needed(
    since: int, until: int, said: str
) -> None:
    assert days(Span(since, until), ZoneInfo("UTC")) == said


def test_a_pair_in_order_is_both(tmp_path: Path) -> None:
    report = reported(tmp_path, fine=rows("/fine"), fair=rows("/fair"))

    assert subject(report) == "Both are in order"


def test_both_ends_of_the_period_are_dated_and_those_of_a_day_timed(tmp_path: Path) -> None:
    report = reported(tmp_path, fine=rows("/fine"))
    day = last_complete(ReportPeriod.DAY, BERLIN, UNTIL)

    said = told(report), told(replace(report, heading=Heading("daily", None, day)))

    assert [(one.since, one.until) for one in said] == [
        ("Mon 19 Oct", "Sun 25 Oct"),
        ("Sun 25 Oct 00:00", "24:00"),
    ]
