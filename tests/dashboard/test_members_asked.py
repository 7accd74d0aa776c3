"""Members asked for by name at the command line: a real process on a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import NOON, minutes, series
from small_shop import SOURCE, a_promise
from verdict_builders import Ran, burnline, stored

CONFIG = SOURCE + a_promise(objective="99", group_by='["region"]')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hours of two regions: 20 % of eu fail, us is well."""
    made = tmp_path_factory.mktemp("members")
    facts = [
        minutes([good] * 360, [1000] * 360, since=NOON - 21_600, key=series(region=name))
        for name, good in (("eu", 800), ("us", 1000))
    ]
    stored(made, *facts)
    (made / "config.toml").write_text(CONFIG)
    return made


def said(folder: Path, *words: str) -> Ran:
    return burnline(*words, "--as-of", "2026-01-01T12:00:00Z", folder=folder)


def test_a_member_is_asked_for_by_the_name_that_pages_show(folder: Path) -> None:
    status = said(folder, "status", "checkout/us").out
    explained = said(folder, "explain", "checkout/eu").out
    divided = said(folder, "attribution", "checkout/eu").out
    tried = said(folder, "backtest", "checkout/eu").out
    advised = said(folder, "advise", "checkout/eu").out

    assert "● quiet  checkout/us" in status
    assert "checkout/eu" not in status
    assert explained.startswith("checkout/eu: 99 % of requests succeed")
    assert "good + bad = 288,000 + 72,000 = 360,000" in explained
    assert divided.startswith("checkout/eu: ")
    assert tried.startswith("checkout/eu would have paged once")
    assert advised.startswith("checkout/eu: no month was measured for a half")


def test_a_member_is_checked_by_its_own_counts(folder: Path) -> None:
    assert (said(folder, "check", "checkout/us").code, said(folder, "check").code) == (0, 2)


def test_a_member_that_is_not_found_is_refused_with_those_that_are(folder: Path) -> None:
    ran = said(folder, "status", "checkout/uss")

    assert ran.code != 0
    assert '"checkout" has no member "checkout/uss" (did you mean "checkout/us"?)' in ran.err
    assert "name one of: checkout/eu, checkout/us" in ran.err


def test_what_takes_whole_slos_alone_says_what_takes_members(folder: Path) -> None:
    ran = said(folder, "slo", "history", "checkout/eu")

    assert ran.code != 0
    assert '"checkout/eu" would be a member of the group "checkout"' in ran.err
    assert (
        "status, check, explain, attribution, backtest, advise and silence take members" in ran.err
    )


def test_one_calm_member_is_one(folder: Path) -> None:
    assert "  1 more member\n" in said(folder, "status").out.replace(" \n", "\n") + "\n"
