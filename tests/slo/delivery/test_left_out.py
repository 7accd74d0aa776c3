"""What could not be used of rows: the row or one field of it, and when the row happened."""

from __future__ import annotations

import pytest
from delivery_builders import RULES, at, deployment, incident, run, span

from slo.delivery.facts import Dropped
from slo.delivery.figures import pipeline_failures, pipeline_times
from slo.delivery.reading import deployments, incidents, pipeline_runs
from slo.evidence.comparison import Hits, Lasted

DAY = "2026-01-10T"


@pytest.mark.parametrize("users", [1e308, 1e13, "1e400", "∞", "nan", -1, 0.5, "9" * 400])
def test_a_number_of_users_that_nobody_can_have_is_no_count(users: float | str) -> None:
    read = incidents([incident("i", DAY + "10:00", users=users)], RULES)

    assert [one.users for one in read.kept] == [None]
    assert read.dropped == (Dropped("users is no count", 1),)


@pytest.mark.parametrize("users", [0, 1, 10**12, "40000"])
def test_a_number_of_users_that_somebody_can_have_is_kept(users: int | str) -> None:
    read = incidents([incident("i", DAY + "10:00", users=users)], RULES)

    assert [one.users for one in read.kept] == [int(users)]
    assert read.dropped == ()


@pytest.mark.parametrize("length_s", [1e308, -1, "soon", 4e9])
def test_a_run_of_a_length_that_nothing_has_is_counted_without_it(length_s: float | str) -> None:
    read = pipeline_runs([run("r", DAY + "10:00", status="failure", duration_s=length_s)], RULES)

    assert [(one.ended_at, one.has_passed) for one in read.kept] == [(None, False)]
    assert read.dropped == (Dropped("duration_s is no length of time", 1),)
    assert not read.dropped[0].is_row


def test_an_absurd_row_is_told_from_a_row_that_lacks_a_field() -> None:
    rows = [
        incident("gone", DAY + "10:00", DAY + "09:00"),
        incident("kept", DAY + "10:00", DAY + "11:00", users="many"),
    ]
    read = incidents(rows, RULES)

    assert [one.key for one in read.kept] == ["kept"]
    assert [(one.why, one.is_row) for one in read.dropped] == [
        ("it ends before it begins", True),
        ("users is no count", False),
    ]


def test_rows_left_out_are_counted_of_the_span_in_which_they_happened() -> None:
    rows = [
        deployment("s1", "2026-01-01T10:00", environment="staging"),
        deployment("s2", "2026-01-31T10:00", environment="staging"),
        deployment("s3", "2026-02-01T00:00", environment="staging"),
    ]
    read = deployments(rows, RULES)

    assert read.dropped[0].count == 3
    assert read.dropped_in(span("2026-01-01", "2026-02-01"))[0].count == 2
    assert read.dropped_in(span("2026-01-01T10:01", "2026-01-31T10:00")) == ()


def test_a_deployment_of_which_one_time_is_known_tells_how_it_ended_and_not_how_long() -> None:
    rows = [
        deployment("a", DAY + "10:00", status="success"),
        deployment("b", DAY + "11:00", DAY + "11:20", status="success"),
        deployment("c", DAY + "12:00", status="failure"),
    ]
    runs = pipeline_runs(rows, RULES).kept

    assert pipeline_times(runs, as_of=at("2026-01-11")) == Lasted((1_200.0,))
    assert pipeline_failures(runs) == Hits(1, 3)
