"""`burnline status` and `burnline explain` in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import DAY_S, HOUR_S, NOON, minutes, series
from small_shop import SOURCE, a_promise
from verdict_builders import burnline, stored

AS_OF = ("--as-of", "2026-01-01T12:00:00Z")


def promised(route: str, name: str = "") -> str:
    """The table of an SLO on the requests of a route, named as the route or otherwise."""
    return a_promise(name or route, "99.5", f'requests{{route="/{route}"}}', window='"1d"')


CONFIG = SOURCE + promised("cart") + promised("pay") + promised("search")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "config.toml").write_text(CONFIG)
    day, calm = 24 * 60, 23 * 60
    cart = minutes([200] * day, [200] * day, since=NOON - DAY_S, key=series(route="/cart"))
    pay = [
        minutes([200] * calm, [200] * calm, since=NOON - DAY_S, key=series(route="/pay")),
        minutes([180] * 60, [200] * 60, since=NOON - HOUR_S, key=series(route="/pay")),
    ]
    stored(folder, cart, *pay)
    return folder


def test_the_table_begins_with_the_verdict_and_sorts_by_need(shop: Path) -> None:
    ran = burnline("status", *AS_OF, folder=shop)

    verdict, blank, head, *rows, _, source = ran.out.splitlines()
    assert ran.code == 0
    assert verdict == (
        "pay is paging; 1 of 3 budgets below 25 %, 1 not measured (1 Jan 2026 12:00 UTC)"
    )
    assert blank == ""
    assert " ".join(head.split()) == ("NOW OBJECTIVE LEFT SLI BURN 1H BURN 6H RUNS OUT")
    assert [row.split("  ")[0] for row in rows] == ["■ paging", "○ not measured", "● quiet"]
    assert "99.58 %" in rows[0]
    assert "16 %" in rows[0]
    assert rows[1].split("  ", maxsplit=1)[1].count("–") == 5
    assert source == "● shop: to 1 Jan 2026 12:00 UTC"


def test_a_burn_of_hours_ago_is_not_told_as_one_of_now(shop: Path) -> None:
    """The last hour with data was all that burnt; since then nobody knows."""
    ran = burnline("status", "--as-of", "2026-01-01T18:00:00Z", folder=shop)

    rows = [line for line in ran.out.splitlines() if line.startswith("○ frozen")]
    assert [" ".join(row.split()) for row in rows] == [
        "○ frozen pay 16 % 99.58 % – – –",
        "○ frozen cart 100 % 100.00 % – – –",
    ]


def test_columns_stand_under_their_heads(shop: Path) -> None:
    ran = burnline("status", *AS_OF, folder=shop)

    _, _, head, *rows, _, _ = ran.out.splitlines()
    at = head.index("OBJECTIVE")
    assert [row[at:].split()[0] for row in rows] == ["pay", "search", "cart"]
    left = head.index("LEFT") + len("LEFT")
    assert [row[:left].split()[-1] for row in rows] == ["%", "–", "%"]


def test_the_table_fits_a_terminal_of_eighty_columns(tmp_path: Path) -> None:
    """With a name of 23 characters, as the longest of the demo has."""
    named = "mobile-bff-availability"
    (tmp_path / "config.toml").write_text(SOURCE + promised("cart") + promised("pay", named))
    pay = minutes([199] * 1_440, [200] * 1_440, since=NOON - DAY_S, key=series(route="/pay"))
    cart = minutes([150] * 60, [200] * 60, since=NOON - HOUR_S, key=series(route="/cart"))
    stored(tmp_path, pay, cart)

    ran = burnline("status", *AS_OF, folder=tmp_path)

    assert named in ran.out
    assert max(len(line) for line in ran.out.splitlines()[2:]) <= 80


def test_the_machine_form_holds_the_headline_and_each_slo_as_check_has_it(shop: Path) -> None:
    status = burnline("status", *AS_OF, "--json", folder=shop)
    check = burnline("check", *AS_OF, "--json", folder=shop)

    assert status.json["schema"] == "burnline.status/1"
    assert [slo["name"] for slo in status.json["slos"]] == ["pay", "search", "cart"]
    by_name = {slo["name"]: slo for slo in check.json["slos"]}
    assert all(slo == by_name[slo["name"]] for slo in status.json["slos"])


def test_without_a_moment_each_source_says_when_it_was_last_collected(shop: Path) -> None:
    ran = burnline("status", "--json", folder=shop)

    (source,) = ran.json["sources"]
    assert source == {
        "name": "shop",
        "late": True,
        "generated": False,
        "words": "late, no run on record",
    }
    assert {slo["now"] for slo in ran.json["slos"]} == {"frozen"}


def test_explain_ends_with_queries_and_reasons_and_has_no_verdict_in_its_code(shop: Path) -> None:
    ran = burnline("explain", "pay", *AS_OF, folder=shop)

    assert ran.code == 0
    assert ran.out.startswith("pay: 99.5 % of requests succeed, rolling 1 d\n")
    assert "left          1 − spent ≈ 1 − 0.833333333 ≈ 0.166666667, 16 %" in ran.out
    assert "because       page-level burn: " in ran.out


@pytest.mark.parametrize("command", ["status", "explain"])
def test_what_cannot_run_ends_with_two_and_keeps_standard_output_empty(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)

    ran = burnline(command, "cart", folder=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert "there is no store yet" in ran.err
    assert "fix:" in ran.err


def test_a_reader_that_has_seen_enough_breaks_nothing(shop: Path) -> None:
    code = (
        "import os, sys\n"
        "read, write = os.pipe()\n"
        "os.close(read)\n"
        "os.dup2(write, 1)\n"
        f"sys.argv = ['burnline', 'check', '--as-of', '{AS_OF[1]}']\n"
        "from dashboard.cli import main; main()"
    )

    ran = burnline(folder=shop, code=code)

    assert "Traceback" not in ran.err
