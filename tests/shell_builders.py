"""A shop of one file in a folder, and burnline run there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from components.burnline import MAIN
from components.forked import template

from collectors.store.store import Reader

ROOT = Path(__file__).resolve().parents[1]
CONFIG = """\
[[source]]
name = "shop"
kind = "files"
[[source.file]]
path = "requests.csv"
holds = "requests"

[[slo]]
name = "checkout"
objective = 99
total = 'requests{service="checkout"}'
"""
ROWS = "at,service,good,total\n" + "".join(
    f"2026-01-01T12:{minute:02}:00Z,checkout,99,100\n" for minute in range(10)
)
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(*extra_path: Path) -> dict[str, str]:
    path = os.pathsep.join(map(str, (*extra_path, ROOT)))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "100"}


def running_in(folder: Path) -> Run:
    """Runs burnline in that folder."""

    def burnline(*words: str, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
        if path == ROOT:
            code, out, err = template().run(words, folder, environment())
            return subprocess.CompletedProcess(words, code, out.decode(), err.decode())
        return subprocess.run(
            [*MAIN, *words],
            cwd=folder,
            env=environment(path),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return burnline


def opened(folder: Path) -> Path:
    """The folder with a configuration and the file that it names."""
    (folder / "config.toml").write_text(CONFIG)
    (folder / "requests.csv").write_text(ROWS)
    return folder


def digest(folder: Path) -> str:
    with Reader.open(f"sqlite:///{folder / 'burnline.db'}") as reader:
        return reader.figures_digest()
