"""How a report is made in a process of its own: it can neither hang nor fill the collector."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from collectors.store.deliveries import DEADLINE_S
from slo.spans import rfc3339

_LONGEST = 300


def delivered_by_child(
    config_path: Path, name: str, as_of: int, deadline_s: float = DEADLINE_S
) -> str | None:
    """Why the report could not be handed over; None when it was.

    The child ends with this process: its standard input is a pipe that nobody writes to.
    """
    words = ["--config", str(config_path), "report", name, "--as-of", rfc3339(as_of), "--deliver"]
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "dashboard.child", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
        )
        with child:
            try:
                child.wait(deadline_s)
            except subprocess.TimeoutExpired:
                child.kill()
                return f"took longer than {deadline_s:g} s"
        if child.returncode == 0:
            return None
        complaints.seek(0)
        said = complaints.read(_LONGEST).decode(errors="replace").strip()
        return said.removeprefix("burnline: ") or f"ended with code {child.returncode}"
