"""Fixtures of the tests of the program: where it runs."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs in a folder of its own, so that a configuration is named by its name."""
    monkeypatch.chdir(tmp_path)
