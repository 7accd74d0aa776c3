"""Months and quarters out of a real store, each judged by the target that was in force then."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, HOUR_S, NOON, QUARTER_S, series, states
from compliance_builders import BERLIN, MONTH, QUARTER, at, hours, months, recorded
from verdict_builders import an_slo, stored

from collectors.store.store import Store
from dashboard.shell.definitions import keep
from dashboard.views.compliance.words import block, result_words
from slo.indicator import Ratio, Uptime
from slo.spans import CalendarWindow, Period


def test_where_nothing_was_ever_counted_no_month_was_kept_or_missed(tmp_path: Path) -> None:
    (record,) = recorded(stored(tmp_path), an_slo(), as_of=NOON)

    made = block(record, MONTH)

    assert record.periods == ()
    assert made.words == ("Nothing was measured yet, so no period was kept or missed.",)
    assert (made.title, made.rows) == ("Months kept: none was measured", ())


def test_what_came_after_the_moment_is_not_counted(tmp_path: Path) -> None:
    since, until = at("2026-01-01"), at("2026-02-01")
    url = stored(tmp_path, hours(since, until, bad=10))

    found = months(url, an_slo("99"), as_of=since + DAY_S)

    assert months(url, an_slo("99"), as_of=since) == {}
    tally = found["2026-01"].compliance.tally
    assert tally is not None
    assert tally.total == 24_000


def test_a_month_in_a_hole_between_two_measured_ones_is_not_measured(tmp_path: Path) -> None:
    january, february, march = (at(f"2026-0{n}-01") for n in (1, 2, 3))
    url = stored(
        tmp_path,
        hours(january, february, bad=0),
        hours(march, march + DAY_S, bad=0),
    )

    found = months(url, an_slo("99"), as_of=march + DAY_S)

    assert list(found) == ["2026-03", "2026-02", "2026-01"]
    assert result_words(found["2026-02"]) == "not measured"
    assert found["2026-02"].compliance.is_kept is None
    assert found["2026-02"].coverage == 0


def test_a_month_without_an_event_is_no_traffic_and_neither_kept_nor_missed(
    tmp_path: Path,
) -> None:
    since = at("2026-01-01")
    url = stored(tmp_path, hours(since, at("2026-02-01"), bad=0, total=0))

    found = months(url, an_slo("99"), as_of=at("2026-02-01"))

    assert result_words(found["2026-01"]) == "no traffic"


def test_a_past_month_keeps_its_target_though_today_it_would_miss(tmp_path: Path) -> None:
    """0.5 % bad is half of 99 %'s budget and five times that of 99.9 %."""
    january, february, march = (at(f"2026-0{n}-01") for n in (1, 2, 3))
    url = stored(tmp_path, hours(january, march, bad=5))
    with Store.open(url, now=NOON) as store:
        keep(store, [an_slo("99")], january)
        keep(store, [replace(an_slo("99.9"), effective=february)], january + DAY_S)

    found = months(url, an_slo("99.9"), as_of=march)

    (record,) = recorded(url, an_slo("99.9"), as_of=march)
    assert block(record, MONTH).title == "Months kept: 1 of 2"
    assert found["2026-01"].compliance.remaining == Fraction(1, 2)
    assert found["2026-02"].compliance.remaining == -4
    assert [result_words(found[label]) for label in ("2026-01", "2026-02")] == ["kept", "missed"]


def test_a_month_with_two_targets_may_spend_what_both_of_its_parts_allow(tmp_path: Path) -> None:
    """Ten days of 24,000 at 99 % allow 2,400; twenty-one at 99.9 % allow 504: 2,904 in all."""
    january, february = at("2026-01-01"), at("2026-02-01")
    url = stored(tmp_path, hours(january, february, bad=2))
    changed = january + 10 * DAY_S
    with Store.open(url, now=NOON) as store:
        keep(store, [an_slo("99")], january)
        keep(store, [an_slo("99.9")], changed)

    kept = months(url, an_slo("99.9"), as_of=february)["2026-01"]
    (row,) = block(recorded(url, an_slo("99.9"), as_of=february)[0], MONTH).rows

    assert [part.span.length_s for part in kept.parts] == [10 * DAY_S, 21 * DAY_S]
    assert kept.compliance.allowed == 2_904
    assert kept.compliance.bad == 2 * 24 * 31
    assert kept.compliance.remaining == 1 - Fraction(1_488, 2_904)
    assert (row[2].words, row[2].note) == ("99 %", "99.9 % from 11 Jan")


def test_a_target_changed_within_a_minute_cuts_no_bin_and_loses_no_event(tmp_path: Path) -> None:
    january, february = at("2026-01-01"), at("2026-02-01")
    url = stored(tmp_path, hours(january, february, bad=2))
    with Store.open(url, now=NOON) as store:
        keep(store, [an_slo("99")], january)
        keep(store, [an_slo("99.9")], january + 10 * DAY_S + 617)

    kept = months(url, an_slo("99.9"), as_of=february)["2026-01"]

    tally = kept.compliance.tally
    assert tally is not None
    assert tally.total == 31 * 24_000
    assert kept.parts[0].span.until == kept.parts[1].span.since == january + 10 * DAY_S


def test_another_indicator_of_then_counts_its_own_events_of_then(tmp_path: Path) -> None:
    january, february, march = (at(f"2026-0{n}-01") for n in (1, 2, 3))
    old = replace(hours(january, february, bad=500), series=series("visits", bin_s=QUARTER_S))
    url = stored(tmp_path, old, hours(january, march, bad=0))
    visits = an_slo("99", indicator=Ratio("visits"))
    with Store.open(url, now=NOON) as store:
        keep(store, [visits], january)
        keep(store, [replace(an_slo("99"), effective=february)], february - 60)

    found = months(url, an_slo("99"), as_of=march)

    assert found["2026-01"].compliance.sli == Fraction(1, 2)
    assert found["2026-02"].compliance.sli == 1


def test_a_running_month_has_what_is_left_so_far_and_of_the_whole_month(tmp_path: Path) -> None:
    """After one of June's thirty days with half of its budget spent, 59/60 of the month's is left."""
    june = at("2026-06-01")
    url = stored(tmp_path, hours(june, june + DAY_S, bad=5))

    kept = months(url, an_slo("99"), as_of=june + DAY_S)["2026-06"]
    (row,) = block(recorded(url, an_slo("99"), as_of=june + DAY_S)[0], MONTH).rows

    assert kept.is_running
    assert (kept.compliance.remaining, kept.projected) == (Fraction(1, 2), Fraction(59, 60))
    assert (row[-1].words, row[-1].note) == ("50 %", "98 % of the whole month")
    assert (row[0].note, row[1].words) == ("to 2 Jun 00:00", "kept so far")
    assert row[4].words == "120 of 240"


def test_the_rest_of_a_month_whose_target_changed_is_held_to_the_target_in_force_last(
    tmp_path: Path,
) -> None:
    """Of 24,000 a day ten days allow 240 each, ten 24 each, and the ten ahead 24 each: 2,880."""
    june = at("2026-06-01")
    until = june + 20 * DAY_S
    url = stored(tmp_path, hours(june, until, bad=2))
    with Store.open(url, now=NOON) as store:
        keep(store, [an_slo("99")], june)
        keep(store, [an_slo("99.9")], june + 10 * DAY_S)

    kept = months(url, an_slo("99.9"), as_of=until)["2026-06"]

    assert kept.compliance.bad == 20 * 48
    assert kept.compliance.allowed == 2_400 + 240
    assert kept.projected == 1 - Fraction(960, 2_880)


def test_at_midnight_of_the_first_the_month_before_has_ended_and_no_other_began(
    tmp_path: Path,
) -> None:
    june, july = at("2026-06-01"), at("2026-07-01")
    url = stored(tmp_path, hours(june, july + DAY_S, bad=5))

    found = months(url, an_slo("99"), as_of=july)

    assert list(found) == ["2026-06"]
    assert not found["2026-06"].is_running


def test_a_quarter_is_the_sum_of_its_months(tmp_path: Path) -> None:
    january, april = at("2026-01-01"), at("2026-04-01")
    url = stored(tmp_path, hours(january, april, bad=3))

    (quarter,) = months(url, an_slo("99"), as_of=april, by=QUARTER).values()
    each = months(url, an_slo("99"), as_of=april).values()

    assert quarter.compliance.bad == sum(one.compliance.bad for one in each) == 3 * 24 * 90
    assert quarter.period.label == "2026-Q1"


def test_months_follow_the_days_of_the_objectives_own_calendar(tmp_path: Path) -> None:
    """The hour before midnight UTC is the next month in Berlin."""
    since, until = at("2026-01-31T23:00:00"), at("2026-02-01")
    url = stored(tmp_path, hours(since, until, bad=1))
    here = an_slo("99", window=CalendarWindow(Period.MONTH, BERLIN))

    assert list(months(url, here, as_of=until)) == ["2026-02"]
    assert list(months(url, an_slo("99"), as_of=until)) == ["2026-01"]
    assert list(months(url, an_slo("99"), as_of=until, zone=BERLIN)) == ["2026-02"]


@pytest.mark.parametrize(
    ("zone", "month", "length_h", "allowed_s"),
    [
        ("Europe/Berlin", "2026-03", 743, "1337.4"),
        ("Europe/Berlin", "2026-10", 745, "1341"),
        ("Europe/Berlin", "2026-11", 720, "1296"),
        ("Asia/Kathmandu", "2026-02", 672, "1209.6"),
        ("Pacific/Apia", "2011-12", 720, "1296"),
    ],
)
def test_a_month_up_all_the_time_allows_what_its_real_length_allows(
    tmp_path: Path, zone: str, month: str, length_h: int, allowed_s: str
) -> None:
    """99.95 % of the hours between its two midnights: Berlin's March has 743, Apia's Dec 2011 720."""
    there = ZoneInfo(zone)
    year, number = map(int, month.split("-"))
    since = at(f"{month}-01", there)
    until = at(f"{year + number // 12}-{number % 12 + 1:02}-01", there)
    up = states("u" * ((until - since) // DAY_S + 2), since=since, every_s=DAY_S, valid_s=DAY_S)
    url = stored(tmp_path, up, indicators=(Uptime("probe", DAY_S),))
    slo = an_slo("99.95", indicator=Uptime("probe", DAY_S))

    kept = months(url, slo, as_of=until, zone=there)[month]

    assert kept.period.span.length_s == kept.span.length_s == length_h * HOUR_S
    assert (kept.coverage, kept.compliance.sli) == (1, 1)
    assert kept.compliance.allowed == Fraction(allowed_s)


def test_what_corrections_take_off_is_shown_beside_what_is_left(tmp_path: Path) -> None:
    january, february = at("2026-01-01"), at("2026-02-01")
    url = stored(tmp_path, hours(january, february, bad=20))
    (record,) = recorded(url, an_slo("99"), as_of=february)
    (kept,) = record.periods
    (part,) = kept.parts
    assert part.raw is not None
    excluded = replace(part.raw, excluded_total=8_000.0, excluded_s=DAY_S)
    corrected = replace(kept, parts=(replace(part, raw=excluded),))

    (row,) = block(replace(record, periods=(corrected,)), MONTH).rows

    assert row[3].note == "98.0 % uncorrected"
    assert kept.compliance.is_kept is False
    assert corrected.compliance.is_kept is True
    assert corrected.uncorrected.remaining == kept.compliance.remaining == -1
