"""Time that incidents take: each second once, cut at the period, planned work both ways."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from delivery_builders import RULES, at, incident, span
from hypothesis import given
from hypothesis import strategies as st

from slo.delivery.episodes import impact, incident_uptime, user_minutes, without
from slo.delivery.facts import Incident
from slo.delivery.reading import incidents
from slo.spans import Span, united

JANUARY = span("2026-01-01", "2026-02-01")
AS_OF = at("2026-02-03")
WORKED = (
    incident("A", "2025-12-31T23:30", "2026-01-01T00:30"),
    incident("B", "2026-01-10T10:00", "2026-01-10T11:00"),
    incident("C", "2026-01-10T10:30", "2026-01-10T11:30"),
    incident("E", "2026-01-31T23:00"),
)
WORK = incident("M", "2026-01-10T11:15", "2026-01-10T11:45", planned=True)

spans = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda s: Span(s[0], s[0] + s[1]))


def read(*rows: object) -> tuple[Incident, ...]:
    return incidents([*WORKED, *rows], RULES, as_of=AS_OF).kept  # type: ignore[list-item]


def test_overlapping_incidents_of_january_2026_take_180_minutes_and_not_3120_or_210() -> None:
    found = impact(read(), JANUARY, as_of=AS_OF, planned=False)
    uptime = incident_uptime(found)

    assert found.down_s == 180 * 60
    assert uptime == 1 - Fraction(180, 44_640)
    assert round(float(uptime) * 100, 5) == 99.59677


def test_incidents_count_in_the_period_they_began_in_and_their_time_in_every_period() -> None:
    found = impact(read(), JANUARY, as_of=AS_OF, planned=False)
    december = impact(read(), span("2025-12-01", "2026-01-01"), as_of=AS_OF, planned=False)
    february = impact(read(), span("2026-02-01", "2026-03-01"), as_of=AS_OF, planned=False)

    assert (found.started, len(found.episodes), found.episodes_started) == (3, 3, 2)
    assert (december.started, december.down_s) == (1, 30 * 60)
    assert (february.started, february.down_s) == (0, 2 * 86_400)


def test_planned_work_is_left_out_of_both_the_time_down_and_the_time_observed() -> None:
    found = impact(read(WORK), JANUARY, as_of=AS_OF, planned=False)
    uptime = incident_uptime(found)

    assert (found.down_s, found.observed_s) == (165 * 60, 44_610 * 60)
    assert round(float(uptime or 0) * 100, 5) == 99.63013


def test_planned_work_counted_like_any_other_adds_its_own_time_once() -> None:
    found = impact(read(WORK), JANUARY, as_of=AS_OF, planned=True)

    # C ends 11:30, the work at 11:45: a quarter of an hour more than the union of 180 minutes.
    assert (found.down_s, found.observed_s) == (195 * 60, 44_640 * 60)


def test_the_truth_of_the_worked_case_is_the_oracles() -> None:
    path = Path(__file__).parent / "incident_union_jan2026.json"
    truth = json.loads(path.read_text())
    plain = impact(read(), JANUARY, as_of=AS_OF, planned=False)
    excluded = impact(read(WORK), JANUARY, as_of=AS_OF, planned=False)

    assert plain.down_s == truth["downtime_min_union"] * 60
    assert plain.started == truth["started_in_period"]
    assert len(plain.episodes) == truth["outage_episodes_overlapping"]
    assert plain.episodes_started == truth["episodes_started_in_period"]
    assert float(incident_uptime(plain) or 0) * 100 == pytest.approx(truth["uptime_pct"])
    assert excluded.observed_s == truth["denominator_excl_planned"] * 60
    assert float(incident_uptime(excluded) or 0) * 100 == pytest.approx(
        truth["uptime_pct_excl_planned"]
    )


def test_an_open_incident_lasts_until_the_look_and_no_longer() -> None:
    rows = incidents(WORKED, RULES, as_of=at("2026-01-31T23:30")).kept
    found = impact(rows, JANUARY, as_of=at("2026-01-31T23:30"), planned=False)

    assert found.observed == span("2026-01-01", "2026-01-31T23:30")
    assert (found.down_s, found.still_open) == (150 * 60, 1)


def test_an_incident_that_begins_as_the_period_ends_belongs_to_the_next() -> None:
    rows = [
        incident("at-the-end", "2026-02-01T00:00", "2026-02-01T01:00"),
        incident("ends-at-the-beginning", "2025-12-31T23:00", "2026-01-01T00:00"),
        incident("at-the-beginning", "2026-01-01T00:00", "2026-01-01T00:10"),
    ]
    found = impact(incidents(rows, RULES).kept, JANUARY, as_of=AS_OF, planned=False)

    assert (found.started, found.down_s) == (1, 600)


def test_a_month_without_an_hour_is_not_744_hours_long_in_berlin() -> None:
    march = span("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00")
    rows = [incident("a", "2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00")]
    found = impact(incidents(rows, RULES).kept, march, as_of=AS_OF * 2, planned=False)

    assert (found.observed_s, found.down_s) == (743 * 3_600, 2 * 3_600)


def test_time_that_nobody_watched_is_neither_up_nor_down() -> None:
    unwatched = [span("2026-01-10T11:00", "2026-01-11T11:00")]
    found = impact(read(), JANUARY, as_of=AS_OF, planned=False, unobserved=unwatched)

    assert found.observed_s == (44_640 - 1_440) * 60
    assert found.down_s == 150 * 60


def test_nothing_observed_has_no_uptime_and_nothing_down_is_wholly_up() -> None:
    future = impact([], span("2026-03-01", "2026-04-01"), as_of=AS_OF, planned=False)
    quiet = impact([], JANUARY, as_of=AS_OF, planned=False)

    assert incident_uptime(future) is None
    assert incident_uptime(quiet) == 1


def test_incidents_that_nobody_felt_take_no_time() -> None:
    rows = [incident("a", "2026-01-05T00:00", "2026-01-06T00:00", impact="none")]

    assert impact(incidents(rows, RULES).kept, JANUARY, as_of=AS_OF, planned=True).down_s == 0


def test_user_minutes_are_users_times_minutes_of_those_who_say_so() -> None:
    rows = [
        incident("a", "2026-01-05T00:00", "2026-01-05T00:30", users=40_000),
        incident("b", "2026-01-05T00:00", "2026-01-05T00:30"),
        incident("c", "2025-12-31T23:59", "2026-01-01T00:01", users=250_000),
    ]
    kept = incidents(rows, RULES).kept

    assert user_minutes(kept, JANUARY, as_of=AS_OF) == 40_000 * 30 + 250_000
    assert user_minutes(kept[2:], JANUARY, as_of=AS_OF) is None


@given(st.lists(spans, max_size=12), st.lists(spans, max_size=12))
def test_every_second_is_counted_once_whatever_overlaps(some: list[Span], out: list[Span]) -> None:
    seconds = {at for one in some for at in range(one.since, one.until)}
    taken = {at for one in out for at in range(one.since, one.until)}

    whole, rest = united(some), without(united(some), united(out))

    assert sum(one.length_s for one in whole) == len(seconds)
    assert {at for one in rest for at in range(one.since, one.until)} == seconds - taken
    assert all(a.until < b.since for a, b in pairwise(whole))
    assert all(one.length_s for one in rest)
