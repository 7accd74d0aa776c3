"""A folder for each test: empty, or with a shop in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell_builders import Run, opened, running_in


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs burnline in an empty folder."""
    return running_in(tmp_path)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a configuration and the file that it names."""
    return opened(tmp_path)
