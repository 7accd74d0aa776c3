"""The numbers that others worked out in their documents, through the store and the command.

All counts of OpenSLO's example are six times as many: its 24,000 requests a day are then whole
requests a minute, and no share of them changes.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import DAY_S, NOON, QUARTER_S, minutes, series
from verdict_builders import an_slo, burnline, judged, stored

from dashboard.views.pages.definitions import definition_words
from slo.facts import TallyRows
from slo.indicator import Ratio, Sliced
from slo.spans import RollingWindow

NOON_UTC = "2026-01-01T12:00:00Z"
TWO_WEEKS = 14 * 1_440
WEEK = 7 * 1_440
CONFIG = """
[[source]]
kind = "files"
name = "shop"
[[source.file]]
path = "requests.csv"
holds = "requests"
columns = { at = "at", good = "good", total = "total" }
"""


def ending(good: list[float], total: list[float], route: str) -> TallyRows:
    """Minutes of a route, the last of them before noon."""
    return minutes(good, total, since=NOON - 60 * len(total), key=series(route=route))


def attacked(lasts_min: int, route: str) -> TallyRows:
    """Two weeks at 99 % with so many minutes of a hundredfold traffic at 1 %, in their midst."""
    good, total = [99.0] * TWO_WEEKS, [100.0] * TWO_WEEKS
    good[5_000 : 5_000 + lasts_min] = [100.0] * lasts_min
    total[5_000 : 5_000 + lasts_min] = [10_000.0] * lasts_min
    return ending(good, total, route)


def flooded(requests: int, failures: int, route: str) -> TallyRows:
    """Two weeks at 99 % with so many requests more in one minute, and so many failures."""
    good, total = [99.0] * TWO_WEEKS, [100.0] * TWO_WEEKS
    good[5_000] += requests - failures
    total[5_000] += requests
    return ending(good, total, route)


def slo_text(route: str, objective: str, window: str, *keys: str) -> str:
    return "\n".join(
        [
            "[[slo]]",
            f'name = "{route}"',
            f"objective = {objective}",
            f'window = "{window}"',
            f"total = 'requests{{route=\"{route}\"}}'",
            *keys,
            "",
        ]
    )


def checked(folder: Path, slos: str, *facts: TallyRows) -> dict[str, Any]:
    """What `check` says of each SLO, by its name; slices are derived from what is stored."""
    (folder / "config.toml").write_text(CONFIG + slos)
    (folder / "requests.csv").write_text("at,good,total\n")
    stored(folder, *facts)
    assert burnline("collect", "--once", folder=folder).code == 0
    told = burnline("check", "--json", "--as-of", NOON_UTC, folder=folder)
    return {one["name"]: one for one in told.json["slos"]}


def test_the_attack_of_openslo_spends_each_budget_after_its_own_time(tmp_path: Path) -> None:
    slices = ('method = "timeslices"', 'slice = "1m"', "slice_objective = 95")
    averaged = ('method = "ratio-timeslices"', 'slice = "1m"')
    cases = {
        "timeslices-1007": (slices, 1_007),
        "timeslices-1008": (slices, 1_008),
        "ratio-822": (averaged, 822),
        "ratio-823": (averaged, 823),
    }

    told = checked(
        tmp_path,
        "".join(slo_text(name, "95", "14d", *keys) for name, (keys, _) in cases.items()),
        *(attacked(lasts_min, name) for name, (_, lasts_min) in cases.items()),
    )

    left = {name: one["budget_remaining"] for name, one in told.items()}
    assert left["timeslices-1007"] == pytest.approx(1 / 1_008, abs=1e-12)
    assert left["timeslices-1008"] == 0  # 16 h 48 m
    assert told["timeslices-1008"]["status"] == "WARNING"
    # 1 % of the time is bad anyway; each minute of the attack adds 98 % of one: 13 h 43 m.
    assert left["ratio-822"] == pytest.approx(1 - (201.6 + 0.98 * 822) / 1_008, abs=1e-7)
    assert left["ratio-823"] == pytest.approx(1 - (201.6 + 0.98 * 823) / 1_008, abs=1e-7)
    assert left["ratio-823"] < 0 < left["ratio-822"]


def test_openslos_own_figure_for_occurrences_overspends_the_budget(tmp_path: Path) -> None:
    """It leaves out what fails anyway, and that more requests allow more failures."""
    slos = "".join(slo_text(name, "95", "14d") for name in ("theirs", "one-less", "spent"))

    told = checked(
        tmp_path,
        slos,
        flooded(6 * 16_800, 6 * 16_632, "theirs"),
        flooded(85_787, 84_929, "one-less"),
        flooded(85_788, 84_930, "spent"),
    )

    allowed = Fraction(5, 100) * (2_016_000 + 6 * 16_800)
    assert told["theirs"]["bad"] - allowed == 6 * 2_352
    assert told["theirs"]["budget_remaining"] < 0
    assert told["spent"]["budget_remaining"] < 0 < told["one-less"]["budget_remaining"]


def test_of_a_week_at_99_95_a_sixth_bad_minute_of_little_traffic_is_too_much(
    tmp_path: Path,
) -> None:
    def week(bad_minutes: int, route: str) -> TallyRows:
        good = [99.0] * WEEK
        good[100 : 100 + bad_minutes] = [94.0] * bad_minutes  # 5 of 99 fail: below 95 %
        return ending(good, [99.0] * WEEK, route)

    keys = ('method = "timeslices"', 'slice = "1m"', "slice_objective = 95")
    slos = "".join(slo_text(name, "99.95", "7d", *keys) for name in ("five", "six"))

    told = checked(tmp_path, slos, week(5, "five"), week(6, "six"))

    assert told["five"]["budget_remaining"] == pytest.approx(2.4 / 302.4, abs=1e-12)
    assert told["six"]["budget_remaining"] == pytest.approx(1 - 360 / 302.4, abs=1e-12)
    view = judged(
        f"sqlite:///{tmp_path / 'burnline.db'}",
        replace(
            an_slo("99.95", window=RollingWindow(7 * DAY_S)),
            indicator=Sliced(Ratio('requests{route="five"}'), 60, Fraction(19, 20)),
        ),
    )
    assert (
        "0.05 % of the time may be bad: 5 m 2 s a window" in dict(definition_words(*view)).values()
    )


@pytest.mark.parametrize(
    ("row", "bad_a_minute"),
    [
        ('budget = 10\nlong = "1h"\nshort = "5m"', (168, 60)),
        ('budget = 20\nlong = "6h"\nshort = "30m"', (56, 360)),
        ('budget = 40\nlong = "1d"\nshort = "2h"', (28, 1_440)),
    ],
    ids=["16.8", "5.6", "2.8"],
)
def test_rows_of_seven_days_fire_above_the_factors_that_bitdrift_names(
    tmp_path: Path, row: str, bad_a_minute: tuple[int, int]
) -> None:
    bad, lasts_min = bad_a_minute
    alert = f'[[slo.alert]]\nseverity = "page"\n{row}'

    def burning(bad: int, route: str) -> TallyRows:
        good = [10_000.0] * (WEEK - lasts_min) + [10_000.0 - bad] * lasts_min
        return ending(good, [10_000.0] * WEEK, route)

    told = checked(
        tmp_path,
        "".join(slo_text(name, "99.9", "7d", alert) for name in ("at", "above")),
        burning(bad, "at"),
        burning(bad + 1, "above"),
    )

    assert [told[name]["now"] for name in ("at", "above")] == ["quiet", "paging"]


MINUTES_30D = {"99": 432, "99.5": 216, "99.9": "43.2", "99.95": "21.6", "99.99": "4.32"}
MINUTES_28D = {"99": "403.2", "99.5": "201.6", "99.9": "40.32", "99.95": "20.16", "99.99": "4.032"}


def test_a_budget_of_time_slices_is_so_many_minutes(tmp_path: Path) -> None:
    quarters = np.arange(NOON - 30 * DAY_S, NOON, QUARTER_S)
    counts = np.full(len(quarters), 10.0)
    fine = TallyRows(
        series(bin_s=QUARTER_S), quarters, counts, counts, np.full(len(quarters), QUARTER_S), NOON
    )
    sliced = Sliced(Ratio("requests"), QUARTER_S, Fraction(99, 100))
    url = stored(tmp_path, fine, indicators=(sliced,))
    slos = {
        (days, percent): an_slo(
            percent, name=f"{days} {percent}", window=RollingWindow(days * DAY_S), indicator=sliced
        )
        for days, table in ((30, MINUTES_30D), (28, MINUTES_28D))
        for percent in table
    }

    views = judged(url, *slos.values())

    found = dict(zip(slos, (view.budget_left_s for view in views), strict=True))
    for days, table in ((30, MINUTES_30D), (28, MINUTES_28D)):
        for percent, allowed_min in table.items():
            assert found[days, percent] == Fraction(allowed_min) * 60
