"""The command line as a child of this Python, and what SQLite itself says of a store's file."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

RUN = "from dashboard.cli import main; main()"
"""The command line as code; who runs it sees to it that this tree is found."""
MAIN = [sys.executable, "-c", RUN]


def integrity(path: Path | str) -> str:
    """SQLite's whole verdict about a file: "ok", or what is wrong with it."""
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    return str(verdict)
