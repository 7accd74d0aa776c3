"""`burnline check`: its exit codes, their precedence, and JSON to the letter of its schema."""

from __future__ import annotations

import json
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from small_shop import SOURCE
from troubled_shop import KINDS, NOON_UTC, checked, configured, promised
from verdict_builders import burnline, stored

SCHEMA = json.loads(files("dashboard").joinpath("schemas", "check-1.json").read_text())
KEYS = [
    "name",
    "service",
    "now",
    "status",
    "state",
    "objective",
    "window",
    "data_until",
    "good",
    "total",
    "bad",
    "sli",
    "budget_remaining",
    "burn_rates",
    "firing",
    "exhausts_at",
    "coverage",
    "reasons",
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store with a series in each kind of trouble; every test configures its own SLOs."""
    folder = tmp_path_factory.mktemp("shop")
    stored(folder, *(fact for facts in KINDS.values() for fact in facts))
    return folder


@pytest.mark.parametrize(
    ("kind", "code", "now", "state"),
    [
        ("fine", 0, "quiet", "OK"),
        ("idle", 0, "quiet", "NO_TRAFFIC"),
        ("ticket", 1, "ticket", "OK"),
        ("spent", 1, "quiet", "OK"),
        ("low", 1, "quiet", "OK"),
        ("partly", 1, "ticket", "PARTIAL"),
        ("paging", 2, "paging", "OK"),
        ("stale", 3, "frozen", "OK"),
        ("absent", 3, "frozen", "NO_DATA"),
    ],
)
def test_each_kind_of_trouble_has_its_exit_code_and_its_words(
    shop: Path, kind: str, code: int, now: str, state: str
) -> None:
    ran = checked(shop, kind, words=("--json",))

    assert ran.code == code, ran.slo
    assert (ran.slo["now"], ran.slo["state"]) == (now, state)
    assert ran.slo["status"] == ran.json["status"]
    assert ran.err == ""


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (("fine", "absent"), "UNKNOWN"),
        (("fine", "absent", "low"), "WARNING"),
        (("absent", "low", "paging", "fine"), "CRITICAL"),
        (("fine", "idle"), "OK"),
    ],
)
def test_critical_goes_before_warning_before_unknown_before_ok(
    shop: Path, kinds: tuple[str, ...], status: str
) -> None:
    ran = checked(shop, *kinds, words=("--json",))

    assert ran.json["status"] == status
    assert ran.code == ["OK", "WARNING", "CRITICAL", "UNKNOWN"].index(status)


def test_the_json_keeps_its_schema_in_every_state(shop: Path) -> None:
    ran = checked(shop, *KINDS, words=("--json",))

    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(ran.json)
    assert len(ran.json["slos"]) == len(KINDS)


@pytest.mark.parametrize("words", [("--as-of", "bogus"), ("no-such-slo",), ("--nonsense",)])
def test_a_check_that_cannot_run_says_so_and_why_on_standard_output_too(
    shop: Path, words: tuple[str, ...]
) -> None:
    configured(shop, "fine")

    told = burnline("check", *words, folder=shop)
    ran = burnline("check", "--json", *words, folder=shop)

    Draft202012Validator(SCHEMA).validate(ran.json)
    assert (ran.code, ran.json["status"], ran.json["slos"]) == (3, "UNKNOWN", [])
    assert told.out == f"UNKNOWN: {ran.json['reasons'][0]}\n"
    assert words[-1].removeprefix("--") in ran.json["reasons"][0]


def test_the_json_has_exactly_the_keys_of_the_design_in_their_order(shop: Path) -> None:
    ran = checked(shop, "fine", words=("--json",))

    assert list(ran.json) == ["schema", "as_of", "status", "slos"]
    assert list(ran.slo) == KEYS
    assert list(ran.slo["window"]) == ["kind", "since", "until"]
    assert list(ran.slo["burn_rates"]) == ["5m", "30m", "1h", "2h", "6h", "1d"]


def test_what_fires_is_the_burn_rate_times_the_observed_share_as_the_schema_says(
    shop: Path,
) -> None:
    slo = checked(shop, "young", words=("--json",)).slo
    (row,) = [row for row in slo["firing"] if (row["long"], row["short"]) == ("1h", "5m")]

    assert slo["burn_rates"]["1h"] == slo["burn_rates"]["5m"] == 60
    assert (row["burn_long"], row["burn_short"]) == (60 * 6 / 60, 60)
    described = SCHEMA["$defs"]["firing"]["properties"]["burn_long"]["description"]
    assert "times the share of it that was observed" in described


def test_the_json_of_a_page_holds_the_counts_and_what_fires(shop: Path) -> None:
    slo = checked(shop, "paging", words=("--json",)).slo

    assert (slo["good"], slo["total"], slo["bad"]) == (140_400, 144_000, 3_600)
    assert slo["objective"] == 0.99
    assert slo["sli"] == 0.975
    assert slo["budget_remaining"] == -1.5
    assert slo["burn_rates"]["1h"] == 60
    assert slo["window"] == {
        "kind": "1d",
        "since": "2025-12-31T12:00:00Z",
        "until": NOON_UTC,
    }
    assert slo["firing"][0] == {
        "severity": "page",
        "long": "1h",
        "short": "5m",
        "factor": 1,
        "burn_long": 60,
        "burn_short": 60,
    }


def test_what_is_unknown_is_null_and_never_a_number(shop: Path) -> None:
    slo = checked(shop, "absent", words=("--json",)).slo

    unknown = ("data_until", "good", "total", "bad", "sli", "budget_remaining", "exhausts_at")
    assert {key: slo[key] for key in unknown} == dict.fromkeys(unknown)
    assert set(slo["burn_rates"].values()) == {None}
    assert slo["reasons"] == ["not measured"]


def test_only_the_slos_that_are_named_are_judged(shop: Path) -> None:
    configured(shop, "fine", "paging")

    ran = burnline("check", "fine", "--json", "--as-of", NOON_UTC, folder=shop)

    assert ran.code == 0
    assert ran.slo["name"] == "fine"


def test_the_first_line_is_the_verdict_and_each_further_one_an_slo(shop: Path) -> None:
    ran = checked(shop, "fine", "paging", "low")

    first, *rest = ran.out.splitlines()
    assert first == "CRITICAL: paging is paging; 1 of 3 budgets spent, 1 below 25 %"
    assert [line.split(":")[0] for line in rest] == ["CRITICAL paging", "WARNING low"]
    assert "page-level burn: 60.0× over 1 h and 60.0× over 5 min" in rest[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonesuch",), 'no [[slo]] is called "nonesuch"'),
        (("fin",), '(did you mean "fine"?)'),
    ],
)
def test_an_unknown_name_is_unknown_and_says_which_there_are(
    shop: Path, words: tuple[str, ...], said: str
) -> None:
    ran = checked(shop, "fine", words=words)

    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: ")
    assert said in ran.out
    assert "name one of: fine" in ran.err


def test_a_missing_store_is_unknown_in_one_line_and_none_is_made(tmp_path: Path) -> None:
    configured(tmp_path, "fine")

    ran = burnline("check", folder=tmp_path)

    assert ran.code == 3
    assert ran.out == "UNKNOWN: there is no store yet\n"
    assert "collect --once" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_a_check_that_cannot_run_still_answers_with_valid_json(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[[slo]]\nname = 5\n")

    ran = burnline("check", "--json", folder=tmp_path)

    assert ran.code == 3
    Draft202012Validator(SCHEMA).validate(ran.json)
    assert (ran.json["status"], ran.json["slos"]) == ("UNKNOWN", [])
    assert "config.toml:2" in ran.err


def test_a_moment_without_a_zone_is_refused_as_unknown(shop: Path) -> None:
    configured(shop, "fine")

    ran = burnline("check", "--as-of", "2026-01-01T12:00:00", folder=shop)

    assert ran.code == 3
    assert ran.out.startswith("UNKNOWN: ")
    assert "has no time zone" in ran.err


def test_the_same_store_gives_the_same_bytes_in_any_locale_zone_and_hash_seed(shop: Path) -> None:
    configured(shop, *KINDS)
    words = ("--as-of", NOON_UTC)
    worlds = [
        {"LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "POSIX", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
    ]

    for command in (("check",), ("check", "--json"), ("status",), ("explain", "paging")):
        here, there = (burnline(*command, *words, folder=shop, **world) for world in worlds)
        assert here == there
        assert here.out


def test_a_check_reads_and_never_writes_the_store(shop: Path) -> None:
    before = sqlite3.connect(shop / "burnline.db").execute("SELECT count(*) FROM audit").fetchone()
    size = (shop / "burnline.db").stat()

    checked(shop, *KINDS)

    after = sqlite3.connect(shop / "burnline.db").execute("SELECT count(*) FROM audit").fetchone()
    assert before == after
    assert size.st_mtime_ns == (shop / "burnline.db").stat().st_mtime_ns


@pytest.mark.postgres
def test_a_store_on_postgresql_gives_the_same_answer(
    shop: Path, tmp_path: Path, postgres_url: str
) -> None:
    stored(tmp_path, *(fact for facts in KINDS.values() for fact in facts), url=postgres_url)
    (tmp_path / "config.toml").write_text(
        'store = { env = "STORE_URL" }\n' + SOURCE + "".join(map(promised, KINDS))
    )

    there = burnline(
        "check", "--json", "--as-of", NOON_UTC, folder=tmp_path, STORE_URL=postgres_url
    )

    assert there == checked(shop, *KINDS, words=("--json",))


def test_a_check_loads_nothing_that_it_does_not_need(shop: Path) -> None:
    configured(shop, "fine")
    heavy = [
        "streamlit",
        "pandas",
        "plotly",
        "scipy",
        "matplotlib",
        "prometheus_api_client",
        "alembic",
        "requests",
    ]
    probe = (
        "import os, sys; os._exit = sys.exit; sys.argv = ['burnline', 'check', '--as-of', '2026-01-01T12:00:00Z']\n"
        "from dashboard.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('loaded:', *(name for name in {heavy!r} if name in sys.modules))"
    )

    ran = burnline(folder=shop, code=probe)

    assert ran.out.splitlines()[-1] == "loaded:"
