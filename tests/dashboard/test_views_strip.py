"""The strip of figures of one objective: each figure and note held to arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from page_builders import a_view, under, up

from dashboard.views.pages.objective_words import (
    now_words,
    verdict_words,
)
from dashboard.views.pages.strip import Figure, strip
from dashboard.views.slos.alert_rows import alert_rows
from dashboard.views.slos.row_words import now_note as row_note
from dashboard.views.slos.slo_view import SloView
from slo.indicator import Latency
from slo.spans import CalendarWindow, Period
from slo.tally import Tally

HOT = {"5m": "25", "1h": "23", "30m": "4.2", "6h": "4.2"}


def figures(view: SloView, week: Tally | None = None) -> dict[str, Figure]:
    """The strip by labels."""
    return {figure.label: figure for figure in strip(view, week)}


def test_the_budget_left_of_events_is_told_as_requests_at_last_weeks_traffic() -> None:
    view = a_view("a", "95", left="0.32", indicator=under(0.5))
    week = Tally(good=1_100_000, total=1_176_000, observed_s=7 * 86_400)

    figure = figures(view, week)["That is"]

    # 0.32 of the budget x 5 % of 5,040,000 requests in 30 days.
    assert figure.value == "80,640"
    assert figure.note == "more slow requests at last week's traffic"


def test_samples_are_values_and_no_requests() -> None:
    view = a_view("a", "95", left="0.32", indicator=Latency(0.5, samples="seconds"))
    week = Tally(good=10_000, total=10_080, observed_s=7 * 86_400)

    # 0.32 of the budget x 5 % of 43,200 values in 30 days is 691.2.
    assert figures(view, week)["That is"].value == "691"
    assert figures(view, week)["That is"].note == "more slow values at last week's traffic"
    assert view.promise == "95 % of values under 500 ms (p95 < 500 ms)"


def test_a_calendar_budget_is_one_figure_and_its_end_is_labelled() -> None:
    month = CalendarWindow(Period.MONTH, ZoneInfo("UTC"))
    view = a_view("a", "99", left="0.5")
    # Two thirds of the month have gone: 1 - 0.5 x 2 / 3.
    first = replace(view.first, window=month, projected_remaining=Fraction(2, 3))
    view = replace(view, slo=replace(view.slo, window=month), first=first)

    said = figures(view, Tally(good=1, total=1, observed_s=7 * 86_400))

    assert verdict_words(view) == "a is inside its budget: 50 % left so far"
    assert said["Left of the requests so far"].value == "50 %"
    assert (
        said["Left of the requests so far"].note == "66 % at the month's end, if nothing else fails"
    )
    # Half of 1 % of the 10,000,000 requests so far.
    assert said["That is"].value == "50,000"
    assert said["That is"].note == "more failed requests of those so far"
    assert now_words(view) == "66 % of the whole month's"


def test_an_uptime_of_a_calendar_month_is_a_share_of_its_time() -> None:
    view = a_view("a", "99", indicator=up())
    view = replace(view, first=replace(view.first, projected_remaining=Fraction(1)))

    assert "Left of the time so far" in figures(view)


def test_a_week_that_was_half_measured_counts_twice() -> None:
    view = a_view("a", "95", left="0.32", indicator=under(0.5))
    week = Tally(good=588_000, total=588_000, observed_s=7 * 43_200)

    assert figures(view, week)["That is"].value == "80,640"


def test_requests_that_were_too_many_are_rounded_up_and_called_so() -> None:
    view = a_view("a", "99", left="-0.5")
    week = Tally(good=7_001, total=7_001, observed_s=7 * 86_400)

    figure = figures(view, week)["That is"]

    # 0.5 x 1 % of 7,001 / 7 x 30 = 150.02.
    assert (figure.value, figure.note) == (
        "151",
        "failed requests too many at last week's traffic",
    )


def test_uptime_tells_its_budget_as_time() -> None:
    assert figures(a_view("a", "99.9", left="0.5", indicator=up()))["That is"].value == "21 m 36 s"
    spent = figures(a_view("a", "99.9", left="-0.5", indicator=up()))["That is"]
    assert (spent.value, spent.note) == ("21 m 36 s", "down too long")


def test_time_left_of_a_window_that_was_not_measured_whole_says_what_it_supposes() -> None:
    thin = figures(a_view("a", "99.9", left="0.5", coverage="0.67", indicator=up()))["That is"]

    assert thin.note == "more may be down, if the rest was as good as the 67 % measured"


def test_without_a_week_of_traffic_no_number_of_requests_is_made_up() -> None:
    assert figures(a_view(), None)["That is"].value == "–"
    assert figures(a_view(), Tally(observed_s=7 * 86_400))["That is"].value == "–"


def test_the_end_is_named_with_its_rate_and_the_other_rates_beside_it() -> None:
    figure = figures(a_view(left="0.4", burns={"1h": "2", "6h": "0.5"}))["Runs out"]

    assert figure.value == "6 d"
    assert figure.note == "at the 1 h rate · 6 h: not · 3 d: not"


def idle(view: SloView, *labels: str) -> SloView:
    """The view, of which these lengths were measured and held no event."""
    burns = tuple(
        replace(burn, tally=Tally(observed_s=burn.span.length_s), rate=None)
        if burn.label in labels
        else burn
        for burn in view.burns
    )
    return replace(view, burns=burns)


def test_six_hours_without_traffic_are_told_wherever_a_burn_would_stand() -> None:
    view = idle(a_view(left="0.8"), "5m", "30m", "1h", "2h", "6h")

    said = figures(view)

    assert row_note(view) == "no traffic in 6 h"
    assert (said["Burn 1 h"].value, said["Burn 1 h"].note) == ("–", "no traffic in 6 h")
    assert said["Runs out"].note == "not at the rate of 3 d"
    # 1 h and 5 min, 6 h and 30 min; 1 d, and 2 h; 3 d, and 6 h.
    assert [row.burns for row in alert_rows(view)] == [
        "no traffic",
        "no traffic",
        "0.5× and –",
        "0.5× and –",
    ]


def test_some_minutes_without_traffic_are_not_worth_a_word() -> None:
    assert row_note(idle(a_view(), "5m", "30m")) is None


def test_burns_of_late_data_are_not_shown_as_if_they_were_of_now() -> None:
    view = a_view(left="0.4", burns=HOT, stale=True)

    figure = figures(view)["Burn 1 h"]

    assert (figure.value, figure.note) == ("–", "6 h –")
    assert {row.burns for row in alert_rows(view)} == {"–"}


def test_a_burn_that_does_not_fire_never_reads_as_its_threshold() -> None:
    # Of 1 d and 2 h, which fire above 3.
    view = a_view("a", "95", left="0.4", burns={"1d": "2.97", "2h": "29.4"}, indicator=under(0.5))

    row = alert_rows(view)[2]

    assert (row.factor, row.burns, row.state) == ("3×", "2.97× and 29.4×", "quiet")


def test_an_objective_without_measurement_has_no_figure_at_all() -> None:
    values = [figure.value for figure in strip(a_view(left=None), None)]

    assert values == ["–"] * 5


def test_only_what_someone_must_act_on_has_a_colour() -> None:
    assert {figure.tone for figure in strip(a_view(left="0.5"), None)} == {""}
    spent = figures(a_view(left="-0.1", burns=HOT))
    assert (spent["Budget left"].tone, spent["Burn 1 h"].tone) == ("red", "red")
    assert figures(a_view(left="0.1"))["Budget left"].tone == "amber"
