"""What an SQLite store stands on: whose file it is, in which folder, on how full a disk."""

from __future__ import annotations

import os
import pwd
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from collectors.store.opening import engine
from collectors.store.opening.space import Space, space_at

_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Ground:
    """The store's file as the system sees it; without a file it belongs to nobody."""

    path: Path
    user: str
    owner: str | None
    has_folder: bool
    can_create: bool
    can_write: bool
    size_bytes: int
    space: Space | None

    @property
    def is_new(self) -> bool:
        """Whether there is no store yet where one can be made."""
        return self.owner is None and self.has_folder and self.can_create


def ground(url: str) -> Ground | None:
    """What the store at `url` stands on; None when it is no file of this machine."""
    path = engine.sqlite_path(engine.parsed(url))
    if path is None:
        return None
    owner, size_bytes = None, 0
    with suppress(OSError):
        owner = _name(path.stat().st_uid)
        size_bytes = sum(each.stat().st_size for each in _files(path))
    space = None
    with suppress(OSError):
        space = space_at(path)
    return Ground(
        path=path,
        user=_name(os.geteuid()),
        owner=owner,
        has_folder=path.parent.is_dir(),
        can_create=_may(path.parent, os.W_OK | os.X_OK),
        can_write=owner is None or _may(path, os.W_OK),
        size_bytes=size_bytes,
        space=space,
    )


def _files(path: Path) -> list[Path]:
    beside = (path.with_name(path.name + ending) for ending in _BESIDE)
    return [each for each in beside if each.exists()]


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
