"""What holds of every page, whichever files there are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from dashboard import screens
from dashboard.screens.registry import all_screens, paths
from dashboard.screens.screen import ADMIN, Screen

FOLDER = Path(screens.__file__).parent


def test_a_file_in_the_folder_is_the_whole_registration() -> None:
    written = [path for path in FOLDER.glob("*.py") if "\nSCREEN = Screen(" in path.read_text()]

    assert len(written) == len(all_screens())


@pytest.mark.parametrize("screen", all_screens(), ids=lambda screen: screen.path)
def test_every_page_has_a_title_and_an_address_of_one_word(screen: Screen) -> None:
    assert re.fullmatch(r"[A-Z][a-z &]+", screen.title)
    assert re.fullmatch(r"[a-z]+", screen.path)
    assert screen.group in {"", ADMIN}
    assert screen.page.__doc__


def test_no_two_pages_share_an_address_or_a_place_in_the_menu() -> None:
    places = Counter((screen.group, screen.order) for screen in all_screens())

    assert len(paths()) == len(all_screens()) + 1
    assert set(places.values()) == {1}


def test_the_menu_begins_with_what_asks_for_someone_now() -> None:
    listed = [screen.title for screen in all_screens() if not screen.is_hidden]

    assert listed[:2] == ["Now", "Objectives"]
    assert listed.index("Data health") > listed.index("Objectives")


@pytest.mark.parametrize("screen", all_screens(), ids=lambda screen: screen.path)
def test_every_page_stands_in_the_readme_with_its_address(screen: Screen) -> None:
    readme = (FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")

    assert re.search(rf"^\| \*{screen.title}\* `/{screen.path}[`?]", readme, re.MULTILINE)
