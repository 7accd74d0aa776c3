"""What `explain` prints is redone here by hand: each formula evaluated, each query asked."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, states, steady
from explained_by_hand import redone
from page_builders import a_view
from verdict_builders import an_slo, judged, one_judged, stored

from dashboard.views.machines.explain import document, lines, steps
from dashboard.views.slos.queries import source_query
from dashboard.views.slos.slo_view import SloView
from slo.indicator import Indicator, Latency, Ratio, Uptime
from slo.spans import CalendarWindow, Period, RollingWindow, Span
from slo.tally import Tally


def of(view: SloView, name: str) -> str:
    (text,) = (text for step, text in steps(view) if step == name)
    return text


def a_month(tmp_path: Path) -> SloView:
    calm = steady(7 * 1_440 - 60, bad=1, since=NOON - 7 * DAY_S)
    hot = steady(60, bad=7, since=NOON - HOUR_S)
    return one_judged(stored(tmp_path, calm, hot), an_slo("97"), as_of=NOON + 30)


def test_every_formula_gives_the_figure_that_stands_behind_it(tmp_path: Path) -> None:
    view = a_month(tmp_path)

    assert redone(steps(view)) >= 15
    assert of(view, "sli") == "good / total = 997,560 / 1,008,000 ≈ 0.989642857"
    assert of(view, "budget") == "1 − target = 1 − 0.97 = 0.03"
    assert of(view, "counts") == "good + bad = 997,560 + 10,440 = 1,008,000"


def test_the_printed_sql_counts_the_same_in_the_store(tmp_path: Path) -> None:
    view = a_month(tmp_path)

    counted = sqlite3.connect(tmp_path / "burnline.db").execute(of(view, "sql")).fetchone()

    assert view.tally is not None
    assert counted == (view.tally.good, view.tally.total, view.tally.observed_s)


def test_each_policy_row_shows_its_factor_and_whether_it_fires(tmp_path: Path) -> None:
    view = a_month(tmp_path)

    rows = [text for name, text in steps(view) if name in {"page", "ticket"}]

    assert rows[0] == (
        "2 % of the budget in 1h: factor = 0.02 × 2,592,000 / 3,600 = 14.4, "
        "over 1h and 5m: does not fire"
    )
    assert len(rows) == len(view.policy) == 4


def test_a_window_that_was_partly_observed_shows_how_much_the_policy_discounts(
    tmp_path: Path,
) -> None:
    view = one_judged(stored(tmp_path, steady(360, bad=2, since=NOON - 6 * HOUR_S)))

    assert of(view, "burn 1d") == (
        "bad / total / budget = 720 / 36,000 / 0.001 = 20; × observed 0.25 = 5 that the factor is held against"
    )


def test_an_uptime_objective_explains_its_minutes(tmp_path: Path) -> None:
    up = Uptime(probe="probe", valid_s=60)
    seen = states("u" * 1_380 + "d" * 30 + "u" * 31, since=NOON - DAY_S, valid_s=60)
    url = stored(tmp_path, seen, indicators=(up,))

    view = one_judged(url, an_slo("95", window=RollingWindow(DAY_S), indicator=up))

    assert redone(steps(view)) >= 8
    assert of(view, "counts") == "good + bad = 84,600 s + 1,800 s = 86,400 s"
    assert of(view, "time left").endswith("= 2,520 s, 42 m")


def test_a_calendar_objective_explains_both_readings_of_its_budget(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(1_440, bad=1, since=NOON - DAY_S))
    window = CalendarWindow(Period.MONTH, ZoneInfo("Europe/Berlin"))

    view = one_judged(url, an_slo("98", window=window))

    assert redone(steps(view)) >= 8
    assert of(view, "left") == "1 − spent = 1 − 0.5 = 0.5, 50 %"
    assert of(view, "projected") == (
        "1 − spent × elapsed / period = 1 − 0.5 × 46,800 / 2,678,400 ≈ 0.991263441, "
        "if the rest has the same traffic and nothing fails"
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [([], "not measured"), ([minutes([0] * 60, [0] * 60, since=NOON - HOUR_S)], "no traffic")],
)
def test_what_has_no_figure_is_a_dash_and_its_reason(
    tmp_path: Path, facts: list[object], words: str
) -> None:
    view = one_judged(stored(tmp_path, *facts))  # type: ignore[arg-type]

    assert of(view, "left") == f"– : {words}".replace(" :", ":")
    assert of(view, "burn 5m") == f"–: {words}"
    assert "sli" not in dict(steps(view))


def test_the_title_says_what_was_promised_over_which_window(tmp_path: Path) -> None:
    title, blank, *rest = lines(a_month(tmp_path))

    assert title == "checkout: 97 % of requests succeed, rolling 30 d"
    assert blank == ""
    assert rest[-1].startswith("because ")
    assert len({line.index("  ") <= 13 for line in rest}) == 1


def test_the_machine_form_holds_the_same_steps_and_the_check_entry(tmp_path: Path) -> None:
    view = a_month(tmp_path)

    found = document(view)

    assert found["schema"] == "burnline.explain/1"
    assert [(step["name"], step["text"]) for step in found["steps"]] == list(steps(view))  # type: ignore[attr-defined]
    assert found["sql"] == of(view, "sql")


def test_what_corrections_exclude_is_shown_beside_what_was_measured() -> None:
    raw = Tally(9_800, 10_000, 36_000, 100, 300, 3_600)
    view = a_view("a", "99")
    first = replace(view.first, tally=raw.corrected, raw=raw, raw_remaining=Fraction(-1))
    view = replace(view, first=first, corrected_s=3_600)

    assert of(view, "excluded") == "100 good of 300 in 1 h under corrections"
    assert of(view, "as measured") == "good / total = 9,800 / 10,000 = 0.98"
    assert of(view, "left as measured") == "1 − bad / total / budget = 1 − 200 / 10,000 / 0.01 = −1"


def test_without_corrections_nothing_is_shown_twice() -> None:
    names = [name for name, _ in steps(a_view("a", "99"))]

    assert of(a_view("a", "99"), "excluded") == "nothing"
    assert "as measured" not in names


SPAN = Span(0, 3_600)


@pytest.mark.parametrize(
    ("indicator", "query"),
    [
        (
            Latency(0.5, histogram='seconds_bucket{job="a"}'),
            (
                'sum(increase(seconds_bucket{job="a",le="0.5"}[3600s])) / '
                'sum(increase(seconds_bucket{job="a",le="+Inf"}[3600s]))  # time=3600'
            ),
        ),
        (
            Latency(1.0, histogram="seconds_bucket"),
            (
                'sum(increase(seconds_bucket{le=~"1(\\\\.0)?"}[3600s])) / '
                'sum(increase(seconds_bucket{le="+Inf"}[3600s]))  # time=3600'
            ),
        ),
        (
            Ratio("all_total", bad='all_total{code=~"5.."}'),
            (
                '1 - sum(increase(all_total{code=~"5.."}[3600s])) / '
                "sum(increase(all_total[3600s]))  # time=3600"
            ),
        ),
        (
            Ratio("all_total", good="good_total"),
            "sum(increase(good_total[3600s])) / sum(increase(all_total[3600s]))  # time=3600",
        ),
        (Uptime("probe_success"), "avg_over_time(probe_success[3600s])  # time=3600"),
        (
            Latency(0.5, samples="probe_duration_seconds"),
            "avg_over_time((probe_duration_seconds <= bool 0.5)[3600s:])  # time=3600",
        ),
    ],
)
def test_a_prometheus_objective_names_the_query_that_reproduces_it(
    indicator: Indicator, query: str
) -> None:
    assert source_query(an_slo(indicator=indicator), "prometheus", SPAN) == query


@pytest.mark.parametrize(
    ("indicator", "named"),
    [
        (Uptime("probe"), "probe, majority"),
        (Latency(0.5, samples="seconds"), "seconds <= 0.5"),
        (Ratio("all", good="fine"), "fine of all"),
        (Ratio("all", bad="broken"), "all but broken of all"),
    ],
)
def test_any_other_source_names_what_is_counted(indicator: Indicator, named: str) -> None:
    text = source_query(an_slo(indicator=indicator), "files", SPAN)

    assert text == f"{named}  # rows of source shop"


def test_a_file_objective_names_the_rows_it_was_made_of(tmp_path: Path) -> None:
    (view,) = judged(stored(tmp_path), an_slo(indicator=Ratio('requests{route="/pay"}')))

    assert view.query == 'good of requests{route="/pay"}  # rows of source shop'


def test_the_figure_for_people_says_that_it_is_rounded_down_where_it_is() -> None:
    assert of(a_view(left="-0.171"), "left").endswith("= −0.171, −18 % rounded down")
    assert of(a_view(left="0.5"), "left").endswith("= 0.5, 50 %")
