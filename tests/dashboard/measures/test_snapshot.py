"""Snapshots: one value a period, never tested, either may be missing."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from delivery_builders import at, span
from measure_builders import BERLIN, asked, measured, told, values

from collectors.store.store import Store
from slo.evidence.comparison import Scale

BEFORE, AFTER = span("2026-01-01", "2026-03-01"), span("2026-03-01", "2026-05-01")
RATED = [
    (at("2026-01-10"), 3.0),
    (at("2026-01-20"), 5.0),
    (at("2026-02-10"), 1.0),
    (at("2026-03-01"), 4.0),
    (at("2026-04-30T23:59:59"), 6.0),
    (at("2026-05-01"), 100.0),
]


@pytest.mark.parametrize(
    ("take", "before", "after"),
    [("last", 1.0, 6.0), ("median", 3.0, 5.0), ("mean", 3.0, 5.0), ("monthly-mean", 2.5, 5.0)],
)
def test_a_period_is_told_by_the_value_that_was_asked_for(
    store: Store, take: str, before: float, after: float
) -> None:
    told(store, [values(RATED, "rating")])

    found = measured(
        "snapshot", asked(store, BEFORE, AFTER), gauge="rating", take=take, unit="of 5"
    )

    compared = found.comparison
    assert (compared.before.estimate, compared.after.estimate) == (before, after)
    assert (compared.before.n, compared.after.n) == (3, 2)
    assert (compared.change, compared.scale) == (after - before, Scale.DIFFERENCE)
    assert (compared.p_value, compared.best_p, compared.interval) == (None, None, None)
    assert (found.label, compared.before.coverage) == ("of 5", None)


@pytest.mark.parametrize(
    ("pair", "change"),
    [((100, 115), 1.15), ((0, 4), math.inf), ((0, -4), -math.inf), ((0, 0), None), ((-2, 4), -2)],
)
def test_a_change_may_be_told_as_how_many_times(
    store: Store, pair: tuple[float, float], change: float | None
) -> None:
    told(store, [values([(BEFORE.since, pair[0]), (AFTER.since, pair[1])], "cost")])

    found = measured("snapshot", asked(store, BEFORE, AFTER), gauge="cost", change="ratio")

    assert found.comparison.scale is Scale.RATIO
    assert found.comparison.change == (None if change is None else pytest.approx(change))


def test_a_side_without_a_value_has_none_and_there_is_no_change(store: Store) -> None:
    told(store, [values(RATED[3:], "rating")])

    found = measured("snapshot", asked(store, BEFORE, AFTER), gauge="rating")

    assert (found.comparison.before.estimate, found.comparison.after.estimate) == (None, 6.0)
    assert found.comparison.change is None
    assert dict(found.steps)["values before"] == "none"


def test_the_last_of_several_series_is_the_mean_of_their_last_ones(store: Store) -> None:
    told(store, [values([(at("2026-01-02"), 2.0), (at("2026-02-02"), 3.0)], "rating", shop="a")])
    told(store, [values([(at("2026-02-01"), 5.0)], "rating", shop="b")])
    look = asked(store, BEFORE, AFTER)

    both = measured("snapshot", look, gauge="rating").comparison.before
    one = measured("snapshot", look, gauge='rating{shop="a"}').comparison.before

    assert (both.estimate, both.n, one.estimate) == (4.0, 3, 3.0)


def test_months_and_days_are_local(store: Store) -> None:
    night = at("2026-01-31T23:30")
    told(store, [values([(at("2026-01-10"), 2.0), (night, 4.0), (night + 60, 8.0)], "cost")])
    look = asked(store, BEFORE, AFTER)
    how: dict[str, Any] = {"gauge": "cost", "take": "monthly-mean"}

    utc = measured("snapshot", look, **how)
    berlin = measured("snapshot", replace(look, zone=BERLIN), **how)

    assert utc.comparison.before.estimate == pytest.approx(14 / 3)
    assert berlin.comparison.before.estimate == pytest.approx((2 + 6) / 2)
    assert dict(berlin.days)[at("2026-01-31T23:00")] == 6.0


@pytest.mark.parametrize("unit", ["EUR a month", "a day", "k€", "requests"])
def test_an_amount_changes_by_how_many_times_unless_that_is_said_otherwise(
    store: Store, unit: str
) -> None:
    told(store, [values([(BEFORE.since, 180_000), (AFTER.since, 219_600)], "sessions")])
    look = asked(store, BEFORE, AFTER)

    found = measured("snapshot", look, gauge="sessions", unit=unit).comparison
    chosen = measured("snapshot", look, gauge="sessions", unit=unit, change="difference").comparison

    assert (found.scale, found.change) == (Scale.RATIO, pytest.approx(1.22))
    assert (chosen.scale, chosen.change) == (Scale.DIFFERENCE, 39_600)


@pytest.mark.parametrize("unit", ["", "of 5", "points", "stars", "%", "pp", "Points out of 100"])
def test_marks_and_shares_change_by_points(store: Store, unit: str) -> None:
    told(store, [values([(BEFORE.since, 42), (AFTER.since, 94)], "score")])

    found = measured("snapshot", asked(store, BEFORE, AFTER), gauge="score", unit=unit).comparison

    assert (found.scale, found.change) == (Scale.DIFFERENCE, 52)


@pytest.mark.parametrize("before", [0, -5])
def test_an_amount_that_was_nothing_or_less_changes_by_its_difference(
    store: Store, before: float
) -> None:
    told(store, [values([(BEFORE.since, before), (AFTER.since, 4)], "profit")])

    found = measured("snapshot", asked(store, BEFORE, AFTER), gauge="profit", unit="EUR").comparison

    assert (found.scale, found.change) == (Scale.DIFFERENCE, 4 - before)


def test_values_below_zero_stand_in_the_steps_with_a_true_minus(store: Store) -> None:
    told(store, [values([(BEFORE.since, -40.0), (AFTER.since, -12.5)], "degrees")])

    steps = dict(measured("snapshot", asked(store, BEFORE, AFTER), gauge="degrees").steps)

    assert steps["values before"].startswith("1 from −40 to −40")
    assert steps["values after"].startswith("1 from −12.5 to −12.5")
