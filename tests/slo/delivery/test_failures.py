"""Which deployment an incident is blamed on, and when the service was well again."""

from __future__ import annotations

import pytest
from delivery_builders import RULES, at, deployment, incident

from slo.delivery.facts import DeliveryRules
from slo.delivery.failures import Failure, failures
from slo.delivery.figures import change_fail, recoveries
from slo.delivery.reading import deployments, incidents
from slo.evidence.comparison import Hits, Lasted
from slo.facts import EventRow

DAY = "2026-01-10T"
AS_OF = at("2026-02-01")


def failed(*rows: EventRow, rules: DeliveryRules = RULES) -> tuple[Failure, ...]:
    return failures(deployments(rows, rules).kept, incidents(rows, rules).kept, rules, as_of=AS_OF)


def keys(found: tuple[Failure, ...]) -> list[str]:
    return [one.deployment.key for one in found]


@pytest.mark.parametrize(
    ("began", "is_blamed"),
    [
        (DAY + "09:59:59", False),
        (DAY + "10:00:00", True),
        ("2026-01-11T09:59:59", True),
        ("2026-01-11T10:00:00", False),
    ],
)
def test_blame_begins_with_the_deployment_and_ends_before_the_last_second(
    began: str, is_blamed: bool
) -> None:
    found = failed(deployment("d", DAY + "10:00"), incident("i", began))

    assert bool(found) is is_blamed


def test_the_next_deployment_of_the_service_ends_the_blame_of_the_one_before() -> None:
    rows = [deployment("a", DAY + "10:00"), deployment("b", DAY + "11:00")]

    assert keys(failed(*rows, incident("i", DAY + "11:00"))) == ["b"]
    assert keys(failed(*rows, incident("i", DAY + "10:59:59"))) == ["a"]


def test_an_incident_of_another_service_or_of_none_blames_nobody_by_its_time() -> None:
    rows = [deployment("a", DAY + "10:00")]

    assert failed(*rows, incident("i", DAY + "10:01", service="auth")) == ()
    assert failed(*rows, incident("i", DAY + "10:01", service="")) == ()


def test_a_link_wins_over_the_time() -> None:
    rows = [
        deployment("a", DAY + "10:00"),
        deployment("b", DAY + "11:00", service="auth"),
        deployment("c", DAY + "12:00"),
    ]
    linked = incident("i", "2026-01-20T10:00", deployment="b")
    elsewhere = incident("j", DAY + "12:01", caused_by="a-vendor")

    assert keys(failed(*rows, linked)) == ["b"]
    assert failed(*rows, elsewhere) == ()


def test_a_link_may_be_a_shortened_hash() -> None:
    rows = [deployment("run-9", DAY + "10:00", sha="7f3c2a1d5514ce3f2a1b0c9d8e7f6a5b4c3d2e1f")]

    assert keys(failed(*rows, incident("i", DAY + "10:01", caused_by="7f3c2a1d5"))) == ["run-9"]
    assert keys(failed(*rows, incident("i", DAY + "10:01", caused_by="7f3c2a1"))) == ["run-9"]
    assert failed(*rows, incident("i", DAY + "10:01", caused_by="7f3c2a1d6")) == ()


def test_a_link_to_a_version_of_a_train_means_the_service_of_the_incident() -> None:
    rows = [
        deployment("a", DAY + "10:00", version="v7"),
        deployment("b", DAY + "10:01", version="v7", service="auth"),
    ]

    assert keys(failed(*rows, incident("i", DAY + "10:05", caused_by="v7"))) == ["a"]


def test_planned_and_unfelt_incidents_are_nobodys_fault() -> None:
    row = deployment("a", DAY + "10:00")

    assert failed(row, incident("i", DAY + "10:01", planned=True)) == ()
    assert failed(row, incident("i", DAY + "10:01", impact="none")) == ()


def test_a_deployment_fails_once_however_many_incidents_it_caused() -> None:
    rows = [
        deployment("a", DAY + "10:00"),
        deployment("b", DAY + "10:00", service="auth"),
        *(incident(f"i{n}", f"{DAY}10:0{n}", f"{DAY}11:0{n}") for n in range(1, 6)),
    ]
    found = failed(*rows)

    assert change_fail(deployments(rows, RULES).kept, found) == Hits(1, 2)
    assert found[0].recovered_at == at(DAY + "11:05")


def test_recovery_waits_for_the_last_incident_and_is_open_while_one_is() -> None:
    rows = [
        deployment("a", DAY + "10:00"),
        incident("i", DAY + "10:10", DAY + "10:40"),
        incident("j", DAY + "10:20"),
    ]
    found = failed(*rows)

    assert (found[0].recovered_at, found[0].is_open) == (None, True)
    assert recoveries(deployments(rows, RULES).kept, found, as_of=AS_OF) == Lasted(
        (), (float(AS_OF - at(DAY + "10:00")),)
    )


def test_a_rollback_fails_what_it_took_back_and_is_when_the_service_recovered() -> None:
    rows = [
        deployment("a", DAY + "10:00", version="v1"),
        deployment("b", DAY + "11:00", version="v2"),
        deployment("c", DAY + "11:45", version="v1"),
    ]
    (one,) = failed(*rows)

    assert (one.deployment.key, one.is_rolled_back) == ("b", True)
    assert one.recovered_at == at(DAY + "11:45")


def test_an_unplanned_fix_in_time_fails_the_deployment_before_it() -> None:
    first = deployment("a", DAY + "10:00")

    assert keys(failed(first, deployment("b", DAY + "10:30", hotfix=True))) == ["a"]
    assert failed(first, deployment("b", DAY + "10:30", hotfix=False)) == ()
    assert failed(first, deployment("b", "2026-01-11T10:00", hotfix=True)) == ()


def test_what_somebody_said_of_a_deployment_holds_against_the_time_beside_it() -> None:
    good = deployment("a", DAY + "10:00", failed=False)
    bad = deployment("b", DAY + "10:00", failed="true", service="auth")

    found = failed(good, bad, incident("i", DAY + "10:10", DAY + "10:20"))

    assert keys(found) == ["b"]
    assert (found[0].recovered_at, found[0].is_open) == (None, False)


def test_a_failure_of_which_nothing_tells_the_end_is_in_no_recovery_time() -> None:
    rows = [deployment("b", DAY + "10:00", failed="true")]

    found = recoveries(deployments(rows, RULES).kept, failed(*rows), as_of=AS_OF)

    assert found == Lasted((), ())


def test_a_deployment_said_to_have_failed_recovered_with_the_next_one_only_if_that_came_in_time() -> (
    None
):
    bad = deployment("a", DAY + "10:00", failed=True)

    (soon,) = failed(bad, deployment("b", DAY + "12:00"))
    (late,) = failed(bad, deployment("b", "2026-01-24T10:00"))

    assert soon.recovered_at == at(DAY + "12:00")
    assert (late.recovered_at, late.is_open, late.caused_by) == (None, False, ())


def test_the_horizon_is_the_rules_own() -> None:
    rows = [deployment("a", DAY + "10:00"), incident("i", DAY + "10:30")]

    assert failed(*rows, rules=DeliveryRules(fail_within_s=1_800)) == ()
    assert keys(failed(*rows, rules=DeliveryRules(fail_within_s=1_801))) == ["a"]


def test_nothing_after_the_look_makes_a_failure() -> None:
    rows = [deployment("a", DAY + "10:00"), incident("i", DAY + "10:30")]
    read = deployments(rows, RULES).kept, incidents(rows, RULES).kept

    assert failures(*read, RULES, as_of=at(DAY + "10:30")) == ()
    assert len(failures(*read, RULES, as_of=at(DAY + "10:31"))) == 1
