"""What every page says where figures were made up, and how to have one's own instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

CONNECTING = "burnline init --from-prometheus URL --write"


class Marked(Protocol):
    """A source that may be made up."""

    @property
    def name(self) -> str:
        """What SLOs call it."""

    @property
    def is_generated(self) -> bool:
        """Whether its figures are made up."""


@dataclass(frozen=True, slots=True)
class Banner:
    """A sentence, and the command that comes after it."""

    words: str
    command: str = CONNECTING


def banner(sources: Iterable[Marked]) -> Banner | None:
    """What stands above every page while a source is made up; None where all are measured."""
    sources = tuple(sources)
    measured = [source.name for source in sources if not source.is_generated]
    if len(measured) == len(sources):
        return None
    are = "is" if len(measured) == 1 else "are"
    but = f"; only {' and '.join(measured)} {are} measured" if measured else ""
    return Banner(f"Generated figures{but}. Connect your own Prometheus:")
