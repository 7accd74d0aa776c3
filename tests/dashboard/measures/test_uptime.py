"""Uptime: known time alone, outages once, planned work in neither, and nothing after the look."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import HOUR_S
from delivery_builders import at, incident, span
from measure_builders import BERLIN, asked, measured, seen, told

from collectors.store.store import Store
from dashboard.measures import registry
from dashboard.measures.stretches import joined
from slo.evidence.comparison import Downtime
from slo.spans import Span
from slo.status import UP, Intervals

JANUARY, FEBRUARY = span("2026-01-01", "2026-02-01"), span("2026-02-01", "2026-03-01")
LOOK = at("2026-02-03")


def hourly(of: Span, down: set[int]) -> list[tuple[int, str]]:
    """An observation an hour, those hours (counted from the first) down."""
    return [
        (moment, "d" if place in down else "u")
        for place, moment in enumerate(range(of.since, of.until, HOUR_S))
    ]


def test_uptime_is_known_time_up_of_known_time_and_outages_are_counted_once(store: Store) -> None:
    both = Span(JANUARY.since, FEBRUARY.until)
    told(store, [seen(hourly(both, {5, 6, 7, 100, 31 * 24}))])

    found = measured("uptime", asked(store, JANUARY, FEBRUARY), uptime="probe")

    before, after = found.comparison.before, found.comparison.after
    assert before.estimate == pytest.approx(1 - 4 / (31 * 24))
    assert (before.n, before.exposure_s, before.coverage) == (2, 31 * 24 * HOUR_S, 1)
    # The last observation claims no time after itself.
    assert after.estimate == pytest.approx(1 - 1 / (28 * 24 - 1))
    assert after.n == 1
    assert found.comparison.change == pytest.approx(after.estimate - before.estimate)
    assert found.without_largest is not None
    assert found.without_largest.before.n == 1
    assert found.without_largest.before.estimate == pytest.approx(1 - 1 / (31 * 24))
    assert found.days[0] == (JANUARY.since, pytest.approx(21 / 24))
    assert len(found.days) == 31 + 28
    assert found.weeks_before[0] == pytest.approx(1 - 4 / 168)
    assert dict(found.steps)["largest outage"] == "3 h, before"


def test_time_that_nobody_watched_is_neither_up_nor_down(store: Store) -> None:
    told(store, [seen([(JANUARY.since, "u"), (JANUARY.since + 20 * 86_400, "d")])])
    told(store, [seen([(JANUARY.since + 20 * 86_400 + 1_800, "u")])])

    found = measured("uptime", asked(store, JANUARY, FEBRUARY), uptime="probe")

    before = found.comparison.before
    assert (before.exposure_s, before.n) == (HOUR_S + 1_800, 1)
    assert before.coverage == pytest.approx(5_400 / (31 * 86_400))
    assert found.comparison.after.estimate is None
    assert [value for _, value in found.days][1:20] == [None] * 19


def test_a_service_seen_by_several_probes_is_up_by_the_rule_that_is_named(store: Store) -> None:
    told(store, [seen(hourly(JANUARY, {1}), region="a"), seen(hourly(JANUARY, {2}), region="b")])
    look = asked(store, JANUARY, FEBRUARY)

    down_s = {
        rule: round(
            (1 - measured("uptime", look, uptime="probe", combine=rule).comparison.before.estimate)
            * (31 * 24 - 1)
        )
        for rule in ("any", "all")
    }
    one = measured("uptime", look, uptime='probe{region="a"}').comparison.before

    assert down_s == {"any": 0, "all": 2}
    assert one.estimate == pytest.approx(1 - 1 / (31 * 24 - 1))


def test_an_outage_over_the_edge_of_a_piece_that_is_read_is_one_outage(store: Store) -> None:
    year = span("2025-01-01", "2026-01-01")
    edge_h = 60 * 24
    rows = hourly(year, set(range(edge_h - 3, edge_h + 4)))
    told(store, [seen(rows[:4_000]), seen(rows[4_000:])])

    found = measured("uptime", asked(store, year, FEBRUARY), uptime="probe")

    assert (found.comparison.before.n, found.comparison.before.exposure_s) == (1, 8_759 * HOUR_S)
    assert dict(found.steps)["largest outage"] == "7 h, before"


def test_an_outage_over_the_edge_of_a_period_is_cut_there(store: Store) -> None:
    both = Span(JANUARY.since, FEBRUARY.until)
    told(store, [seen(hourly(both, {31 * 24 - 1, 31 * 24, 31 * 24 + 1}))])

    found = measured("uptime", asked(store, JANUARY, FEBRUARY), uptime="probe")

    before, after = found.comparison.before, found.comparison.after
    assert before.estimate == pytest.approx(1 - 1 / (31 * 24))
    assert after.estimate == pytest.approx(1 - 2 / (28 * 24 - 1))


def test_an_observation_after_the_look_does_not_tell_what_was_before_it(store: Store) -> None:
    told(store, [seen([(JANUARY.since, "u"), (JANUARY.since + 1_800, "u")])])

    early = replace(asked(store, JANUARY, FEBRUARY), as_of=JANUARY.since + 1_800)

    assert measured("uptime", early, uptime="probe").comparison.before.estimate is None


def test_united_incidents_take_their_time_once_and_planned_work_is_left_out(
    store: Store,
) -> None:
    rows = [
        incident("A", "2025-12-31T23:30", "2026-01-01T00:30"),
        incident("B", "2026-01-10T10:00", "2026-01-10T11:00"),
        incident("C", "2026-01-10T10:30", "2026-01-10T11:30"),
        incident("E", "2026-01-31T23:00"),
    ]
    told(store, rows, read_at=LOOK)
    look = replace(asked(store, JANUARY, FEBRUARY), as_of=LOOK)

    whole = measured("uptime", look, events="incident").comparison
    told(store, [incident("M", "2026-01-10T11:15", "2026-01-10T11:45", planned=True)], read_at=LOOK)
    planned = measured("uptime", look, events="incident")

    assert whole.before.estimate == pytest.approx(1 - 180 / 44_640)
    assert (whole.before.n, whole.before.exposure_s) == (3, 44_640 * 60)
    assert planned.comparison.before.estimate == pytest.approx(1 - 165 / (44_640 - 30))
    assert round(100 * planned.comparison.before.estimate, 5) == 99.63013
    assert planned.comparison.before.coverage == pytest.approx(1 - 30 / 44_640)
    # E is open: down from the first second of February to the look.
    assert whole.after.estimate == 0
    assert whole.after.exposure_s == 2 * 86_400


def test_incidents_before_the_source_was_there_leave_time_unknown(store: Store) -> None:
    told(store, [incident("B", "2026-01-10T10:00", "2026-01-10T11:00")], read_at=LOOK)

    found = measured(
        "uptime", replace(asked(store, JANUARY, FEBRUARY), as_of=LOOK), events="incident"
    )

    observed_s = at("2026-02-01") - at("2026-01-10T10:00")
    assert found.comparison.before.exposure_s == observed_s
    assert found.comparison.before.estimate == pytest.approx(1 - HOUR_S / observed_s)


def test_days_of_changing_clocks_have_the_hours_they_have(store: Store) -> None:
    march = span("2026-03-28T23:00", "2026-03-30T22:00")
    told(store, [seen(hourly(march, {0}))])
    look = replace(
        asked(
            store,
            span("2026-03-28T23:00", "2026-03-29T22:00"),
            span("2026-03-29T22:00", "2026-03-30T22:00"),
        ),
        zone=BERLIN,
    )

    found = measured("uptime", look, uptime="probe")

    assert found.days[0] == (march.since, pytest.approx(22 / 23))
    assert found.comparison.before.estimate == pytest.approx(22 / 23)


def test_old_and_new_stand_side_by_side_over_the_same_days(store: Store) -> None:
    told(store, [seen(hourly(JANUARY, {0, 1}), side="old"), seen(hourly(JANUARY, {0}), side="new")])
    old = registry.load("uptime").options.model_validate({"uptime": 'probe{side="old"}'})
    look = replace(asked(store, JANUARY, JANUARY), old=old)

    found = measured("uptime", look, uptime='probe{side="new"}')

    known = 31 * 24 - 1
    assert found.comparison.before.estimate == pytest.approx(1 - 2 / known)
    assert found.comparison.after.estimate == pytest.approx(1 - 1 / known)
    assert found.days_old[0] == (JANUARY.since, pytest.approx(22 / 24))
    assert found.days[0] == (JANUARY.since, pytest.approx(23 / 24))
    assert 'side="old"' in found.query.splitlines()[0]


def test_stretches_that_touch_over_a_cut_are_one_and_others_are_not() -> None:
    one = Intervals(np.array([0, 50]), np.array([40, 100]), np.array([UP, 0]), Span(0, 100))
    two = Intervals(np.array([90]), np.array([130]), np.array([0]), Span(90, 130))

    found = joined(iter([(Span(0, 95), one), (Span(95, 200), two)]))

    assert found.downtime(Span(0, 200)) == Downtime((80.0,), 120.0)
    up_s, down_s = found.by_day([0, 45, 60, 200])
    assert (up_s.tolist(), down_s.tolist()) == ([40, 0, 0], [0, 10, 70])


@pytest.mark.parametrize(("goal", "is_certain"), [("> 98 %", True), ("> 99.3 %", False)])
def test_without_an_outage_after_a_goal_is_sure_only_if_one_like_the_longest_would_keep_it(
    store: Store, goal: str, is_certain: bool
) -> None:
    # An hour (the median) and three before. Garwood's upper limit of none is 3.689 outages; of
    # three hours in February 11.07 h, 1.65 % down; of one, 0.55 %, which would keep 99.3 %.
    both = Span(JANUARY.since, FEBRUARY.until)
    told(store, [seen(hourly(both, {5, 50, 51, 52, 100}))])

    found = measured("uptime", asked(store, JANUARY, FEBRUARY), uptime="probe", goal=goal)

    assert found.comparison.after.estimate == 1
    assert found.comparison.after.interval is not None
    assert found.comparison.after.interval.low == pytest.approx(1 - 3.689 / (28 * 24 - 1), abs=1e-5)
    assert found.goal_is_certain is is_certain
    assumed = dict(found.steps)["an outage after, of which there was none, would last"]
    assert assumed == "60 min, the median before; of the goal as long as the longest"
