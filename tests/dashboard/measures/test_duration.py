"""Durations: what has not ended counts, what failed early does not, means beside medians."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import HOUR_S
from delivery_builders import at, deployment, incident, run, span
from measure_builders import asked, evenly, measured, told

from collectors.store.store import Store
from slo.facts import EventRow
from slo.spans import Span, moment

BEFORE, AFTER = span("2026-01-01", "2026-02-01"), span("2026-02-01", "2026-03-01")
LOOK = at("2026-03-01")


def lasting(of: Span, hours: list[float], name: str = "r") -> list[EventRow]:
    return [
        run(
            f"{name}{m}",
            moment(m).isoformat(),
            moment(m + round(h * HOUR_S)).isoformat(),
            conclusion="success",
        )
        for m, h in zip(evenly(of, len(hours)), hours, strict=True)
    ]


def test_pipelines_are_compared_by_their_medians_in_seconds(store: Store) -> None:
    told(store, [*lasting(BEFORE, [70, 71, 72, 73, 74]), *lasting(AFTER, [7, 8, 9, 10, 11])])

    found = measured("duration", asked(store, BEFORE, AFTER), duration="pipeline", goal="< 12h")

    compared = found.comparison
    assert (compared.before.estimate, compared.after.estimate) == (72 * HOUR_S, 9 * HOUR_S)
    # Five against five without overlap: two of 252 arrangements.
    assert compared.p_value == pytest.approx(2 / 252)
    assert (compared.before.n, compared.before.coverage) == (5, pytest.approx(0.9))
    assert dict(found.steps)["mean of those that ended after"] == "9 h"


def test_an_incident_that_is_still_open_is_not_dropped(store: Store) -> None:
    hours = [0.2, 0.5, 0.9]
    rows = [
        incident(
            f"i{n}",
            f"2026-02-0{n + 1}T00:00",
            moment(at(f"2026-02-0{n + 1}") + round(h * HOUR_S)).isoformat(),
        )
        for n, h in enumerate(hours)
    ]
    told(store, [*rows, incident("open", moment(LOOK - 30 * HOUR_S).isoformat())])

    found = measured(
        "duration", replace(asked(store, BEFORE, AFTER), as_of=LOOK), duration="restore"
    )

    after = found.comparison.after
    assert (after.estimate, after.n, after.still_open) == (0.9 * HOUR_S, 4, 1)
    assert dict(found.steps)["durations after"] == "3 ended, 1 still open"
    assert dict(found.steps)["median of those that ended after"] == "30 min"


def test_what_ended_after_the_look_was_still_open_then(store: Store) -> None:
    told(store, [incident("i", "2026-02-27T00:00", "2026-03-05T00:00")])

    found = measured(
        "duration", replace(asked(store, BEFORE, AFTER), as_of=LOOK), duration="restore"
    )

    assert found.comparison.after.still_open == 1
    assert found.comparison.after.estimate is None


def test_runs_that_failed_tell_nothing_of_how_long_a_pipeline_takes(store: Store) -> None:
    told(store, lasting(BEFORE, [1, 2, 3]))
    told(store, [run("f", "2026-01-20T00:00", "2026-01-20T00:01", conclusion="failure")])

    found = measured("duration", asked(store, BEFORE, AFTER), duration="pipeline")

    assert (found.comparison.before.n, found.comparison.before.estimate) == (3, 2 * HOUR_S)
    assert found.remarks[0] == (
        "pipeline runs that did not pass: 1 before, 0 after; they are left out"
    )


def test_lead_time_runs_from_the_merge_to_production(store: Store) -> None:
    told(
        store,
        [
            deployment("a", "2026-01-05T10:00", merged_at="2026-01-05T08:00:00Z"),
            deployment("b", "2026-01-06T10:00", merged_at="2026-01-06T06:00:00Z"),
            deployment("c", "2026-01-07T10:00"),
            deployment("d", "2026-01-08T10:00", merged_at="2026-01-09T10:00:00Z"),
        ],
    )

    found = measured("duration", asked(store, BEFORE, AFTER), duration="lead")

    assert (found.comparison.before.n, found.comparison.before.estimate) == (2, 3 * HOUR_S)
    assert "ready: 2 before, 0 after" in found.remarks[0]


def test_recovery_runs_from_the_failed_deployment_to_the_end_of_its_incident(store: Store) -> None:
    told(
        store,
        [
            deployment("a", "2026-01-05T10:00"),
            incident("i", "2026-01-05T11:00", "2026-01-05T13:00"),
            deployment("b", "2026-02-05T10:00"),
            incident("j", "2026-02-05T11:00"),
        ],
    )

    found = measured(
        "duration", replace(asked(store, BEFORE, AFTER), as_of=LOOK), duration="recovery"
    )

    assert found.comparison.before.estimate == 3 * HOUR_S
    assert (found.comparison.after.estimate, found.comparison.after.still_open) == (None, 1)


def test_times_to_notice_and_to_take_are_of_those_that_were_noted(store: Store) -> None:
    noted = {"detected_at": "2026-01-05T11:05:00Z", "acknowledged_at": "2026-01-05T11:20:00Z"}
    told(
        store,
        [
            incident("i", "2026-01-05T11:00", "2026-01-05T13:00", **noted),
            incident("j", "2026-01-06T11:00", "2026-01-06T13:00"),
        ],
    )
    look = asked(store, BEFORE, AFTER)

    detect, acknowledge = (
        measured("duration", look, duration=each) for each in ("detect", "acknowledge")
    )

    assert detect.comparison.before.estimate == 300
    assert acknowledge.comparison.before.estimate == 1_200
    assert "noticed: 1 before" in detect.remarks[0]


def test_a_month_without_incidents_has_no_time_to_restore_and_not_zero(store: Store) -> None:
    told(store, [incident("i", "2025-12-05T11:00", "2025-12-05T13:00")])

    found = measured("duration", asked(store, BEFORE, AFTER), duration="restore")

    assert (found.comparison.before.estimate, found.comparison.after.estimate) == (None, None)
    assert {value for _, value in found.days} == {None}


def test_where_pairs_and_medians_point_to_different_sides_the_row_says_why(store: Store) -> None:
    # Medians 10 and 9; of the 25 pairs 16 are longer after.
    hours = [1, 1.1, 10, 10.1, 10.2], [3, 3.1, 9, 20, 20.1]
    told(store, [*lasting(BEFORE, hours[0]), *lasting(AFTER, hours[1])])

    found = measured("duration", asked(store, BEFORE, AFTER), duration="pipeline")

    assert found.comparison.change is not None
    assert found.comparison.change > 1
    assert found.remarks[0] == (
        "of all pairs of one before and one after most are longer after, and that is the change;"
        " the median alone is shorter"
    )
    assert found.means == pytest.approx((6.48 * HOUR_S, 11.04 * HOUR_S))
    assert "need not be the ratio of the medians" in dict(found.steps)["formula"]


def test_where_the_range_of_medians_and_the_log_rank_test_disagree_the_row_says_why(
    store: Store,
) -> None:
    middle = [k / 100 for k in range(16)]
    before = [0.1] * 6 + [1 + each for each in middle] + [40.0] * 6
    after = [0.02] * 6 + [1.3 + each for each in middle] + [20.0] * 6
    rows = [
        incident(f"{name}{m}", moment(m).isoformat(), moment(m + round(h * HOUR_S)).isoformat())
        for name, of, hours in (("b", BEFORE, before), ("a", AFTER, after))
        for m, h in zip(evenly(of, len(hours)), hours, strict=True)
    ]
    told(store, [*rows, incident("open", moment(LOOK - 30 * HOUR_S).isoformat())])

    found = measured(
        "duration", replace(asked(store, BEFORE, AFTER), as_of=LOOK), duration="restore"
    )

    assert found.comparison.interval is not None
    assert not found.comparison.interval.contains(1)
    assert found.comparison.p_value is not None
    assert found.comparison.p_value > 0.05
    assert found.remarks[0].startswith("by the range it changed, by the test not")
    # The last of them was to take 20 hours and began less before the look.
    assert found.remarks[0].endswith("of which 2 of 57 have not ended")
