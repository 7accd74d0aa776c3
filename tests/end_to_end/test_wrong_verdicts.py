"""Verdicts that other tools get wrong, right here: files, the store, `check --json`.

slo-generator's were seen by running it from its own source, Sloth's by running its rules under
promtool. Every command is a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from asked_checks import SLO, checked, utc
from builders import DAY_S, HOUR_S, MINUTE_S, NOON
from verdict_builders import burnline

Row = tuple[int, int, int]
FILES = """
[[source]]
kind = "files"
name = "shop"

[[source.file]]
path = "requests.csv"
holds = "requests"
columns = {{ at = "at", {counts} }}
"""


def by_minute(count: int, counts: Callable[[int], tuple[int, int]], until: int) -> Iterator[Row]:
    """So many minutes before `until`, each with the good and total of its own time."""
    for at in range(until - count * MINUTE_S, until, MINUTE_S):
        yield at, *counts(at)


def the_same(good: int, total: int) -> Callable[[int], tuple[int, int]]:
    return lambda _at: (good, total)


def shop(
    folder: Path,
    rows: Iterable[Row],
    *,
    objective: str = "99.9",
    window: str = "30d",
) -> Path:
    """A folder with a history of requests, an SLO on it, and both collected into a store."""
    folder.mkdir(exist_ok=True)
    text = "".join(f"{utc(at)},{good},{total}\n" for at, good, total in rows)
    (folder / "requests.csv").write_text(f"at,good,total\n{text}")
    counts = 'good = "good", total = "total"'
    config = FILES.format(counts=counts) + SLO.format(objective=objective, window=window)
    (folder / "config.toml").write_text(f'{config}total = "requests"\n')
    ran = burnline("collect", "--once", folder=folder)
    assert ran.code == 0, ran.err
    return folder


def test_an_objective_of_100_percent_is_refused_with_its_line_rather_than_ok(
    tmp_path: Path,
) -> None:
    """slo-generator: goal 1 with half of all events bad gives burn 0 and "OK"."""
    config = FILES.format(counts='good = "good", total = "total"')
    (tmp_path / "config.toml").write_text(
        config + SLO.format(objective="100", window="30d") + 'total = "requests"\n'
    )

    ran = burnline("check", "--json", folder=tmp_path)

    assert (ran.code, ran.json["status"]) == (3, "UNKNOWN")
    line = (config + SLO).splitlines().index("objective = {objective}") + 1
    assert f"config.toml:{line}" in ran.err
    assert "no budget to burn" in ran.err


@pytest.mark.parametrize(("bad", "code"), [(14_449, 2), (14_401, 2), (14_400, 0)])
def test_a_burn_of_14_449_pages_and_one_of_exactly_14_4_does_not(
    tmp_path: Path, bad: int, code: int
) -> None:
    """slo-generator rounds 14.449 to 14.4 before it compares: no alert."""
    hot = NOON - HOUR_S

    def counts(at: int) -> tuple[int, int]:
        return (1_000_000 - bad if at >= hot else 1_000_000), 1_000_000

    folder = shop(tmp_path, by_minute(3 * 24 * 60, counts, NOON))

    ran = checked(folder)

    assert ran.code == code
    assert ran.slo["burn_rates"]["1h"] == bad / 1_000
    assert ("page" in {row["severity"] for row in ran.slo["firing"]}) == (code == 2)


def test_a_budget_overspent_at_a_burn_of_1_04_is_spent(tmp_path: Path) -> None:
    """slo-generator: 104 bad of 100,000 at 99.9 % gives burn 1.0 and "OK"."""
    ended = NOON - 29 * DAY_S

    def counts(at: int) -> tuple[int, int]:
        return (0, 104) if at == ended else (1, 1)

    minutes = 30 * 24 * 60
    total = minutes - 1 + 104
    padded = [(NOON - 30 * DAY_S, 100_000 - total + 1, 100_000 - total + 1)]
    rows = list(by_minute(minutes, counts, NOON))
    folder = shop(tmp_path, padded + rows[1:])

    ran = checked(folder)

    assert (ran.slo["bad"], ran.slo["total"]) == (104, 100_000)
    assert ran.slo["budget_remaining"] == pytest.approx(-0.04, abs=1e-12)
    assert (ran.code, ran.slo["status"], ran.slo["now"]) == (1, "WARNING", "quiet")
    assert ran.slo["reasons"][0] == "budget spent: −4 % left"


def test_rows_whose_good_count_is_missing_are_not_measured_rather_than_perfect(
    tmp_path: Path,
) -> None:
    """slo-generator: (good 100, bad missing) gives SLI 1.0 and "OK"."""
    rows = "".join(f"{utc(NOON - HOUR_S + 60 * i)},,100\n" for i in range(60))
    (tmp_path / "requests.csv").write_text(f"at,good,total\n{rows}")
    config = FILES.format(counts='good = "good", total = "total"')
    (tmp_path / "config.toml").write_text(
        config + SLO.format(objective="99.9", window="30d") + 'total = "requests"\n'
    )

    collected = burnline("collect", "--once", folder=tmp_path)
    ran = checked(tmp_path)

    assert "0 new, 60 not finite" in collected.out
    assert (ran.code, ran.slo["state"], ran.slo["sli"]) == (3, "NO_DATA", None)
    assert {ran.slo["good"], ran.slo["total"], ran.slo["bad"]} == {None}


def test_the_moment_that_is_asked_for_is_the_one_that_is_judged(tmp_path: Path) -> None:
    """slo-generator ignores the timestamp that it is given."""
    broke = NOON - HOUR_S

    def counts(at: int) -> tuple[int, int]:
        return (50 if at >= broke else 100), 100

    folder = shop(tmp_path, by_minute(2 * 24 * 60, counts, NOON))

    before, after = checked(folder, broke), checked(folder)

    assert (before.code, before.slo["sli"], before.slo["budget_remaining"]) == (0, 1, 1)
    assert (after.code, after.slo["now"]) == (2, "paging")
    assert before.slo["data_until"] == utc(broke)


def test_an_incident_in_a_quiet_night_spends_what_its_traffic_is_worth(tmp_path: Path) -> None:
    """Sloth averages 5-minute ratios unweighted: it says -316.76 % left of 93.78 %.

    100 requests a second by day (6 to 22 h), 1 by night; the night's traffic between midnight
    and 3 h fails wholly, once in 30 days.
    """
    midnight = NOON - 12 * HOUR_S
    failing = range(midnight - 5 * DAY_S, midnight - 5 * DAY_S + 3 * HOUR_S)

    def counts(at: int) -> tuple[int, int]:
        by_day = 6 <= at // HOUR_S % 24 < 22
        total = MINUTE_S * (100 if by_day else 1)
        return (0 if at in failing else total), total

    folder = shop(tmp_path, by_minute(30 * 24 * 60, counts, midnight))

    ran = checked(folder, midnight)

    assert ran.slo["bad"] == 10_800
    assert ran.slo["total"] == 30 * (16 * 360_000 + 8 * 3_600)
    assert f"{ran.slo['budget_remaining']:+.2%}" == "+93.78%"
    assert (ran.code, ran.slo["state"]) == (0, "OK")


def test_ten_minutes_without_traffic_change_nothing(tmp_path: Path) -> None:
    """Sloth: they turn the budget NaN for 30 days."""
    silent = range(NOON - 2 * HOUR_S, NOON - 2 * HOUR_S + 600)

    def with_silence(at: int) -> tuple[int, int]:
        return (0, 0) if at in silent else (9_999, 10_000)

    busy = [
        row for row in by_minute(24 * 60, the_same(9_999, 10_000), NOON) if row[0] not in silent
    ]
    quiet = list(by_minute(24 * 60, with_silence, NOON))

    judged = [
        checked(shop(tmp_path / name, rows)).slo for name, rows in (("a", busy), ("b", quiet))
    ]

    same = ("good", "total", "bad", "sli", "budget_remaining", "now", "status", "state")
    without, within = ({key: slo[key] for key in same} for slo in judged)
    assert within == without
    assert within["budget_remaining"] == pytest.approx(0.9, abs=1e-12)
    assert judged[1]["burn_rates"]["5m"] == pytest.approx(0.1)


def test_a_silent_hour_has_no_burn_rate_and_its_budget_stays(tmp_path: Path) -> None:
    def counts(at: int) -> tuple[int, int]:
        return (0, 0) if at >= NOON - HOUR_S else (9_995, 10_000)

    ran = checked(shop(tmp_path, by_minute(24 * 60, counts, NOON)))

    assert (ran.slo["burn_rates"]["5m"], ran.slo["burn_rates"]["1h"]) == (None, None)
    assert ran.slo["burn_rates"]["6h"] == pytest.approx(0.5)
    assert (ran.code, ran.slo["now"], ran.slo["state"]) == (0, "quiet", "OK")


def test_a_hole_is_not_measured_and_neither_good_nor_bad(tmp_path: Path) -> None:
    day = list(by_minute(24 * 60, the_same(99, 100), NOON))
    holed = [row for row in day if not NOON - 9 * HOUR_S <= row[0] < NOON - 3 * HOUR_S]

    ran = checked(shop(tmp_path, holed, objective="95", window="1d"))

    assert ran.slo["coverage"] == 0.75
    assert ran.slo["sli"] == 0.99
    assert ran.slo["budget_remaining"] == pytest.approx(0.8, abs=1e-12)
    assert "75 % of the window was measured" in ran.slo["reasons"]
