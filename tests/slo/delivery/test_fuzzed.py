"""Whatever sources say, the readings stand, and what they keep obeys the laws of its figures."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

from delivery_builders import RULES, at
from hypothesis import given
from hypothesis import strategies as st

from slo.delivery.episodes import impact
from slo.delivery.failures import failures
from slo.delivery.fields import NAMES
from slo.delivery.figures import (
    acknowledge_times,
    change_fail,
    counted,
    detect_times,
    lead_times,
    pipeline_failures,
    pipeline_times,
    recoveries,
    restore_times,
    rework,
)
from slo.delivery.frequency import frequency, trains
from slo.delivery.reading import deployments, incidents, pipeline_runs, releases
from slo.facts import EventKind, EventRow
from slo.spans import Span

BEGUN = at("2026-01-01")
LOOK = BEGUN + 40_000
MOMENTS = st.integers(BEGUN, BEGUN + 50_000)
NAMED = st.sampled_from([name for names in NAMES.values() for name in names])
SAID = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=12),
    MOMENTS,
    st.sampled_from(
        [
            *("success", "failure", "cancelled", "inactive", "rolled back", "running", "yes", "no"),
            *("2026-01-01T05:00:00Z", "hotfix", "maintenance", "none", "v1", "v2", "d1", "1"),
        ]
    ),
)
ROWS = st.lists(
    st.builds(
        lambda kind, key, when, took, service, fields: EventRow(
            kind, key, when, when, service, None if took is None else when + took, fields
        ),
        st.sampled_from(list(EventKind)),
        st.sampled_from(["d1", "d2", "d3", "v1", "x"]),
        MOMENTS,
        st.one_of(st.none(), st.integers(-50, 20_000)),
        st.sampled_from(["", "checkout", "auth"]),
        st.dictionaries(NAMED, SAID, max_size=6),
    ),
    max_size=14,
)


@given(ROWS)
def test_no_row_breaks_a_reading_or_makes_an_impossible_figure(rows: list[EventRow]) -> None:
    served = deployments(rows, RULES, as_of=LOOK)
    broken = incidents(rows, RULES, as_of=LOOK)
    runs = pipeline_runs(rows, RULES, as_of=LOOK)
    releases(rows, RULES, as_of=LOOK)
    failed = failures(served.kept, broken.kept, RULES, as_of=LOOK)
    meant = counted(served.kept, RULES)

    for hits in (change_fail(meant, failed), rework(meant), pipeline_failures(runs.kept)):
        assert 0 <= hits.hits <= hits.of
    for lasted in (
        lead_times(meant).lasted,
        recoveries(meant, failed, as_of=LOOK),
        pipeline_times(runs.kept, as_of=LOOK),
        restore_times(broken.kept, as_of=LOOK),
        detect_times(broken.kept),
        acknowledge_times(broken.kept, as_of=LOOK),
    ):
        assert all(length >= 0 for length in (*lasted.ended_s, *lasted.open_s))


@given(ROWS)
def test_nothing_that_is_kept_lies_after_the_look(rows: list[EventRow]) -> None:
    kept = deployments(rows, RULES, as_of=LOOK).kept
    broken = incidents(rows, RULES, as_of=LOOK).kept

    assert all(one.at < LOOK for one in (*kept, *broken))
    assert all(one.ended_at is None or one.at <= one.ended_at <= LOOK for one in broken)
    assert all(one.acknowledged_at is None or one.acknowledged_at <= LOOK for one in broken)


@given(ROWS, MOMENTS, st.integers(0, 40_000), st.booleans())
def test_the_time_that_incidents_took_lies_in_the_period_and_before_the_look_each_second_once(
    rows: list[EventRow], since: int, length_s: int, planned: bool
) -> None:
    period = Span(since, since + length_s)
    found = impact(incidents(rows, RULES).kept, period, as_of=LOOK, planned=planned)

    assert all(period.since <= one.since < one.until <= min(period.until, LOOK) for one in found)
    assert all(one.until < other.since for one, other in pairwise(found))


@given(ROWS)
def test_days_and_trains_never_exceed_the_deployments(rows: list[EventRow]) -> None:
    kept = deployments(rows, RULES).kept
    often = frequency(kept, Span(BEGUN, BEGUN + 100_000), ZoneInfo("Asia/Kathmandu"))

    assert often.days_with <= min(often.days, often.count.n)
    assert sum(len(one.services) for one in trains(kept, RULES)) <= len(kept)


@given(ROWS)
def test_a_service_and_version_is_deployed_forward_once(rows: list[EventRow]) -> None:
    forward = [one for one in deployments(rows, RULES).kept if not one.is_rollback]

    assert len({(one.service, one.version) for one in forward}) == len(forward)
