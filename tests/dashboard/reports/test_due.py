"""One report a period: through nights in which clocks change, rests of weeks, and failures."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from report_builders import at

from collectors.store.deliveries import Delivery, DeliveryState
from dashboard.config.report_def import ReportDef
from dashboard.reports.due import LOOK_BACK, Due, due, has_facts, next_due
from slo.cron import Cron
from slo.periods import ReportPeriod

BERLIN, KATHMANDU, UTC = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Kathmandu", "UTC"))
BIRTH = at("2020-01-01T00:00Z")


def a_report(period: str = "week", cron: str = "0 7 * * mon", zone: ZoneInfo = UTC) -> ReportDef:
    kind = ReportPeriod(period)
    return ReportDef("weekly", None, kind, Cron.parse(cron), zone, ("json",), Path("r"))


def sent(period: str, due_at: str, state: str = "sent", attempts: int = 1) -> Delivery:
    began = at(due_at) + 5
    ended = None if state == "started" else began + 1
    return Delivery(
        "weekly", period, "folder", at(due_at), state, began, ended, "d", "r", None, attempts
    )


def labels(report: ReportDef, now: str, *known: Delivery, born_at: int = BIRTH) -> list[str]:
    return [one.period.label for one in due([report], known, born_at=born_at, now=at(now))]


def look_by_look(report: ReportDef, since: str, until: str, *known: Delivery) -> list[Due]:
    """What a collector that looks every ten minutes would hand over."""
    handled, found = list(known), []
    for now in range(at(since), at(until), 600):
        for one in due([report], handled, born_at=BIRTH, now=now):
            found.append(one)
            handled.append(
                Delivery(
                    "weekly",
                    one.period.label,
                    "folder",
                    one.at,
                    "sent",
                    now,
                    now,
                    "d",
                    "r",
                    None,
                    1,
                )
            )
    return found


def test_a_report_is_due_from_its_time_on_and_not_a_second_before() -> None:
    known = sent("2026-W46", "2026-11-16T07:00Z")

    assert labels(a_report(), "2026-11-23T06:59:59Z", known) == []
    assert labels(a_report(), "2026-11-23T07:00:00Z", known) == ["2026-W47"]
    assert (
        labels(a_report(), "2026-11-23T07:00:00Z", known, sent("2026-W47", "2026-11-23T07:00Z"))
        == []
    )


@pytest.mark.parametrize(
    ("night", "yesterday"),
    [("2026-10-25", "2026-10-24"), ("2026-03-29", "2026-03-28")],
    ids=["half past two comes twice", "half past two never comes"],
)
def test_the_night_in_which_clocks_change_gives_one_report(night: str, yesterday: str) -> None:
    report = a_report("day", "30 2 * * *", BERLIN)
    before = sent("2020-01-01", f"{yesterday}T02:00Z")

    found = look_by_look(report, f"{yesterday}T22:00Z", f"{night}T22:00Z", before)

    assert [one.period.label for one in found] == [yesterday]


def test_a_zone_with_odd_minutes_has_its_own_weeks_and_mornings() -> None:
    report = a_report(zone=KATHMANDU)
    known = sent("2026-W46", "2026-11-16T01:15Z")

    assert labels(report, "2026-11-23T01:14Z", known) == []
    assert labels(report, "2026-11-23T01:15Z", known) == ["2026-W47"]


def test_three_weeks_of_rest_give_one_report_for_each_missed_week_the_oldest_first() -> None:
    known = sent("2026-W43", "2026-10-26T07:00Z")

    assert labels(a_report(), "2026-11-17T12:00Z", known) == ["2026-W44", "2026-W45", "2026-W46"]


def test_after_a_long_rest_only_the_last_twelve_periods_are_made_up_for() -> None:
    known = sent("2026-01-01", "2026-01-02T07:00Z")
    report = a_report("day", "0 7 * * *")

    found = labels(report, "2026-11-22T12:00Z", known)

    assert len(found) == LOOK_BACK == 12
    assert (found[0], found[-1]) == ("2026-11-10", "2026-11-21")


def test_a_report_that_was_never_made_begins_with_its_last_time_and_no_history() -> None:
    assert labels(a_report(), "2026-11-22T12:00Z") == ["2026-W46"]


def test_a_store_that_was_not_there_when_the_time_came_has_missed_nothing() -> None:
    born_at = at("2026-11-20T00:00Z")

    assert labels(a_report(), "2026-11-22T12:00Z", born_at=born_at) == []
    assert labels(a_report(), "2026-11-23T07:00Z", born_at=born_at) == ["2026-W47"]


def test_a_store_that_was_born_as_the_time_came_has_to_tell_of_it() -> None:
    came = at("2026-11-16T07:00Z")

    assert labels(a_report(), "2026-11-22T12:00Z", born_at=came) == ["2026-W46"]
    assert labels(a_report(), "2026-11-22T12:00Z", born_at=came + 1) == []


def test_what_was_due_when_the_first_report_was_is_not_made_up_for() -> None:
    daily = a_report("day", "0 7 * * *")

    first = sent("2026-11-01", "2026-11-20T07:00Z")

    # The 19th was due on the 20th at seven, the 20th on the 21st.
    assert labels(daily, "2026-11-21T07:00Z", first) == ["2026-11-20"]


def test_a_schedule_that_comes_each_minute_makes_one_report_a_period() -> None:
    report = a_report("day", "* * * * *")

    found = look_by_look(
        report, "2026-11-20T00:00Z", "2026-11-22T00:00Z", sent("2026-11-18", "2026-11-19T00:00Z")
    )

    assert [one.period.label for one in found] == ["2026-11-19", "2026-11-20"]


def test_a_schedule_that_comes_once_a_month_makes_the_last_week_alone() -> None:
    report = a_report("week", "0 7 1 * *")

    found = look_by_look(
        report, "2026-10-30T00:00Z", "2026-11-12T00:00Z", sent("2026-W39", "2026-10-01T07:00Z")
    )

    assert [(one.period.label, one.at) for one in found] == [("2026-W43", at("2026-11-01T07:00Z"))]


def test_another_length_begins_anew_instead_of_catching_up() -> None:
    assert labels(a_report(), "2026-11-22T12:00Z", sent("2026-08-01", "2026-08-02T07:00Z")) == [
        "2026-W46"
    ]


def test_what_failed_waits_longer_each_time_and_what_was_cut_off_until_nobody_can_be_at_it() -> (
    None
):
    failed = sent("2026-W46", "2026-11-16T07:00:00Z", "failed", attempts=3)
    started = sent("2026-W46", "2026-11-16T07:00:00Z", "started")

    # Three attempts: 60 s doubled twice, from 07:00:06 on.
    assert labels(a_report(), "2026-11-16T07:04:05Z", failed) == []
    assert labels(a_report(), "2026-11-16T07:04:06Z", failed) == ["2026-W46"]
    # A child has 120 s, and a minute more to be ended, from 07:00:05 on.
    assert labels(a_report(), "2026-11-16T07:03:04Z", started) == []
    assert labels(a_report(), "2026-11-16T07:03:05Z", started) == ["2026-W46"]
    assert started.state_at(at("2026-11-16T07:03:04Z")) is DeliveryState.STARTED
    assert started.state_at(at("2026-11-16T07:03:05Z")) is DeliveryState.UNKNOWN


def test_a_failure_that_lasts_is_tried_once_an_hour() -> None:
    failed = sent("2026-W46", "2026-11-16T07:00:00Z", "failed", attempts=50)

    assert labels(a_report(), "2026-11-16T08:00:05Z", failed) == []
    assert labels(a_report(), "2026-11-16T08:00:06Z", failed) == ["2026-W46"]


def test_the_next_time_is_told_with_its_period() -> None:
    coming = next_due(a_report(zone=BERLIN), at("2026-11-22T12:00Z"))

    assert coming is not None
    assert (coming.period.label, coming.at) == ("2026-W47", at("2026-11-23T06:00Z"))
    assert next_due(a_report("day", "0 7 29 2 *"), at("2026-11-22T12:00Z")) is None


def test_a_report_waits_for_its_sources_and_an_hour_at_most_for_one_that_fails() -> None:
    monday = "2026-11-23T07:00Z"
    (one,) = due(
        [a_report()], [sent("2026-W46", "2026-11-16T07:00Z")], born_at=BIRTH, now=at(monday)
    )

    def ready(now: str, shop: str, since: str = "2026-11-01T00:00Z") -> bool:
        good_at = {"shop": at(shop), "probe": at(now)}
        return has_facts(one, {"shop", "probe"}, good_at, at(since), at(now))

    assert ready("2026-11-23T07:01Z", shop="2026-11-23T07:00Z")
    assert not ready("2026-11-23T07:01Z", shop="2026-11-23T06:59Z")
    assert not ready("2026-11-23T07:59Z", shop="2026-11-23T06:59Z")
    assert ready("2026-11-23T08:00Z", shop="2026-11-23T06:59Z")
    # The collector began an hour ago at half past nine, and first has to catch up.
    assert not ready("2026-11-23T10:29Z", shop="2026-11-02T00:00Z", since="2026-11-23T09:30Z")
    assert ready("2026-11-23T10:30Z", shop="2026-11-02T00:00Z", since="2026-11-23T09:30Z")
    assert not has_facts(one, {"new"}, {}, 0, at("2026-11-23T07:01Z"))
    assert has_facts(one, set(), {}, 0, at("2026-11-23T07:01Z"))


def test_what_is_due_at_its_periods_very_end_waits_until_its_last_minute_has_settled() -> None:
    known = sent("2026-W46", "2026-11-16T00:00Z")
    (one,) = due(
        [a_report(cron="0 0 * * mon")], [known], born_at=BIRTH, now=at("2026-11-23T00:00Z")
    )

    assert not has_facts(one, {"shop"}, {"shop": one.at + 119}, 0, one.at + 119)
    assert has_facts(one, {"shop"}, {"shop": one.at + 120}, 0, one.at + 120)
