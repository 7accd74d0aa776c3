"""`burnline delivery`, `incidents` and `uptime`, each in a process of its own on a real store."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from delivery_builders import deployment, incident
from delivery_store import SOURCE, kept, probe
from jsonschema import Draft202012Validator
from verdict_builders import burnline

AS_OF = ("--as-of", "2026-11-22T15:42:00Z")
ROWS = (
    *(
        deployment(f"d{day}", f"2026-11-{day:02}T10:00", merged_at=f"2026-11-{day:02}T09:00:00Z")
        for day in range(1, 21)
    ),
    deployment("staged", "2026-11-20T09:00", environment="staging"),
    deployment("auth", "2026-11-20T23:30", service="auth"),
    incident("INC-1", "2026-11-05T10:30", "2026-11-05T12:30", severity="1", users=40_000),
    incident("WORK", "2026-11-10T01:00", "2026-11-10T02:00", planned=True),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    seen = probe([("2026-11-05T10:30", "2026-11-05T12:00")], "2026-08-01")
    return kept(tmp_path_factory.mktemp("shop"), *ROWS, seen)


@pytest.mark.parametrize("command", ["delivery", "incidents", "uptime"])
def test_a_store_without_events_answers_null_and_not_collected(
    tmp_path: Path, command: str
) -> None:
    kept(tmp_path, config=SOURCE)

    told = burnline(command, *AS_OF, folder=tmp_path)
    asked = burnline(command, *AS_OF, "--json", folder=tmp_path)
    figures = asked.json.get("figures") or [
        one["planned_left_out"] for one in asked.json["uptimes"]
    ]

    assert (told.code, asked.code) == (0, 0)
    assert "not collected" in told.out
    assert {(one["estimate"], one["n"], one["collected"]) for one in figures} == {
        (None, None, False)
    }
    assert all(one["verdict"] is None for one in figures)


@pytest.mark.parametrize("command", ["delivery", "incidents", "uptime"])
def test_a_command_without_a_store_says_so_and_ends_with_2(tmp_path: Path, command: str) -> None:
    (tmp_path / "config.toml").write_text(SOURCE)

    ran = burnline(command, folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "burnline.db" in ran.err


@pytest.mark.parametrize("command", ["delivery", "incidents", "uptime"])
def test_the_documents_keep_their_schema_to_the_letter(
    folder: Path, tmp_path: Path, command: str
) -> None:
    schema = json.loads(files("dashboard").joinpath("schemas", f"{command}-1.json").read_text())
    kept(tmp_path, config=SOURCE)
    validator = Draft202012Validator(schema)

    for place in (folder, tmp_path):
        validator.validate(burnline(command, *AS_OF, "--json", folder=place).json)


def test_delivery_prints_the_sentence_the_span_and_a_row_a_figure(folder: Path) -> None:
    lines = burnline("delivery", *AS_OF, folder=folder).out.splitlines()

    assert lines[0] == (
        "21 deployments in 28 days, 1 failed; 1 incident, severity 1 (as of 22 Nov 2026 15:42 UTC)"
    )
    assert lines[3].split("  ")[0] == "MEASURE"
    assert any(line.startswith("Change fail rate") and "1 of 21" in line for line in lines)
    assert "Deployment frequency: 1 not counted: deployed to another environment" in lines


def test_ratios_are_fractions_and_times_are_seconds(folder: Path) -> None:
    found = burnline("delivery", *AS_OF, "--json", folder=folder).json
    figures = {one["id"]: one for one in found["figures"]}

    assert found["schema"] == "burnline.delivery/1"
    assert (found["since"], found["until"]) == ("2026-10-26T00:00:00Z", "2026-11-22T15:42:00Z")
    assert figures["change-fail-rate"]["estimate"] == pytest.approx(1 / 21)
    assert figures["lead-time"]["estimate"] == 3_600
    assert figures["failed-deployment-recovery"]["estimate"] == 2.5 * 3_600
    assert figures["releases"]["estimate"] is None
    assert [one["key"] for one in found["deployments"][:2]] == ["auth", "d20"]
    assert found["deployments"][0]["lead_s"] is None
    (failed,) = [one for one in found["deployments"] if one["failed"]]
    assert (failed["key"], failed["caused_by"], failed["result"]) == (
        "d5",
        ["INC-1"],
        "failed, restored",
    )


def test_a_band_carries_its_year_and_is_no_verdict(folder: Path) -> None:
    found = burnline("delivery", *AS_OF, "--json", folder=folder).json
    lead = next(one for one in found["figures"] if one["id"] == "lead-time")

    assert {(one["year"], one["label"]) for one in lead["bands"]} == {
        (2021, "up to 1 h"),
        (2023, "up to 1 d"),
    }


def test_incidents_lists_each_with_what_probes_saw(folder: Path) -> None:
    found = burnline("incidents", *AS_OF, "--json", folder=folder).json
    told = burnline("incidents", *AS_OF, folder=folder).out

    assert found["schema"] == "burnline.incidents/1"
    assert [(one["key"], one["planned"]) for one in found["incidents"]] == [
        ("WORK", True),
        ("INC-1", False),
    ]
    assert [one["slo"] for one in found["outages"]] == ["checkout uptime"]
    assert found["user_minutes"] == 40_000 * 120
    assert "seen down by checkout uptime" in told


def test_uptime_tells_planned_work_both_ways(folder: Path) -> None:
    week = ("--since", "2026-11-04", "--until", "2026-11-11")
    found = burnline("uptime", *week, *AS_OF, "--json", folder=folder).json
    seen, by_incidents = found["uptimes"]

    assert found["schema"] == "burnline.uptime/1"
    # 90 minutes down of 7 days; without the planned hour there is an hour less of them.
    assert seen["planned_counted"]["estimate"] == pytest.approx(1 - 90 / 10_080)
    assert seen["planned_left_out"]["estimate"] == pytest.approx(1 - 90 / 10_020)
    assert seen["planned_left_out"]["coverage"] == pytest.approx(10_020 / 10_080)
    # By incidents 120 minutes, and the planned hour where it is counted.
    assert by_incidents["planned_left_out"]["estimate"] == pytest.approx(1 - 120 / 10_020)
    assert by_incidents["planned_counted"]["estimate"] == pytest.approx(1 - 180 / 10_080)
    assert by_incidents["planned_counted"]["down_minutes_per_30_days"] == pytest.approx(
        180 / 10_080 * 43_200
    )
    assert (seen["by"], by_incidents["by"]) == ("probes", "incidents")


def test_a_date_is_a_local_day_of_the_zone(folder: Path) -> None:
    day = ("--since", "2026-11-21", "--until", "2026-11-22", "--zone", "Europe/Berlin")
    found = burnline("delivery", *day, *AS_OF, "--json", folder=folder).json

    assert (found["since"], found["until"]) == ("2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z")
    assert [one["key"] for one in found["deployments"]] == ["auth"]
    assert found["zone"] == "Europe/Berlin"


def test_a_service_and_a_team_choose(folder: Path) -> None:
    counts = [
        burnline("delivery", *words, *AS_OF, "--json", folder=folder).json["figures"][0]["n"]
        for words in (("--service", "auth"), ("--team", "payments"), ("--service", "ledger"))
    ]

    assert counts == [1, 20, 0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--service", "checkouts"), 'no service is called "checkouts" (did you mean "checkout"?)'),
        (("--team", "payment"), 'no team is called "payment" (did you mean "payments"?)'),
        (("--zone", "Europe/Belin"), '"Europe/Belin" is no time zone (did you mean'),
        (("--last", "28"), "has no unit"),
        (("--last", "0d"), "no time at all"),
        (("--last", "99999999999d"), "more than 50 years"),
        (("--last", "7d", "--since", "2026-11-01"), "--last and --since say two things"),
        (("--until", "2026-11-01"), "--until has no beginning"),
        (("--since", "2026-11-02", "--until", "2026-11-02"), "the span holds no time"),
        (("--since", "2027-01-01"), "the span holds no time"),
        (("--since", "yesterday"), "not a moment"),
        (("--since", "2026-13-01"), "month must be in 1..12"),
    ],
)
def test_what_cannot_be_meant_ends_with_2_and_a_mend(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = burnline("delivery", *words, *AS_OF, folder=folder)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "fix:" in ran.err


def test_the_same_look_prints_the_same_bytes(folder: Path) -> None:
    for command in ("delivery", "incidents", "uptime"):
        words = (command, *AS_OF, "--json")
        first = burnline(*words, folder=folder, PYTHONHASHSEED="1", TZ="Asia/Tokyo")
        again = burnline(*words, folder=folder, PYTHONHASHSEED="2", TZ="UTC")
        assert first.out == again.out
