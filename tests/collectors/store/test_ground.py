"""Whose file a store is, whether it can be kept there, on how full a disk: asked of the system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import NOON
from components.nobody import NOBODY, as_nobody

from collectors.store.ground import Ground, ground
from collectors.store.store import Store


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def made(path: Path) -> Ground:
    """The ground of a store that was just created at the path."""
    with Store.open(url_of(path), now=NOON):
        pass
    found = ground(url_of(path))
    assert found is not None
    return found


def test_a_store_of_our_own_can_be_kept_and_has_a_size(tmp_path: Path) -> None:
    path = tmp_path / "burnline.db"
    found = made(path)

    assert found.owner == found.user
    assert (found.has_folder, found.can_create, found.can_write) == (True, True, True)
    assert found.size_bytes >= path.stat().st_size > 0
    assert found.space is not None
    assert 0 < found.space.free_bytes < found.space.total_bytes
    assert not found.is_new


def test_where_there_is_none_yet_one_can_be_made(tmp_path: Path) -> None:
    found = ground(url_of(tmp_path / "burnline.db"))

    assert found is not None
    assert found.is_new
    assert (found.owner, found.size_bytes) == (None, 0)


def test_a_folder_that_is_not_there_is_neither_new_nor_writable(tmp_path: Path) -> None:
    found = ground(url_of(tmp_path / "none" / "burnline.db"))

    assert found is not None
    assert (found.has_folder, found.can_create, found.is_new) == (False, False, False)
    assert found.space is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can step down to see another's folder")
def test_the_folder_of_another_user_cannot_be_written(tmp_path: Path) -> None:
    made(tmp_path / "burnline.db")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.name.startswith(("test_", "popen-", "pytest-")):
            folder.chmod(0o755)
    with as_nobody():
        found = ground(url_of(tmp_path / "burnline.db"))

    assert found is not None
    assert (found.user, found.owner) == ("nobody", "root")
    assert (found.can_create, found.can_write) == (False, False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_an_owner_without_a_name_is_called_by_number(tmp_path: Path) -> None:
    made(tmp_path / "burnline.db")
    os.chown(tmp_path / "burnline.db", NOBODY - 7, NOBODY - 7)

    found = ground(url_of(tmp_path / "burnline.db"))

    assert found is not None
    assert found.owner == f"uid {NOBODY - 7}"


@pytest.mark.postgres
def test_a_store_on_a_server_stands_on_no_ground_of_ours(postgres_url: str) -> None:
    with Store.open(postgres_url, now=NOON):
        assert ground(postgres_url) is None
