"""What this server process was started to show: set once by `serve`, read by pages and routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dashboard.config import Config
from slo.errors import BurnlineError


def _sound() -> None:
    """No problem: what a config says that is read from no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """One server's subject: which config, at which moment, how often its pages look again.

    `as_of` fixes the moment that figures are made for; without it they follow `clock`.
    `collect_command` is what a visitor is told to run where nothing was collected. `load` gives
    the config in force, and `trouble` why the file on disk is not that one.
    """

    load: Callable[[], Config]
    clock: Callable[[], int]
    as_of: int | None = None
    refresh_s: int = 60
    collect_command: str = "burnline collect --once"
    trouble: Callable[[], BurnlineError | None] = _sound

    @property
    def problem(self) -> BurnlineError | None:
        """Why the configuration as it stands on disk is not in force; None when it is."""
        return self.trouble()

    @property
    def moment(self) -> int:
        """The moment figures are made for."""
        return self.clock() if self.as_of is None else self.as_of


_served: list[Serving] = []


def begin(subject: Serving) -> None:
    """Make it the subject of this process; a later call replaces it."""
    _served[:] = [subject]


def current() -> Serving:
    """The subject of this process.

    Raises:
        LookupError: nothing has begun; the pages run under `burnline serve` only.
    """
    if not _served:
        raise LookupError("nothing is served here: start the pages with `burnline serve`")
    return _served[0]
