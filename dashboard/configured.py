"""One process's view of config.toml: the last one that could be used, and why a newer cannot be."""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from threading import Lock

from dashboard.config import Config
from dashboard.config.reading import included_by
from slo.errors import BurnlineError

# A broken file may be mended by what is none of the configuration's files, such as a secret.
_AGAIN_S = 5.0
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
        self._includes = self._current.includes
        # None yet: what changes while it is read for the first time is seen by the first look.
        self._stamps: _Stamps | None = None
        self._tried_at = time.monotonic()

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
        """Whether another config is in force, because its files have changed on disk."""
        with self._turn:
            if self._stamped() == self._stamps and not self._is_again_due():
                return False
            before = self._current.digest
            return self._read() and self._current.digest != before

    def reload(self) -> bool:
        """Whether it could be read anew, changed or not: its secrets may have."""
        with self._turn:
            return self._read()

    def _is_again_due(self) -> bool:
        return self._problem is not None and time.monotonic() - self._tried_at > _AGAIN_S

    def _read(self) -> bool:
        before = self._stamped()
        self._tried_at = time.monotonic()
        try:
            found = self._load()
        except BurnlineError as error:
            self._problem, self._includes = error, included_by(self._current.path)
        else:
            self._current, self._problem, self._includes = found, None, found.includes
        # A file that changed while it was read keeps its stamp of before, so it is read again.
        self._stamps = {path: before.get(path, stamp) for path, stamp in self._stamped().items()}
        return self._problem is None

    def _stamped(self) -> _Stamps:
        """What tells a changed file from the same one, of each file that is there by now."""
        found = {}
        for path in (str(self._current.path), *_matching(self._includes)):
            try:
                seen = Path(path).stat()
            except (OSError, ValueError):
                continue
            found[path] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        return found


def _matching(patterns: Iterable[str]) -> Iterator[str]:
    for pattern in patterns:
        yield from glob.glob(pattern, recursive=True)  # noqa: PTH207 - absolute patterns
