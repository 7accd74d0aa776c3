"""An SLO as text, and what `burnline check --json` says of it at a moment."""

from __future__ import annotations

from pathlib import Path

from builders import NOON
from verdict_builders import Ran, burnline

from slo.spans import moment

SLO = """
[[slo]]
name = "checkout"
objective = {objective}
window = "{window}"
"""


def utc(at: int) -> str:
    return f"{moment(at):%Y-%m-%dT%H:%M:%SZ}"


def checked(folder: Path, as_of: int = NOON) -> Ran:
    return burnline("check", "--json", "--as-of", utc(as_of), folder=folder)
