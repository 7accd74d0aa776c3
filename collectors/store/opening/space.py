"""How much room the disk of a store has: writing ends before the disk is full, not at it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from slo.errors import StoreError

_MB = 10**6
FLOOR_BYTES = 64 * _MB
"""Below it nothing is written: SQLite needs room to commit, and the machine to be repaired."""
_LOW_BYTES = 256 * 2**20
_LOW_SHARE = 0.05
_INDEX_BYTES = 256 * 2**10
"""What the index of a write-ahead log (-shm) may take: 32 KiB for each 4,096 pages of it."""


class FullError(StoreError):
    """The disk of the store has no room left; it can be read once there is, or as it stands."""


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
        FullError: less than `FLOOR_BYTES` are left.
    """
    free = space_at(path).free_bytes
    if free < FLOOR_BYTES:
        raise full(path, free)


def full(path: Path, free_bytes: int) -> FullError:
    """The sentence about a disk on which nothing more is written."""
    return FullError(
        f"disk full: {free_bytes // _MB} MB are left, and nothing is written below"
        f" {FLOOR_BYTES // _MB} MB",
        where=str(path),
        mend="free 64 MB or more",
    )


def can_be_joined(path: Path) -> bool:
    """Whether SQLite has, or can make, the index that all who use a write-ahead log share.

    Where it cannot it leaves an empty -wal and -shm behind, and says no more than "disk I/O error".
    """
    return is_filled(path, "-shm") or space_at(path).free_bytes >= _INDEX_BYTES


def is_filled(path: Path, suffix: str) -> bool:
    """Whether the file of that suffix beside the store is there and holds something."""
    try:
        return path.with_name(path.name + suffix).stat().st_size > 0
    except OSError:
        return False
