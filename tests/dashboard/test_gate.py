"""`check --gate`: whether a release may go, by the budgets alone; a real process on a real store."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from builders import DAY_S, NOON, steady
from small_shop import SOURCE, a_promise
from verdict_builders import Ran, burnline, stored

CONFIG = SOURCE + a_promise("pay", "99", service='"checkout"', window='"1d"')
TEAM = """
policy = "team"

[[policy]]
name = "team"
[[policy.step]]
at = 50
message = "look at it"
[[policy.step]]
at = -100
message = "only fixes"
gate = "blocked"
"""
AS_OF = "2026-01-01T12:00:00Z"
SCHEMA = json.loads(files("dashboard").joinpath("schemas", "gate-1.json").read_text())


def gated(folder: Path, bad: int | None, *words: str, more: str = "") -> Ran:
    """The gate after a day in which so many of 100 requests a minute failed; None: none came."""
    rows = () if bad is None else (steady(1_440, bad=bad, since=NOON - DAY_S),)
    stored(folder, *rows)
    (folder / "config.toml").write_text(CONFIG + more)
    return burnline("check", "--gate", *words, "--as-of", AS_OF, folder=folder)


def test_a_release_may_go_while_the_budget_is_healthy(tmp_path: Path) -> None:
    ran = gated(tmp_path, 0)

    assert (ran.code, ran.out) == (0, "OPEN: 1 open\n")


def test_exactly_nothing_left_blocks_a_release(tmp_path: Path) -> None:
    ran = gated(tmp_path, 1)  # one of a hundred: the whole budget of 99 %

    assert ran.code == 2
    assert "BLOCKED pay: 0 % left, policy standard: release nothing but fixes" in ran.out


def test_a_policy_of_ones_own_blocks_where_it_says(tmp_path: Path) -> None:
    spoken = gated(tmp_path, 1, more=TEAM)

    assert spoken.code == 0
    assert "OPEN pay: 0 % left, policy team: look at it" in spoken.out


def test_machines_read_the_step_that_blocks(tmp_path: Path) -> None:
    ran = gated(tmp_path, 2, "--json", more=TEAM)  # twice the budget: 100 % overspent
    jsonschema.validate(ran.json, SCHEMA)
    (slo,) = ran.json["slos"]

    assert (ran.code, ran.json["gate"]) == (2, "blocked")
    assert slo["budget_remaining"] == -1.0
    assert slo["step"] == {"at": -1.0, "message": "only fixes", "blocks": True}


def test_a_budget_that_nobody_measured_is_not_open(tmp_path: Path) -> None:
    ran = gated(tmp_path, None)

    assert ran.code == 3
    assert "UNKNOWN pay: budget unknown (not measured)" in ran.out


def test_a_gate_that_cannot_run_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    ran = burnline("check", "--gate", folder=tmp_path)

    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('policy = "taem"\n' + TEAM.replace('policy = "team"', ""), 'did you mean "team"?'),
        (TEAM.replace("at = -100", "at = 50"), 'policy "team": step 2.at: stands twice'),
        (TEAM.replace("at = 50", "at = 150"), "at most 100"),
        (TEAM.replace('"blocked"', '"shut"'), 'must be one of "open" or "blocked"'),
        (TEAM.replace('message = "look at it"', 'message = "a\\nb"'), "on one line"),
    ],
)
def test_a_wrong_policy_is_a_sentence_with_its_line(tmp_path: Path, more: str, said: str) -> None:
    (tmp_path / "config.toml").write_text(CONFIG + more)
    ran = burnline("check", "--gate", folder=tmp_path)

    assert ran.code == 3
    assert said in ran.err
    assert "config.toml:" in ran.err
