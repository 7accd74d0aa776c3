"""A report about a past period judges it by what was promised then, whatever is promised now."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from builders import DAY_S
from report_builders import SINCE, UNTIL, rows
from verdict_builders import Shop, an_slo

from collectors.contract import Batch, Stream
from collectors.store.store import Reader, Store
from dashboard.shell.definitions import keep
from dashboard.views.report.making import report_of
from dashboard.views.report.model import Heading, Report
from dashboard.views.report.words import told
from slo.delivery.facts import DeliveryRules
from slo.indicator import Ratio
from slo.objective import Slo
from slo.periods import ReportPeriod, last_complete
from slo.spans import RollingWindow

WEEK = last_complete(ReportPeriod.WEEK, ZoneInfo("Europe/Berlin"), UNTIL)
BAD = rows("/a", {"2026-10-21T10:00+02:00": 3_360})
"""672 quarters of 1,000: at 99 % 6,720 may fail, half of them did; at 99.9 % five times as many."""


def promise(percent: str) -> Slo:
    indicator = Ratio('requests{route="/a"}')
    return an_slo(percent, window=RollingWindow(7 * DAY_S), indicator=indicator)


def reported(folder: Path, *promises: tuple[Slo, int]) -> Report:
    """The report of the week, made by the last of the promises after all were recorded."""
    url = f"sqlite:///{folder / 'burnline.db'}"
    with Store.open(url, now=UNTIL) as store:
        store.ingest("shop", Stream("facts"), Batch((BAD,)), (), now=UNTIL)
        for slo, now in promises:
            keep(store, [slo], now)
    with Reader.open(url) as reader:
        present = promises[-1][0]
        return report_of(
            Heading("weekly", None, WEEK), (present,), reader, {"shop": Shop()}, DeliveryRules()
        )


def test_a_target_tightened_after_the_week_leaves_its_report_as_it_was(tmp_path: Path) -> None:
    (line,) = reported(
        tmp_path, (promise("99"), SINCE - DAY_S), (promise("99.9"), UNTIL + DAY_S)
    ).slos

    assert line.now.slo.objective.percent == 99
    assert (line.now.budget_remaining, line.spent) == (Fraction(1, 2), Fraction(1, 2))


def test_a_target_that_holds_from_the_next_monday_on_is_not_in_the_report_of_the_week_before(
    tmp_path: Path,
) -> None:
    monday = replace(promise("99.9"), effective=UNTIL)

    (line,) = reported(tmp_path, (promise("99"), SINCE - DAY_S), (monday, SINCE)).slos

    assert line.now.slo.objective.percent == 99


def test_a_target_changed_within_the_week_is_told_beside_the_new_one(tmp_path: Path) -> None:
    made = reported(tmp_path, (promise("99"), SINCE - DAY_S), (promise("99.9"), SINCE + DAY_S))

    (line,), (change,) = made.slos, told(made).changes
    assert (line.then.slo.objective.percent, f"{line.now.slo.objective.percent}") == (99, "99.9")
    assert line.now.budget_remaining == -4
    assert change.promise == "99.9 % of requests succeed, before 99 %"
