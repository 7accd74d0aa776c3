"""What delivery and a migration both tell of the same two spans is the same number."""

from __future__ import annotations

import pytest
from delivery_builders import deployment, incident, run
from delivery_store import CONFIG, kept, probe
from verdict_builders import Ran, burnline

from slo.facts import EventRow

MIGRATION = """
[[migration]]
name = "moved"
before = [2026-09-20, 2026-10-20]
after = [2026-10-20, 2026-11-19]
evaluate_on = 2026-11-23
[[migration.metric]]
id = "deployment-frequency"
kind = "event_rate"
events = "deployment"
unit = "week"
[[migration.metric]]
id = "incidents"
kind = "event_rate"
events = "incident"
[[migration.metric]]
id = "pipeline-time"
kind = "duration"
duration = "pipeline"
[[migration.metric]]
id = "pipeline-failure-rate"
kind = "share"
share = "pipeline-failure"
[[migration.metric]]
id = "lead-time"
kind = "duration"
duration = "lead"
[[migration.metric]]
id = "time-to-restore"
kind = "duration"
duration = "restore"
[[migration.metric]]
id = "failed-deployment-recovery"
kind = "duration"
duration = "recovery"
[[migration.metric]]
id = "change-fail-rate"
kind = "share"
share = "change-fail"
[[migration.metric]]
id = "uptime-incidents"
kind = "uptime"
events = "incident"
[[migration.metric]]
id = "uptime-checkout"
kind = "uptime"
uptime = 'probe{service="checkout"}'
source = "shop"
"""
SPAN = ("--since", "2026-10-20", "--until", "2026-11-19")
LOOK = ("--as-of", "2026-11-22T15:42:00Z")
_IDS = {"uptime-incidents": "uptime:incidents", "uptime-checkout": "uptime:checkout uptime"}
SAME = ("estimate", "n", "coverage", "interval")


def happened() -> list[EventRow]:
    """Two months: slow and broken at first, better later; one incident never ended."""
    rows = [incident("open", "2026-11-18T05:00")]
    for number, day in enumerate(range(1, 60, 2)):
        month, first = (9, 20) if day < 11 else (10, -10) if day < 42 else (11, -41)
        on = f"2026-{month:02}-{first + day:02}"
        slow = day < 30
        rows += [
            deployment(
                f"d{number}", f"{on}T10:{number:02}",
                merged_at=f"{on}T0{2 if slow else 8}:00:00Z",
            ),
            run(
                f"r{number}", f"{on}T0{2 if slow else 9}:00", f"{on}T09:5{number % 10}",
                status="failure" if number % (3 if slow else 7) == 0 else "success",
            ),
        ]  # fmt: skip
        if number % (2 if slow else 5) == 0:
            until = f"{on}T{14 if slow else 11}:{number:02}"
            rows.append(incident(f"i{number}", f"{on}T10:50", until))
    return rows


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran, Ran]:
    outages = [("2026-10-01T10:00", "2026-10-01T12:00"), ("2026-11-05T10:31", "2026-11-05T11:00")]
    folder = kept(
        tmp_path_factory.mktemp("moved"),
        *happened(),
        probe(outages, "2026-08-01"),
        config=CONFIG + MIGRATION,
    )
    return (
        burnline("delivery", *SPAN, *LOOK, "--json", folder=folder),
        burnline("incidents", *SPAN, *LOOK, "--json", folder=folder),
        burnline("migration", "moved", *LOOK, "--json", folder=folder),
    )


@pytest.mark.parametrize(
    "name",
    [
        *("deployment-frequency", "lead-time", "change-fail-rate", "failed-deployment-recovery"),
        *("pipeline-time", "pipeline-failure-rate", "incidents", "time-to-restore"),
        *("uptime-incidents", "uptime-checkout"),
    ],
)
def test_delivery_and_a_migration_say_the_same_of_the_same_spans(
    told: tuple[Ran, Ran, Ran], name: str
) -> None:
    delivery, incidents, migration = (one.json for one in told)
    figures = {one["id"]: one for one in (*delivery["figures"], *incidents["figures"])}
    mine = figures[_IDS.get(name, name)]
    theirs = next(one for one in migration["metrics"] if one["id"] == name)

    assert mine["estimate"] is not None
    assert {key: mine[key] for key in SAME} == {key: theirs["after"][key] for key in SAME}
    assert {key: mine["before"][key] for key in SAME} == {
        key: theirs["before"][key] for key in SAME
    }
    assert mine["p_value"] == theirs["p_value"]
    assert mine["unit"] == theirs["unit"]
