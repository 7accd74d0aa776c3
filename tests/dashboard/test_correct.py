"""`burnline correct`: said once, shown with what was measured, taken back without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import NOON, minutes
from small_shop import SOURCE, a_composite, a_promise
from verdict_builders import Ran, burnline, stored

from collectors.store.store import Reader

CONFIG = (
    SOURCE
    + a_promise("checkout", "99", service='"shop"', window='"7d"')
    + a_promise("strict", "99.5", service='"till"', window='"7d"')
)
AS_OF = "2026-01-01T13:00:00Z"
DRILL = ("--kind", "maintenance", "--reason", "a drill", "--by", "Ada")
RULED = ("--start", "2026-01-01T02:00", "--zone", "UTC")
HALF_AN_HOUR = ("--since", "2026-01-01T12:00:00Z", "--for", "30m")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop that failed half its requests in the first half of an hour."""
    (tmp_path / "config.toml").write_text(CONFIG)
    stored(tmp_path, minutes([50] * 30 + [100] * 30, [100] * 60, since=NOON))
    return tmp_path


def correct(folder: Path, *words: str) -> Ran:
    return burnline("correct", *words, folder=folder)


def checked(folder: Path) -> dict[str, dict[str, object]]:
    ran = burnline("check", "--json", "--as-of", AS_OF, folder=folder)
    return {one["name"]: one for one in ran.json["slos"]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--kind: missing"),
        (("nope\x1b", *DRILL, *HALF_AN_HOUR), "SLO 1: must be 1 to 120 printable characters"),
        (
            ("checkout", "--service", "\x1b", *DRILL, *HALF_AN_HOUR),
            "--service 1: must be 1 to 120 printable characters",
        ),
        (
            ("--all", *DRILL, "--for", "1h", *RULED, "--rrule", "FREQ=WEEKLY;BYDAY=XX"),
            '"FREQ=WEEKLY;BYDAY=XX" is no rule: invalid',
        ),
        (("chekout", *DRILL, *HALF_AN_HOUR), 'no slo is called "chekout" (did you mean "checkout"'),
        (
            ("--all", "checkout", *DRILL, *HALF_AN_HOUR),
            "name what it is about: slo, service, or all",
        ),
        (("checkout", *DRILL, "--since", "2026-01-01T12:00:00"), "has no time zone"),
        (("checkout", *DRILL, "--rrule", "FREQ=DAILY"), "start is missing"),
        (
            ("--all", *DRILL, "--since", "9999-12-31T23:59:59Z", "--for", "2h"),
            "lies beyond the year 2100",
        ),
        (("--revoke", "x"), "--revoke needs --by and --reason"),
        (("--planned", "checkout"), "--planned says all there is to say"),
        (
            ("checkout", "--all", "--for", "1h", "--revoke", "x", "--by", "B", "--reason", "r"),
            "all there is to say, but --all, --for, SLO was given, too",
        ),
        (("--list", "--revoke", "x"), "name nothing beside it"),
    ],
)
def test_what_means_no_correction_is_refused_in_a_sentence_and_nothing_is_kept(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    ran = correct(folder, *words)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "fix:" in ran.err or "burnline correct --help" in ran.err
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        assert reader.corrections() == ()


def test_a_correction_changes_the_budget_and_every_surface_shows_what_was_measured(
    folder: Path,
) -> None:
    """1,500 of 6,000 bad are a spent budget; without the half hour nothing is bad."""
    before = checked(folder)["checkout"]

    ran = correct(folder, "checkout", *DRILL, *HALF_AN_HOUR)

    assert ran.code == 0
    assert "noted: maintenance-" in ran.out
    assert "also read by strict: corrected there, too" in ran.out
    after = checked(folder)["checkout"]
    assert "as_measured" not in before
    assert after["budget_remaining"] == 1
    assert after["as_measured"] == {
        "good": 4_500,
        "total": 6_000,
        "bad": 1_500,
        "sli": 0.75,
        "budget_remaining": -24,
        "corrected_s": 1_800,
    }
    assert {name: after["as_measured"][name] for name in ("good", "sli", "budget_remaining")} == {  # type: ignore[index]
        name: before[name] for name in ("good", "sli", "budget_remaining")
    }
    explained = burnline("explain", "checkout", "--as-of", AS_OF, folder=folder).out
    assert "1,500 good of 3,000 in 30 m under corrections" in explained
    assert "good / total = 4,500 / 6,000 = 0.75" in explained


def test_the_same_said_twice_is_known_and_revoking_it_gives_every_figure_back(
    folder: Path,
) -> None:
    before = checked(folder)
    first = correct(folder, "checkout", *DRILL, *HALF_AN_HOUR, "--key", "drill")
    again = correct(folder, "checkout", *DRILL, *HALF_AN_HOUR, "--key", "drill")

    gone = correct(folder, "--revoke", "drill", "--by", "Bob", "--reason", "it was real")

    assert first.out.startswith("noted: drill: maintenance of checkout, 1 Jan 2026 12:00 UTC")
    assert again.out.startswith("known already: drill")
    assert gone.out.startswith("revoked drill")
    assert checked(folder) == before
    (listed,) = burnline("correct", "--list", "--json", folder=folder).json["corrections"]
    assert (listed["key"], listed["reason"], listed["author"]) == ("drill", "a drill", "Ada")
    assert listed["since"] == "2026-01-01T12:00:00Z"
    assert listed["revoked_at"] is not None


def test_a_file_without_corrections_says_that_it_changed_nothing(folder: Path) -> None:
    (folder / "none.toml").write_text("")
    ran = correct(folder, "--file", "none.toml")

    assert (ran.code, ran.out) == (0, "The file holds no [[correction]]: nothing was changed.\n")


def test_a_file_tells_the_figures_once_behind_all_of_its_corrections(folder: Path) -> None:
    table = (
        '[[correction]]\nkind = "maintenance"\nslo = ["checkout"]\nby = "Ada"\nreason = "drill"\n'
    )
    first = table + 'since = "2026-01-01T12:00:00Z"\nfor = "15m"\n'
    second = table + 'since = "2026-01-01T12:15:00Z"\nfor = "15m"\n'
    (folder / "two.toml").write_text(first + second)
    lines = correct(folder, "--file", "two.toml").out.splitlines()

    assert [line.partition(":")[0].strip() for line in lines] == [
        *("noted", "also read by strict", "noted", "also read by strict"),
        *("checkout", "strict"),
    ]


def test_a_member_of_a_composite_is_told_once_as_what_it_is_by_itself(folder: Path) -> None:
    path = folder / "config.toml"
    both = a_composite("both", "90", "checkout", "strict", window='"7d"')
    path.write_text(CONFIG + both)

    _, also, *figures = correct(folder, "checkout", *DRILL, *HALF_AN_HOUR).out.splitlines()

    assert also.strip() == "also read by strict, both: corrected there, too"
    assert [line.partition(":")[0].strip() for line in figures] == ["checkout", "strict", "both"]


def test_a_rule_from_the_command_line_covers_its_hour_in_its_zone(folder: Path) -> None:
    rule = ("--rrule", "FREQ=DAILY", "--start", "2026-01-01T13:15", "--zone", "Europe/Berlin")

    ran = correct(folder, "--service", "shop", *DRILL, *rule, "--for", "15m")

    assert "daily, 13:15 to 13:30 Europe/Berlin (from 1 Jan 2026)" in ran.out
    found = checked(folder)["checkout"]
    assert (found["good"], found["total"]) == (3_750, 4_500)
