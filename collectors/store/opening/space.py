"""How much room the disk of a store has: writing ends before the disk is full, not at it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from slo.errors import StoreError

FLOOR_BYTES = 64 * 2**20
"""Below it nothing is written: SQLite needs room to commit, and the machine to be repaired."""
_LOW_BYTES = 256 * 2**20
_LOW_SHARE = 0.05
_MB = 10**6


@dataclass(frozen=True, slots=True)
class Space:
    """What this user may still write to a disk, and how large it is."""

    free_bytes: int
    total_bytes: int

    @property
    def is_low(self) -> bool:
        """Whether somebody should make room: under 256 MiB, or under a twentieth of a small disk."""
        return self.free_bytes < max(_LOW_BYTES, min(_LOW_SHARE * self.total_bytes, 4 * _LOW_BYTES))


def space_at(path: Path) -> Space:
    """The room on the disk of the store at `path`."""
    seen = os.statvfs(path.parent)
    return Space(seen.f_bavail * seen.f_frsize, seen.f_blocks * seen.f_frsize)


def refuse_full(path: Path) -> None:
    """Keep the last room of the disk free.

    Raises:
        StoreError: less than `FLOOR_BYTES` are left.
    """
    free = space_at(path).free_bytes
    if free < FLOOR_BYTES:
        raise StoreError(
            f"disk full: {free // _MB} MB are left, and nothing is written below"
            f" {FLOOR_BYTES // 2**20} MB",
            where=str(path),
            mend="free 64 MB or more, or shorten keep_minutes; collected again from the watermark"
            " when writing works",
        )
