"""The command that divides a budget among deploys and incidents: a real process on a real store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from builders import DAY_S, HOUR_S, NOON, incident, minutes, series
from small_shop import SOURCE, a_promise
from verdict_builders import Ran, Shop, an_slo, burnline, judged, stored

from collectors.store.store import Reader
from dashboard.views.attribution.falls import fall_causes
from dashboard.views.attribution.making import spending
from dashboard.views.counted.course import course_view
from dashboard.views.counted.zoom import Zoom
from dashboard.views.pages.objective_words import mark_words
from slo.delivery.facts import DeliveryRules
from slo.facts import EventKind, EventRow
from slo.spans import RollingWindow

SINCE = NOON - DAY_S
AS_OF = "2026-01-01T12:00:00Z"
SCHEMA = json.loads(files("dashboard").joinpath("schemas", "attribution-1.json").read_text())


def promised(folder: Path, window: str) -> None:
    """The shop's only SLO, written into the folder."""
    slo = a_promise("pay", "99", service='"checkout"', window=f'"{window}"')
    (folder / "config.toml").write_text(SOURCE + slo)


def deploy(version: str, at: int, service: str = "checkout") -> EventRow:
    """A deployment that succeeded at that moment."""
    fields = {"status": "success", "version": version}
    return EventRow(EventKind.DEPLOYMENT, f"{service}-{version}", at, at, service, None, fields)


def told(
    folder: Path,
    *events: EventRow,
    bad: Mapping[range, int],
    words: tuple[str, ...] = ("--json",),
    window: str = "1d",
) -> Ran:
    """The answer about a day up to noon of 100 requests a minute, a good day before it.

    `bad` holds how many of them failed in each minute of some hours' range, counted from the
    window's beginning.
    """
    failed = {minute: count for some, count in bad.items() for minute in some}
    good = [100] * 1_440 + [100 - failed.get(minute, 0) for minute in range(1_440)]
    stored(folder, minutes(good, [100] * 2_880, since=SINCE - DAY_S), *events)
    promised(folder, window)
    return burnline("attribution", "pay", "--as-of", AS_OF, *words, folder=folder)


def test_parts_sum_to_what_check_says_is_spent(tmp_path: Path) -> None:
    ran = told(
        tmp_path,
        deploy("v1", SINCE + 2 * HOUR_S),
        incident("INC-7", at=SINCE + 6 * HOUR_S, lasted_s=HOUR_S),
        bad={range(120, 180): 2, range(360, 420): 12, range(900, 901): 10},
    )
    found = ran.json
    jsonschema.validate(found, SCHEMA)
    by_name = {one["name"]: one["bad"] for one in found["spent"]}
    checked = burnline("check", "--json", "--as-of", AS_OF, folder=tmp_path).slo

    # 60 minutes of 2 after the deploy; the incident's 60 of 12, which the deploy claims as well
    # (its usual is nothing) and so shares with it evenly; 10 at 15:00, within the deploy's day.
    assert by_name == {"deploy v1": 120 + 360 + 10, "INC-7": 360}
    assert found["unattributed"]["bad"] == 0
    assert found["bad"] == 120 + 720 + 10 == checked["bad"]
    assert found["budget_spent"] == pytest.approx(1 - checked["budget_remaining"], abs=1e-12)
    parts = sum(one["budget_share"] for one in (*found["spent"], found["unattributed"]))
    assert parts == pytest.approx(found["budget_spent"], abs=1e-12)


def test_the_deploy_that_mends_an_outage_ten_minutes_later_is_not_charged_for_it(
    tmp_path: Path,
) -> None:
    ran = told(
        tmp_path,
        deploy("v1", SINCE + 6 * HOUR_S - 600),
        deploy("v2", SINCE + 6 * HOUR_S + 600),
        bad={range(360, 390): 50},
    )

    # All within two quarter hours, the first of which v2 cuts in its tenth minute.
    assert {one["name"]: one["bad"] for one in ran.json["spent"] if one["bad"]} == {
        "deploy v1": 30 * 50
    }


def test_of_counts_by_the_quarter_hour_all_of_it_is_that_of_the_last_that_came_in_it(
    tmp_path: Path,
) -> None:
    good = [1_500] * 96 + [1_500] * 24 + [750] + [1_500] * 71
    rows = minutes(good, [1_500] * 192, since=SINCE - DAY_S, key=series(bin_s=900))
    coarse = replace(rows, at=SINCE - DAY_S + 900 * np.arange(192), observed_s=np.full(192, 900))
    early, late = deploy("v1", SINCE + 6 * HOUR_S - 60), deploy("v2", SINCE + 6 * HOUR_S + 600)
    stored(tmp_path, coarse, early, late)
    promised(tmp_path, "1d")

    ran = burnline("attribution", "pay", "--as-of", AS_OF, "--json", folder=tmp_path)

    assert {one["name"]: one["bad"] for one in ran.json["spent"] if one["bad"]} == {
        "deploy v2": 750
    }


def test_a_fall_in_the_chart_weighs_what_the_table_says_though_the_history_is_young(
    tmp_path: Path,
) -> None:
    """When it happened there were 192,000 events, now there are 288,000 in the window of 30 days."""
    outage = incident("INC-7", at=SINCE + 7 * HOUR_S, lasted_s=HOUR_S)
    ran = told(tmp_path, outage, bad={range(420, 480): 50}, window="30d")
    slo = replace(an_slo("99", name="pay", window=RollingWindow(30 * DAY_S)), service="checkout")
    url = f"sqlite:///{tmp_path / 'burnline.db'}"
    (view,) = judged(url, slo)
    with Reader.open(url) as reader:
        course = course_view(reader, view, Zoom.WINDOW, Shop())
        made = spending(reader, DeliveryRules(), view)

    (spent,), (fall,) = ran.json["spent"], course.cliffs
    assert spent["budget_share"] == pytest.approx(3_000 / 288_000 * 100)
    assert fall.share == pytest.approx(spent["budget_share"])
    (cause,) = fall_causes(course.cliffs, made)
    assert mark_words(cause) == "INC-7 −104 % of today's"
    table = burnline("attribution", "pay", "--as-of", AS_OF, folder=tmp_path).out
    assert "104 %" in next(line for line in table.splitlines() if "INC-7" in line)


def test_a_calendar_s_table_says_that_its_shares_are_of_the_budget_so_far(tmp_path: Path) -> None:
    ran = told(tmp_path, bad={range(780, 840): 50}, window="month", words=())

    assert "OF BUDGET SO FAR" in ran.out


def test_deploys_of_other_services_are_held_for_nothing(tmp_path: Path) -> None:
    ran = told(tmp_path, deploy("v9", SINCE + HOUR_S, "login"), bad={range(60, 90): 5})

    assert ran.json["spent"] == []
    assert ran.json["unattributed"]["bad"] == 150


def test_a_window_that_begins_within_a_quarter_hour_counts_no_minute_too_many(
    tmp_path: Path,
) -> None:
    good = [100] * 1_440 + [90] * 1_440
    stored(tmp_path, minutes(good, [100] * 2_880, since=SINCE - DAY_S))
    promised(tmp_path, "1h")
    as_of = "2026-01-01T11:53:00Z"
    found = burnline("attribution", "pay", "--json", "--as-of", as_of, folder=tmp_path).json

    assert found["bad"] == 60 * 10


def test_what_is_not_measured_is_not_divided(tmp_path: Path) -> None:
    stored(tmp_path, deploy("v1", SINCE))
    promised(tmp_path, "1d")
    ran = burnline("attribution", "pay", "--as-of", AS_OF, folder=tmp_path)
    as_json = burnline("attribution", "pay", "--json", "--as-of", AS_OF, folder=tmp_path).json

    assert "not measured, so there is nothing to divide" in ran.out
    assert (as_json["budget_spent"], as_json["unattributed"], as_json["spent"]) == (None, None, [])


def test_people_read_who_spent_what_and_when_it_returns(tmp_path: Path) -> None:
    late = SINCE + 2 * HOUR_S - 240
    ran = told(tmp_path, deploy("v1", late), bad={range(120, 180): 24}, words=())
    line = next(one for one in ran.out.splitlines() if one.startswith("deploy v1"))

    # 1,440 of 144,000 requests failed: exactly the budget of one percent.
    assert line.startswith("deploy v1 (at 31 Dec 13:56, counted 14:00")
    assert line.split()[-6:] == ["1,440", "100", "%", "by", "1", "Jan"]
    assert any(one.startswith("all of it") and "100 %" in one for one in ran.out.splitlines())


def test_its_table_is_no_wider_than_the_terminal(tmp_path: Path) -> None:
    told(tmp_path, deploy("v1", SINCE + 2 * HOUR_S), bad={range(120, 180): 24})
    ran = burnline("attribution", "pay", "--as-of", AS_OF, folder=tmp_path, COLUMNS="60")

    assert "deploy v1" in ran.out
    assert max(map(len, ran.out.splitlines()[2:])) <= 60


def test_an_unknown_name_is_told_the_nearest(tmp_path: Path) -> None:
    told(tmp_path, bad={})
    ran = burnline("attribution", "pya", folder=tmp_path)

    assert ran.code == 2
    assert 'did you mean "pay"?' in ran.err
