"""Which files one process has read to the end, and as what they stood then: it reads none twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from collectors.contract import Batch
from slo.spans import Span

_TICK_S = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """What changes when a file is written or replaced, and from when on its rows were wanted."""

    bytes: int
    written_ns: int
    inode: int
    since: int

    @classmethod
    def of(cls, path: Path, span: Span, now: int) -> Standing | None:
        """The file as it stands; None when that cannot be told from how it stands next.

        Two writes within one tick of the file system's clock look alike, so a file written
        just now is not trusted to show the next one.
        """
        try:
            found = path.stat()
        except (OSError, ValueError):
            return None
        if found.st_mtime_ns >= (now - _TICK_S) * 10**9:
            return None
        return cls(found.st_size, found.st_mtime_ns, found.st_ino, span.since)


@dataclass(slots=True)
class Memory:
    """What was said at the end of each file that was read whole, while it stands unchanged."""

    _known: dict[str, tuple[Standing, Batch]] = field(default_factory=dict)

    def told(self, name: str, standing: Standing | None) -> Batch | None:
        """The last word on the file; None when it must be read."""
        held = self._known.get(name)
        return held[1] if held is not None and held[0] == standing else None

    def keep(self, name: str, standing: Standing | None, last: Batch, *, gave_facts: bool) -> None:
        """Remember a file that was read to its end and stored; called by who read it so far.

        Rows that lay in the future were left out, and have to be read when it has come.
        """
        if standing is None or last.counts.dropped_future:
            self._known.pop(name, None)
        else:
            self._known[name] = standing, replace(last, stands=gave_facts)
