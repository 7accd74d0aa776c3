"""Fixtures of the tests that need the whole product."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from file_builders import NOW
from page_browser import browser, glance, look, visitor

from collectors.store.store import Store

__all__ = ["browser", "glance", "look", "visitor"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW) as opened:
        yield opened
