"""What `explain` says of slices, members, rows, windows and what lies ahead, redone by hand."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, series, steady
from explained_by_hand import redone, told
from verdict_builders import an_slo, judged, one_judged, stored

from dashboard.views.machines.explain import steps
from slo.indicator import Combined, Composite, Ratio, Sliced
from slo.objective import Slo
from slo.policy import BurnRow, Severity
from slo.spans import RollingWindow

DAY, WEEK = RollingWindow(DAY_S), RollingWindow(7 * DAY_S)
REQUESTS = Ratio(total="requests")


def sliced(target: Fraction | None) -> Slo:
    return an_slo("95", window=DAY, indicator=Sliced(REQUESTS, 300, target))


def a_day(folder: Path, slo: Slo) -> str:
    """A day of 288 slices, 12 of which had a tenth of their requests fail."""
    calm = steady(1_380, since=NOON - DAY_S)
    return stored(
        folder, calm, steady(60, bad=10, since=NOON - HOUR_S), indicators=(slo.indicator,)
    )


def test_slices_are_counted_as_slices(tmp_path: Path) -> None:
    slo = sliced(Fraction(95, 100))

    found = steps(one_judged(a_day(tmp_path, slo), slo))

    assert told(found, "slices") == ["with events total / slice = 86,400 s / 300 s = 288"]
    assert told(found, "good slices") == [
        "good to 95 % or more good / slice = 82,800 s / 300 s = 276"
    ]
    assert told(found, "counted")[0].startswith("seconds of 5-minute slices that were good to 95 %")
    assert redone(found) >= 15


def test_slices_that_are_as_good_as_they_were_say_how_many_that_is(tmp_path: Path) -> None:
    slo = sliced(None)

    found = steps(one_judged(a_day(tmp_path, slo), slo))

    # 276 whole ones, and nine tenths of 12.
    assert told(found, "as good") == ["as good slices good / slice = 86,040 s / 300 s = 286.8"]


def region(name: str, bad: int, total: int = 1_000) -> object:
    since = NOON - 6 * HOUR_S
    return minutes([total - bad] * 360, [total] * 360, since=since, key=series(region=name))


def test_members_and_the_whole_are_counted_one_by_one(tmp_path: Path) -> None:
    url = stored(tmp_path, region("eu", 5), region("us", 20))  # type: ignore[arg-type]
    view = one_judged(url, replace(an_slo("99"), group_by=("region",)))

    found = steps(view)

    assert told(found, "member") == [
        "us: 1 − bad / total / budget = 1 − 7,200 / 360,000 / 0.01 = −1",
        "eu: 1 − bad / total / budget = 1 − 1,800 / 360,000 / 0.01 = 0.5",
    ]
    assert told(found, "together") == [
        "bad = 1,800 + 7,200 = 9,000; total = 360,000 + 360,000 = 720,000"
    ]
    assert redone(found) >= 20


def test_a_row_that_fires_by_a_member_names_it_and_its_burns(tmp_path: Path) -> None:
    quiet = region("eu", 0, total=100_000)
    url = stored(tmp_path, quiet, region("us", 500))  # type: ignore[arg-type]

    found = steps(one_judged(url, replace(an_slo("99"), group_by=("region",))))

    assert told(found, "page")[0].endswith("fires (page): 50 and 50 of region us are above it")


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (
            Combined.WORST_MEMBER,
            "the member with the least SLI, b: least of 0.98, 0.999 = 0.98",
        ),
        (
            Combined.SUM_OF_EVENTS,
            "bad = 360 + 7,200 = 7,560; total = 360,000 + 360,000 = 720,000",
        ),
    ],
)
def test_a_composite_says_by_which_rule_and_from_what_it_is_made(
    tmp_path: Path, method: Combined, said: str
) -> None:
    since = NOON - 6 * HOUR_S
    facts = [
        minutes([1_000 - bad] * 360, [1_000] * 360, since=since, key=series(of))
        for of, bad in (("a", 1), ("b", 20))
    ]
    members = tuple(an_slo("90", name=of, indicator=Ratio(total=of)) for of in ("a", "b"))
    indicator = Composite(method, ("a", "b"))
    slo = replace(an_slo("99", name="both", indicator=indicator), source="", composed=members)

    (view,) = judged(stored(tmp_path, *facts), slo)

    assert told(steps(view), "together") == [said]
    assert redone(steps(view)) >= 10


def test_a_row_says_from_how_many_bad_events_on_it_fires(tmp_path: Path) -> None:
    slo = replace(an_slo("99", window=WEEK), min_bad_events=50)
    view = one_judged(stored(tmp_path, steady(10_080, bad=1, since=NOON - 7 * DAY_S)), slo)

    found = steps(view)

    assert len(told(found, "page from")) == 2
    assert told(found, "ticket from")[1] == (
        "above factor × budget ≈ 0.933333333 × 0.01 ≈ 0.009333333 failed; total / seconds measured "
        "× 3d = 1,008,000 / 604,800 × 259,200 = 432,000 are expected in it, and it waits for 50: "
        "from 4,033 requests on"
    )
    assert "; it waits for 50 bad, and 60 were" in told(found, "page")[0]
    assert redone(found) >= 20


def test_an_objective_of_eleven_digits_and_a_row_of_a_trillionth_are_redone_by_hand(
    tmp_path: Path,
) -> None:
    tiny = BurnRow(Severity.PAGE, Fraction(1, 10**14), HOUR_S, 300)
    slo = an_slo("99.999999999", window=DAY, policy=(tiny,))
    view = one_judged(stored(tmp_path, steady(1_440, bad=1, since=NOON - DAY_S)), slo)

    found = steps(view)

    assert told(found, "budget") == ["1 − target = 1 − 0.99999999999 = 0.00000000001"]
    # A hundredth of the requests, of a budget of 1e-11.
    assert told(found, "spent")[0].endswith("1,440 / 144,000 / 0.00000000001 = 1,000,000,000")
    (row,) = told(found, "page")
    # 1e-14 of the budget in one of 24 hours.
    assert "0.000000000001 % of the budget" in row
    assert "factor = 0.00000000000001 × 86,400 / 3,600 = 0.00000000000024" in row
    assert "above 0.00000000000024×" in view.reasons[0]
    assert redone(found) >= 8


def test_a_lowered_factor_says_from_what_and_why(tmp_path: Path) -> None:
    found = steps(one_judged(stored(tmp_path, steady(60, since=NOON - HOUR_S)), an_slo("95")))

    assert (
        ", lowered from 14.4 to 0.5 / budget = 0.5 / 0.05 = 10, over 1h" in told(found, "page")[0]
    )


def test_each_of_three_rates_says_when_the_budget_is_gone_or_why_never(tmp_path: Path) -> None:
    calm = steady(10_080 - 60, since=NOON - 7 * DAY_S)
    url = stored(tmp_path, calm, steady(60, bad=2, since=NOON - HOUR_S))

    found = steps(one_judged(url, an_slo("99", window=WEEK)))

    fast, slow, slowest = told(found, "runs out")
    assert "left / burn 1h × period " in fast
    assert fast.endswith("from 1 Jan 2026 12:00 UTC")
    assert slow.endswith("never, as at a burn of 1 or less as much returns as is spent")
    assert "left / burn 3d × period " in slowest
    assert redone(found) >= 20


def test_a_budget_that_nothing_burns_never_runs_out(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(1_440, since=NOON - DAY_S))

    assert told(steps(one_judged(url, an_slo("99", window=DAY))), "runs out") == [
        "at the rate of 1h: never, nothing burns",
        "at the rate of 6h: never, nothing burns",
    ]


def test_each_further_window_has_its_own_sli_span_rest_and_query(tmp_path: Path) -> None:
    url = stored(tmp_path, steady(3_000, bad=1, since=NOON - 3_000 * 60))
    view = one_judged(url, replace(an_slo("98", window=DAY), further=(WEEK,)))

    found = steps(view)

    assert told(found, "sli 7d") == ["good / total = 297,000 / 300,000 = 0.99"]
    assert told(found, "coverage 7d")[0].startswith(
        "observed / span = 180,000 s / 604,800 s ≈ 0.297"
    )
    assert told(found, "events left 7d") == ["budget × total − bad = 6,000 − 3,000 = 3,000"]
    counted = sqlite3.connect(tmp_path / "burnline.db").execute(told(found, "sql")[0]).fetchone()
    assert counted == (297_000, 300_000, 180_000)
    assert redone(found) >= 20
