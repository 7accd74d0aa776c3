"""Time that incidents take: each second once, cut at the period, planned work both ways."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from delivery_builders import RULES, at, incident, span
from hypothesis import given
from hypothesis import strategies as st

from slo.delivery.episodes import impact, user_minutes, without
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


def seconds(taken: tuple[Span, ...]) -> int:
    return sum(one.length_s for one in taken)


def test_overlapping_incidents_of_january_2026_take_180_minutes_and_not_3120_or_210() -> None:
    found = impact(read(), JANUARY, as_of=AS_OF, planned=False)

    assert found == (
        span("2026-01-01T00:00", "2026-01-01T00:30"),
        span("2026-01-10T10:00", "2026-01-10T11:30"),
        span("2026-01-31T23:00", "2026-02-01T00:00"),
    )
    assert seconds(found) == 180 * 60


def test_the_time_of_an_incident_counts_in_every_period_that_it_overlaps() -> None:
    december = impact(read(), span("2025-12-01", "2026-01-01"), as_of=AS_OF, planned=False)
    february = impact(read(), span("2026-02-01", "2026-03-01"), as_of=AS_OF, planned=False)

    assert december == (span("2025-12-31T23:30", "2026-01-01"),)
    assert february == (span("2026-02-01", "2026-02-03"),)


def test_planned_work_is_left_out_of_the_time_of_what_overlaps_it() -> None:
    found = impact(read(WORK), JANUARY, as_of=AS_OF, planned=False)

    assert found[1] == span("2026-01-10T10:00", "2026-01-10T11:15")
    assert seconds(found) == 165 * 60


def test_planned_work_counted_like_any_other_adds_its_own_time_once() -> None:
    found = impact(read(WORK), JANUARY, as_of=AS_OF, planned=True)

    # C ends 11:30, the work at 11:45: a quarter of an hour more than the union of 180 minutes.
    assert seconds(found) == 195 * 60


def test_the_truth_of_the_worked_case_is_the_oracles() -> None:
    path = Path(__file__).parent / "incident_union_jan2026.json"
    truth = json.loads(path.read_text())
    plain = impact(read(), JANUARY, as_of=AS_OF, planned=False)
    excluded = impact(read(WORK), JANUARY, as_of=AS_OF, planned=False)

    assert seconds(plain) == truth["downtime_min_union"] * 60
    assert len(plain) == truth["outage_episodes_overlapping"]
    assert seconds(excluded) == truth["downtime_min_excl_planned"] * 60


def test_an_open_incident_lasts_until_the_look_and_no_longer() -> None:
    rows = incidents(WORKED, RULES, as_of=at("2026-01-31T23:30")).kept
    found = impact(rows, JANUARY, as_of=at("2026-01-31T23:30"), planned=False)

    assert found[-1] == span("2026-01-31T23:00", "2026-01-31T23:30")
    assert seconds(found) == 150 * 60


def test_an_incident_that_begins_as_the_period_ends_belongs_to_the_next() -> None:
    rows = [
        incident("at-the-end", "2026-02-01T00:00", "2026-02-01T01:00"),
        incident("ends-at-the-beginning", "2025-12-31T23:00", "2026-01-01T00:00"),
        incident("at-the-beginning", "2026-01-01T00:00", "2026-01-01T00:10"),
    ]
    found = impact(incidents(rows, RULES).kept, JANUARY, as_of=AS_OF, planned=False)

    assert found == (span("2026-01-01T00:00", "2026-01-01T00:10"),)


def test_a_night_without_an_hour_is_an_hour_less_of_time_down_in_berlin() -> None:
    march = span("2026-03-01T00:00+01:00", "2026-04-01T00:00+02:00")
    rows = [incident("a", "2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00")]
    found = impact(incidents(rows, RULES).kept, march, as_of=AS_OF * 2, planned=False)

    assert seconds(found) == 2 * 3_600


def test_time_that_nobody_watched_is_not_down() -> None:
    unwatched = [span("2026-01-10T11:00", "2026-01-11T11:00")]
    found = impact(read(), JANUARY, as_of=AS_OF, planned=False, unobserved=unwatched)

    assert seconds(found) == 150 * 60


def test_a_period_after_the_look_or_without_incidents_has_no_time_down() -> None:
    march = span("2026-03-01", "2026-04-01")

    assert impact(read(), march, as_of=AS_OF, planned=False) == ()
    assert impact([], JANUARY, as_of=AS_OF, planned=False) == ()


def test_incidents_that_nobody_felt_take_no_time() -> None:
    rows = [incident("a", "2026-01-05T00:00", "2026-01-06T00:00", impact="none")]

    assert impact(incidents(rows, RULES).kept, JANUARY, as_of=AS_OF, planned=True) == ()


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
