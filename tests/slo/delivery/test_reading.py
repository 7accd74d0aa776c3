"""Which rows are deployments, runs, releases and incidents, and what is told of the others."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from delivery_builders import RULES, at, deployment, incident, row, run

from slo.delivery.facts import DeliveryRules, Dropped
from slo.delivery.fields import NAMES, moment_of, plain
from slo.delivery.reading import deployments, incidents, pipeline_runs, releases
from slo.facts import EventKind

DAY = "2026-01-10T"
README = Path(__file__).resolve().parents[3] / "README.md"


def test_nothing_reads_as_nothing() -> None:
    for reading in (deployments, pipeline_runs, releases, incidents):
        read = reading([], RULES)
        assert (read.kept, read.dropped) == ((), ())


def test_each_reading_takes_the_rows_of_its_own_kind() -> None:
    rows = [deployment("d", DAY + "10:00"), run("r", DAY + "10:00"), incident("i", DAY + "10:00")]
    rows.append(row(EventKind.RELEASE, "v", DAY + "10:00"))

    found = [reading(rows, RULES).kept for reading in (deployments, pipeline_runs, releases)]

    assert [[one.key for one in kept] for kept in found] == [["d"], ["r"], ["v"]]
    assert [one.key for one in incidents(rows, RULES).kept] == ["i"]


def test_a_version_retried_after_failing_is_one_deployment_with_its_attempts() -> None:
    rows = [
        deployment("run-1", DAY + "10:00", version="7f3c", status="failure"),
        deployment("run-2", DAY + "10:20", version="7f3c", status="error"),
        deployment("run-3", DAY + "10:40", version="7f3c", status="success"),
    ]

    (one,) = deployments(rows, RULES).kept

    assert (one.at, one.version, one.attempts, one.key) == (at(DAY + "10:40"), "7f3c", 3, "run-3")


def test_failed_attempts_count_as_failed_runs_where_the_service_reports_no_runs() -> None:
    rows = [
        deployment("run-1", DAY + "10:00", version="7f3c", status="failure"),
        deployment("run-2", DAY + "10:20", version="7f3c", status="success"),
        deployment("said-nothing", DAY + "11:00"),
        deployment("run-3", DAY + "10:20", service="auth", status="failure"),
        run("auth-1", DAY + "10:20", service="auth", status="failure"),
    ]

    found = pipeline_runs(rows, RULES).kept

    assert [(one.key, one.has_passed) for one in found] == [
        ("run-1", False),
        ("auth-1", False),
        ("run-2", True),
    ]


def test_an_older_version_that_comes_back_is_a_rollback_and_the_one_before_it_failed() -> None:
    rows = [
        deployment("a", DAY + "10:00", version="v1"),
        deployment("b", DAY + "11:00", version="v2"),
        deployment("c", DAY + "11:30", version="v1"),
    ]

    found = deployments(rows, RULES).kept

    assert [one.is_rollback for one in found] == [False, False, True]
    assert [one.has_failed for one in found] == [None, True, None]


def test_a_version_deployed_again_is_counted_once_and_told() -> None:
    rows = [
        deployment("a", DAY + "10:00", version="v1"),
        deployment("b", DAY + "10:30", version="v1"),
        deployment("c", DAY + "11:00", version="v2"),
        deployment("d", DAY + "11:30", version="v1"),
        deployment("e", DAY + "12:00", version="v2"),
    ]

    read = deployments(rows, RULES)

    assert [one.key for one in read.kept] == ["a", "c", "d"]
    assert read.dropped == (Dropped("a version that was already deployed, deployed again", 2),)


@pytest.mark.parametrize(
    "said",
    [
        {"rollback": True},
        {"rollback": "yes"},
        {"isRollback": 1},
        {"type": "rollback"},
        {"creator": "codeDeployRollback"},
        {"rollback_of": "bad"},
        {"rollbackTriggeringDeploymentId": "bad"},
    ],
)
def test_a_source_may_say_in_its_own_words_that_it_rolled_back(said: dict[str, str]) -> None:
    rows = [deployment("bad", DAY + "10:00"), deployment("back", DAY + "10:30", **said)]

    bad, back = deployments(rows, RULES).kept

    assert (bad.has_failed, back.is_rollback) == (True, True)


def test_a_rollback_that_names_what_it_takes_back_blames_that_one() -> None:
    rows = [
        deployment("bad", DAY + "10:00"),
        deployment("good", DAY + "10:10"),
        deployment("back", DAY + "10:30", rollback_of="bad"),
    ]

    assert [one.has_failed for one in deployments(rows, RULES).kept] == [True, None, None]


def test_services_do_not_roll_back_each_other() -> None:
    rows = [
        deployment("a", DAY + "10:00", version="v1"),
        deployment("b", DAY + "11:00", version="v2", service="auth"),
        deployment("c", DAY + "11:30", version="v1", service="auth"),
    ]

    assert [one.is_rollback for one in deployments(rows, RULES).kept] == [False, False, False]


def test_only_environments_that_count_are_counted_and_one_unsaid_counts() -> None:
    rows = [
        deployment("a", DAY + "10:00", environment="Production"),
        deployment("b", DAY + "11:00", environment="staging"),
        deployment("c", DAY + "12:00"),
    ]

    read = deployments(rows, RULES)
    only_staging = deployments(rows, DeliveryRules(environments=("staging",)))

    assert [one.key for one in read.kept] == ["a", "c"]
    assert read.dropped == (Dropped("deployed to another environment", 1),)
    assert [one.key for one in only_staging.kept] == ["b", "c"]


def test_what_is_cancelled_running_or_told_in_an_unknown_word_is_no_deployment() -> None:
    words = ["cancelled", "in_progress", "queued", "startup_failure", "skipped", "purple"]
    rows = [deployment(word, DAY + "10:00", status=word) for word in words]

    read = deployments(rows, RULES)

    assert read.kept == ()
    assert sum(one.count for one in read.dropped) == len(words)
    assert Dropped("its result is a word that is not known", 1) in read.dropped


def test_a_change_ready_after_its_own_deployment_is_counted_and_has_no_lead_time() -> None:
    rows = [
        deployment("a", DAY + "10:00", merged_at=DAY + "09:00:00Z"),
        deployment("b", DAY + "11:00", mergedAt=DAY + "11:00:01Z"),
        deployment("c", DAY + "12:00", **{"Merged at": "yesterday"}),
        deployment("d", DAY + "13:00", merged_at=DAY + "09:00:00"),
        deployment("e", DAY + "14:00", merged_at=at(DAY + "12:00")),
    ]

    read = deployments(rows, RULES)

    assert [one.ready_at and one.at - one.ready_at for one in read.kept] == [
        3_600,
        None,
        None,
        None,
        7_200,
    ]
    assert {one.count for one in read.dropped} == {1, 2}


def test_the_lead_time_begins_where_the_rules_say_and_nowhere_else() -> None:
    rows = [deployment("a", DAY + "10:00", merged_at=DAY + "09:00:00Z", approved=DAY + "08:00:00Z")]

    found = [
        deployments(rows, DeliveryRules(lead_from=name)).kept[0].ready_at
        for name in ("merged_at", "approved", "committed_at")
    ]

    assert found == [at(DAY + "09:00"), at(DAY + "08:00"), None]


@pytest.mark.parametrize(
    "hostile",
    [
        "", " ", "now", "9999-99-99T00:00:00Z", "2026-01-01", "2026-W01-1", "1e400", "-1", "NaN",
        "inf", 0, -5, 1e300, math.inf, math.nan, True, False, None, "9" * 5_000,
        "1969-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "\x00",
    ],
)  # fmt: skip
def test_a_hostile_time_is_no_time(hostile: str | float | bool | None) -> None:
    assert moment_of(hostile) is None


def test_a_time_with_an_offset_is_the_same_moment_everywhere() -> None:
    texts = ["2026-10-25T02:30:00+02:00", "2026-10-25T01:30:00+01:00", "2026-10-25T00:30:00.9Z"]

    assert {moment_of(text) for text in texts} == {at("2026-10-25T00:30")}


def test_nothing_after_the_look_is_used() -> None:
    rows = [
        deployment("early", DAY + "10:00"),
        deployment("ends-later", DAY + "10:30", DAY + "12:30", status="success"),
        deployment("later", DAY + "12:01"),
        incident("i", DAY + "11:00", DAY + "13:00", acknowledged_at=DAY + "12:30:00Z"),
        run("r", DAY + "11:00", DAY + "13:00", status="success"),
    ]
    look = at(DAY + "12:00")

    (seen,) = incidents(rows, RULES, as_of=look).kept
    (going,) = (one for one in pipeline_runs(rows, RULES, as_of=look).kept if one.key == "r")

    assert [one.key for one in deployments(rows, RULES, as_of=look).kept] == ["early"]
    assert (seen.ended_at, seen.acknowledged_at) == (None, None)
    assert (going.ended_at, going.has_passed, going.is_running) == (None, None, True)


def test_an_incident_of_a_severity_that_nobody_feels_is_kept_and_marked() -> None:
    rules = DeliveryRules(severities=("1", "SEV-2"))
    rows = [
        incident("a", DAY + "10:00", severity="1"),
        incident("b", DAY + "10:00", severity="sev2"),
        incident("c", DAY + "10:00", severity="3"),
        incident("d", DAY + "10:00", priority=1),
        incident("e", DAY + "10:00", severity="1", impact="none"),
        incident("f", DAY + "10:00"),
    ]

    assert [one.is_felt for one in incidents(rows, rules).kept] == [
        True,
        True,
        False,
        True,
        False,
        False,
    ]
    assert [one.is_felt for one in incidents(rows, RULES).kept] == [True] * 4 + [False, True]


def test_what_an_incident_says_is_read_and_what_cannot_be_is_counted() -> None:
    rows = [
        incident(
            "a", DAY + "10:00", DAY + "11:00", detected_at=DAY + "10:05:00Z", users="40000",
            created_at=DAY + "10:06:00Z", acknowledged_at=DAY + "10:08:00Z", caused_by="d1, d2",
        ),
        incident("b", DAY + "10:00", DAY + "11:00", detected_at=DAY + "09:00:00Z", users=-4),
        incident("c", DAY + "10:00", users="many", impact="maintenance"),
        incident("d", DAY + "10:00", resolved_at=DAY + "09:59:00Z"),
    ]  # fmt: skip

    read = incidents(rows, RULES)
    first, second, third = read.kept

    assert (first.detected_at, first.acknowledged_at) == (at(DAY + "10:05"), at(DAY + "10:08"))
    assert (first.users, first.caused_by) == (40_000, ("d1", "d2"))
    assert (second.detected_at, second.users, third.users) == (None, None, None)
    assert (third.is_planned, first.is_planned) == (True, False)
    assert read.dropped == (
        Dropped("detected_at lies before the incident", 1),
        Dropped("it ends before it begins", 1),
        Dropped("users is no count", 2),
    )


def test_a_draft_is_no_release() -> None:
    rows = [
        row(EventKind.RELEASE, "v1", DAY + "10:00", title="Wallet"),
        row(EventKind.RELEASE, "v2", DAY + "11:00", draft=True),
    ]

    assert [one.title for one in releases(rows, RULES).kept] == ["Wallet"]


def test_the_order_in_which_rows_arrive_changes_nothing() -> None:
    rows = [deployment(f"d{n}", f"{DAY}{10 + n}:00", version=f"v{n % 3}") for n in range(9)]

    assert deployments(rows, RULES) == deployments(rows[::-1], RULES)


def test_every_field_that_the_readme_names_is_read() -> None:
    section = README.read_text().partition("## Deployments and incidents")[2].partition("\n## ")[0]
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| .*$", section, re.MULTILINE)))
    known = {plain(name) for names in NAMES.values() for name in names}

    assert len(named) > 20
    assert [name for name in named if plain(name) not in known] == []
