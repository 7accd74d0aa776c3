"""What lies ahead of a budget, on a real store: by hand arithmetic."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from builders import DAY_S, HOUR_S, NOON, minutes
from verdict_builders import an_slo, one_judged, stored

from collectors.store.reader import Reader
from dashboard.views.machines.blocks import lines
from dashboard.views.projection.making import Projection, projection
from dashboard.views.projection.words import lasting_block, returning_block
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.spans import CalendarWindow, Period, RollingWindow, Window

WEEK = RollingWindow(7 * DAY_S)
WEEK_S = 7 * DAY_S


def ahead(
    folder: Path, bad: dict[range, int], *, window: Window = WEEK, days: int = 7
) -> tuple[SloView, Projection | None]:
    """The SLO of 99 % and its projection; `bad` by minutes before noon: 100 requests a minute."""
    failed = {minute: count for some, count in bad.items() for minute in some}
    count = days * 1_440
    good = [100 - failed.get(count - place, 0) for place in range(count)]
    url = stored(folder, minutes(good, [100] * count, since=NOON - days * DAY_S))
    slo = an_slo("99", window=window)
    view = one_judged(url, slo)
    with Reader.open(url) as reader:
        return view, projection(Scene(None, reader, NOON), view)  # type: ignore[arg-type]


def told(made: Projection) -> str:
    """How long it lasts, as the shell prints it."""
    block = lasting_block(made)
    return "" if block is None else "\n".join(lines([block]))


def test_a_spent_budget_says_when_some_of_it_is_back(tmp_path: Path) -> None:
    # The week allows 10,080 bad; 12,000 came: two hours of all, first 6 days and 23 hours ago.
    _, made = ahead(tmp_path, {range(10_020 - 119, 10_020 + 1): 100})
    assert made is not None
    block = returning_block(made)
    assert block is not None

    # More than 1,920 bad must leave, 20 minutes of them: the first quarter hour of them leaves
    # 75 minutes from now, the second 90.
    assert made.above_zero_at == NOON + HOUR_S + 1_800
    assert told(made) == ""
    assert block.words == ("Spent; above 0 again on 1 Jan 2026 13:30 UTC if nothing else fails.",)


def test_what_returns_is_what_leaves_the_window(tmp_path: Path) -> None:
    _, made = ahead(tmp_path, {range(10_080 - 720, 10_080 - 720 + 60): 42, range(10, 20): 50})
    assert made is not None
    first, second = made.returning

    # 2,520 of 10,080 leave within a day (an hour that began 12 h 59 min into the week's first day).
    assert (first.after_s, first.share) == (DAY_S, 0.25)
    assert (second.after_s, second.share) == (3 * DAY_S, 0.25)
    assert float(first.left) == 1 - 500 / 10_080


def test_each_rate_says_what_it_would_come_to(tmp_path: Path) -> None:
    view, made = ahead(tmp_path, {range(1, 61): 5})
    assert made is not None
    hour, six, three_days = made.lasting
    left = view.budget_remaining
    assert left is not None

    # 5 % in the last hour is five times the budget's speed; over six hours less than it.
    assert hour.burn == 5
    assert hour.gone_at == NOON + int(left / 5 * WEEK_S)
    assert (six.burn, six.gone_at) == (Fraction(5, 6), None)
    assert three_days.gone_at is None
    assert "never: as much returns as is spent" in told(made)


def test_what_left_the_window_minutes_ago_does_not_return(tmp_path: Path) -> None:
    """A window that begins within a quarter hour: 700 bad just before it are none of its own."""
    count = 8 * 1_440
    good = [100] * count
    for place in range(count - 10_080 - 7, count - 10_080):
        good[place] = 0
    late_s = 7 * 60
    url = stored(tmp_path, minutes(good, [100] * count, since=NOON + late_s - 8 * DAY_S))
    view = one_judged(url, an_slo("99", window=WEEK), as_of=NOON + late_s)
    with Reader.open(url) as reader:
        made = projection(Scene(None, reader, NOON + late_s), view)  # type: ignore[arg-type]
    assert made is not None

    assert view.budget_remaining == 1
    assert {one.share for one in made.returning} == {0}
    assert made.above_zero_at is None


def test_a_quiet_hour_never_spends_anything(tmp_path: Path) -> None:
    _, made = ahead(tmp_path, {range(600, 700): 5})
    assert made is not None

    assert "never: nothing burns" in told(made)


def test_nothing_returns_to_a_calendar_window(tmp_path: Path) -> None:
    month = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))
    _, made = ahead(tmp_path, {range(1, 60): 2}, window=month)
    assert made is not None

    assert made.returning == ()
    assert returning_block(made) is None


def test_an_unknown_budget_has_no_future(tmp_path: Path) -> None:
    url = stored(tmp_path)
    view = one_judged(url)
    with Reader.open(url) as reader:
        assert projection(Scene(None, reader, NOON), view) is None  # type: ignore[arg-type]
