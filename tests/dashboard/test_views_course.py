"""The course of a budget against the product's own judge, asked at each of the moments again."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, series, states, steady
from verdict_builders import REQUESTS, an_slo, course_of, judged, stored

from collectors.store.store import Reader
from dashboard.views.counted.zoom import Zoom, zooms
from slo.facts import TallyRows
from slo.indicator import Uptime
from slo.spans import CalendarWindow, Period, RollingWindow

DAYS_2 = RollingWindow(2 * DAY_S)
BEGIN = NOON - 5 * DAY_S


def five_days() -> TallyRows:
    """Five days of uneven traffic up to noon, with errors in bursts."""
    rng = np.random.default_rng(7)
    count = 5 * DAY_S // 60
    total = rng.integers(0, 40, count)
    rate = np.where((np.arange(count) // 400) % 5 == 2, 0.2, 0.002)
    return minutes((total - rng.binomial(total, rate)).tolist(), total.tolist(), since=BEGIN)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return stored(tmp_path_factory.mktemp("course"), five_days())


@pytest.mark.parametrize("zoom", list(Zoom))
@pytest.mark.parametrize("as_of", [NOON, NOON - 3 * HOUR_S - 1_234])
def test_every_point_is_what_the_judge_says_of_that_moment(
    url: str, zoom: Zoom, as_of: int
) -> None:
    slo = an_slo("99", window=DAYS_2, indicator=REQUESTS)
    _, course = course_of(url, slo, zoom, as_of=as_of)

    assert len(course.known) > 100
    for at, left in course.known[:: len(course.known) // 12]:
        (then,) = judged(url, slo, as_of=at)
        assert then.budget_remaining is not None
        assert left == pytest.approx(float(then.budget_remaining), abs=1e-9)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_a_calendar_budget_begins_whole_and_its_chart_ends_with_the_period(
    url: str, zone: str
) -> None:
    view, course = course_of(url, an_slo(window=CalendarWindow(Period.WEEK, ZoneInfo(zone))))

    assert course.known[0] == (view.whole.since, 1.0)
    assert course.axis == view.whole


@pytest.mark.parametrize("zoom", [Zoom.HOURS_3, Zoom.WINDOW])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_every_point_of_a_calendar_budget_is_the_projection_of_that_moment(
    url: str, zone: str, zoom: Zoom
) -> None:
    slo = an_slo("99", window=CalendarWindow(Period.WEEK, ZoneInfo(zone)))
    _, course = course_of(url, slo, zoom)

    for at, left in course.known[5 :: len(course.known) // 8]:
        (then,) = judged(url, slo, as_of=at)
        assert then.projected_remaining is not None
        assert left == pytest.approx(float(then.projected_remaining), abs=1e-9)


def test_a_calendar_budget_is_held_against_an_even_spend_and_where_its_pace_leads(
    url: str,
) -> None:
    view, course = course_of(url, an_slo("99", window=CalendarWindow(Period.WEEK, ZoneInfo("UTC"))))

    assert course.even == ((view.whole.since, 1.0), (view.whole.until, 0.0))
    assert view.budget_remaining is not None
    assert course.ahead == (course.now, (view.whole.until, float(view.budget_remaining)))


def test_a_rolling_budget_has_no_even_spend_line(url: str) -> None:
    _, course = course_of(url, an_slo(window=DAYS_2))

    assert (course.even, course.ahead) == ((), ())


def test_the_last_point_is_the_figure_of_the_strip(url: str) -> None:
    view, course = course_of(url, an_slo("99", window=DAYS_2), as_of=NOON - 777)

    assert view.budget_remaining is not None
    assert course.points[-1] == (view.span.until, float(view.budget_remaining))


def test_the_parts_of_the_stretch_add_up_to_its_sli(url: str) -> None:
    slo = an_slo("99", window=RollingWindow(3 * HOUR_S))
    view, course = course_of(url, slo)

    # 0 to 39 requests a minute: five minutes have the twenty that a share takes.
    assert course.grid.share_s == 300
    with Reader.open(url) as reader:
        rows = reader.tally_rows(view.together, 60, view.span)
    for at, share in course.shares:
        inside = (rows.at >= at) & (rows.at < at + 300)
        good, total = rows.good[inside].sum(), rows.total[inside].sum()
        assert (share is None) is bool(total == 0)
        assert share is None or share == pytest.approx(good / total)


def test_a_long_course_is_drawn_in_at_most_1500_points(tmp_path: Path) -> None:
    ninety = RollingWindow(90 * DAY_S)
    url = stored(
        tmp_path, states("u" * 90 * 24, since=NOON - 90 * DAY_S, every_s=HOUR_S, valid_s=HOUR_S)
    )

    _, course = course_of(url, an_slo("99.9", window=ninety, indicator=Uptime(probe="probe")))

    assert course.grid.step_s == HOUR_S
    assert len(course.points) <= 1_501
    assert all(first[0] < second[0] for first, second in pairwise(course.points))


@pytest.mark.parametrize(
    ("window", "offered"),
    [(RollingWindow(HOUR_S), 1), (RollingWindow(12 * HOUR_S), 2), (DAYS_2, 3)],
)
def test_only_stretches_shorter_than_the_window_are_offered(
    url: str, window: RollingWindow, offered: int
) -> None:
    view, _ = course_of(url, an_slo(window=window))

    assert len(zooms(view)) == offered
    assert zooms(view)[-1] is Zoom.WINDOW


def test_a_fall_that_goes_on_in_an_hour_that_has_only_begun_is_told(tmp_path: Path) -> None:
    calm = steady(40 * 24 * 60, since=NOON - 40 * DAY_S)
    falling = minutes([20] * 40, [100] * 40, since=NOON)
    view, course = course_of(stored(tmp_path, calm, falling), an_slo("99"), as_of=NOON + 2_400)

    (fall,) = course.cliffs
    # 40 minutes x 80 bad of 1 % of 100 a minute over 30 days.
    assert course.grid.step_s == HOUR_S
    assert fall.share == pytest.approx(40 * 80 / (0.01 * 100 * 43_200))
    assert (fall.since, fall.until) == (NOON, view.span.until)


def test_a_fall_of_a_young_history_says_what_the_line_fell_by_beside_what_it_weighs_now(
    tmp_path: Path,
) -> None:
    since = NOON - DAY_S
    calm, failing = steady(360, since=since), minutes([0] * 20, [100] * 20, since=since + 21_600)
    after = steady(1_060, since=since + 22_800)
    _, course = course_of(stored(tmp_path, calm, failing, after), an_slo("99", window=DAYS_2))

    (fall,) = course.cliffs
    # 2,000 of the 1,440 that a day of 100 a minute allows; of the 380 of the 380 minutes till then.
    assert fall.share == pytest.approx(2_000 / 1_440)
    assert fall.drawn == pytest.approx(2_000 / 380, abs=0.1)


def test_the_first_minutes_of_a_history_have_an_sli_before_their_hour_is_over(
    tmp_path: Path,
) -> None:
    first = minutes([9] * 5, [10] * 5, since=NOON)

    _, course = course_of(stored(tmp_path, first), an_slo("99"), as_of=NOON + 300)

    assert [share for _, share in course.shares if share is not None] == [Fraction(9, 10)]


def test_a_fall_of_a_calendar_budget_weighs_what_it_took_of_the_whole_period(
    tmp_path: Path,
) -> None:
    """Monday to Thursday noon is half of a week: so its budget lasts twice as long as it did."""
    since = NOON - 3 * DAY_S - 12 * HOUR_S
    calm, failing = steady(1_440, since=since), minutes([0] * 20, [100] * 20, since=since + DAY_S)
    after = steady(5_040 - 1_460, since=since + DAY_S + 1_200)
    week = CalendarWindow(Period.WEEK, ZoneInfo("UTC"))
    view, course = course_of(stored(tmp_path, calm, failing, after), an_slo("99", window=week))

    (fall,) = course.cliffs
    # 2,000 of the 10,080 that a week of 100 a minute allows, and so much the line fell, too.
    assert view.whole.since == since
    assert fall.share == pytest.approx(2_000 / 10_080)
    assert fall.drawn is None


@pytest.mark.parametrize(("minutes_long", "falls"), [(10, 0), (20, 1)])
def test_a_window_is_as_well_measured_by_two_instances_as_by_one(
    tmp_path: Path, minutes_long: int, falls: int
) -> None:
    """Of 2,880 bad requests that two days allow 100 are 3 % and no fall, 200 are 7 % and one."""
    good = [50] * 1_380 + [45] * minutes_long + [50] * (60 - minutes_long)
    both = [
        minutes(good, [50] * 1_440, since=NOON - DAY_S, key=series(instance=name)) for name in "ab"
    ]
    view, course = course_of(stored(tmp_path, *both), an_slo("99", window=DAYS_2), Zoom.HOURS_3)

    assert view.members == 2
    # Of the 1,440 that the day so far allows.
    expected = [pytest.approx(10 * minutes_long / 1_440)] * falls
    assert [fall.share for fall in course.cliffs] == expected
