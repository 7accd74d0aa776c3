"""A store for each test, and the real histories once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from measure_builders import NOW

from collectors.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(f"sqlite:///{tmp_path}/burnline.db", now=NOW) as opened:
        yield opened
