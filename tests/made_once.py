"""Folders that many tests begin with: made once in a process, then written again from memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from tempfile import TemporaryDirectory

_KNOWN: dict[Hashable, dict[str, bytes]] = {}


def made_once(folder: Path, what: Hashable, make: Callable[[Path], object]) -> None:
    """Put into the folder what `make` puts into an empty one; `what` says which that is."""
    if what not in _KNOWN:
        with TemporaryDirectory() as name:
            make(Path(name))
            _KNOWN[what] = {each.name: each.read_bytes() for each in Path(name).iterdir()}
    for name, content in _KNOWN[what].items():
        (folder / name).write_bytes(content)
