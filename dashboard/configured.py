"""One process's view of config.toml: the last one that could be used, and why a newer cannot be."""

from __future__ import annotations

import glob
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

from dashboard.config import Config
from slo.errors import BurnlineError

_Stamps = Mapping[str, tuple[int, int, int]]


class Configured:
    """Keeps the config in force while its files change, break and are mended.

    A process that shows or collects figures must not lose them to a slip of the pen: a file
    that cannot be used leaves the config as it was, and is a `problem` that screens can tell.
    """

    def __init__(self, load: Callable[[], Config]) -> None:
        """Read it for the first time.

        Raises:
            ConfigError: it cannot be used, so there is none to fall back to.
        """
        self._load = load
        self._turn = Lock()
        self._problem: BurnlineError | None = None
        self._current = load()
        # None yet: what changes while it is read for the first time is seen by the first look.
        self._stamps: _Stamps | None = None

    @property
    def current(self) -> Config:
        """The last config that could be used."""
        return self._current

    @property
    def problem(self) -> BurnlineError | None:
        """Why the files as they stand are not in force; None when they are."""
        return self._problem

    def latest(self) -> Config:
        """The config in force after a look at its files."""
        self.look()
        return self._current

    def look(self) -> bool:
        """Whether another config is in force, because its files have changed on disk.

        Broken files are read at every look: which others they would include is not known.
        """
        with self._turn:
            if self._problem is None and _stamps(self._current) == self._stamps:
                return False
            before = self._current.digest
            return self._read() and self._current.digest != before

    def reload(self) -> bool:
        """Whether it could be read anew, changed or not: its secrets may have."""
        with self._turn:
            return self._read()

    def _read(self) -> bool:
        before = _stamps(self._current)
        try:
            found = self._load()
        except BurnlineError as error:
            self._problem = error
            return False
        after = _stamps(found)
        # A file that changed while it was read keeps its stamp of before, so it is read again.
        self._stamps = {path: before.get(path, stamp) for path, stamp in after.items()}
        self._current, self._problem = found, None
        return True


def _stamps(config: Config) -> _Stamps:
    """What tells a changed file from the same one, of each file that is there by now."""
    included = (path for pattern in config.includes for path in glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns
    found = {}
    for path in (str(config.path), *included):
        try:
            seen = Path(path).stat()
        except OSError:
            continue
        found[path] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
    return found
