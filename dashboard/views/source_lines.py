"""How each source stands, in the few words that a footer has room for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from collectors.store.leases import CollectorSeen
from collectors.store.runs import RunRecord, SourceHealth
from collectors.turns import NOT_ASKED
from dashboard.views.board import SourceLine
from dashboard.views.figures import SETTLE_S
from dashboard.views.slo_view import SloView
from dashboard.views.words import ago_words, moment_words

_LONGEST = 160
_FIRST, _NEVER = "in its first collection", "not collected yet"


class Configured(Protocol):
    """What a page needs to know of a source's configuration."""

    @property
    def name(self) -> str:
        """What SLOs call it."""

    @property
    def every_s(self) -> int:
        """Seconds from one collection to the next."""

    @property
    def is_generated(self) -> bool:
        """Whether its figures are made up."""


def source_lines(
    sources: Iterable[Configured],
    healths: Iterable[SourceHealth],
    seen: CollectorSeen | None,
    now: int,
) -> tuple[SourceLine, ...]:
    """Each source by its last run: when it was, whether it failed, whether one is overdue.

    A collector at work begins with every source at once, so one without a run is in its first.
    """
    known = {health.last.source: health for health in healths}
    works = seen is not None and seen.works_at(now)
    return tuple(
        _marked(
            source,
            _line(source, known[source.name], now)
            if source.name in known
            else SourceLine(source.name, _FIRST if works else _NEVER, is_late=not works),
        )
        for source in sources
    )


def data_lines(sources: Iterable[Configured], views: Sequence[SloView]) -> tuple[SourceLine, ...]:
    """Each source by the end of its data: what counts where the moment was asked for."""
    return tuple(
        _marked(source, SourceLine(source.name, _reach(source.name, views))) for source in sources
    )


def _marked(source: Configured, line: SourceLine) -> SourceLine:
    """The line, saying so where the source's figures are made up."""
    if not source.is_generated:
        return line
    return replace(line, words=f"{line.words}, generated figures", is_generated=True)


def _line(source: Configured, health: SourceHealth, now: int) -> SourceLine:
    ago = ago_words(now - health.last.ended_at)
    if health.last.is_in_part:
        return SourceLine(source.name, f"collected {ago}, {_in_part(health.last)}", is_late=True)
    if health.last.error is not None:
        said = f"failing ({_first(health.last.error)}), {_last_good(health, now)}"
        return SourceLine(source.name, said, is_late=True)
    if now - health.last.ended_at > 2 * source.every_s + SETTLE_S:
        return SourceLine(source.name, f"late, collected {ago}", is_late=True)
    return SourceLine(source.name, f"collected {ago}")


def _in_part(run: RunRecord) -> str:
    """How many streams failed, and the first of them with what it met."""
    name, said = next(one for one in run.failures.items() if one[1] != NOT_ASKED)
    return f"{len(run.failures)} of {run.streams} streams failing ({_first(f'{name}: {said}')})"


def _last_good(health: SourceHealth, now: int) -> str:
    if health.last_good_at is None:
        return "never collected"
    return f"last good {ago_words(now - health.last_good_at)}"


def _first(error: str) -> str:
    """The first line of what went wrong, at most so long."""
    said = error.splitlines()[0] if error else "no reason given"
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _reach(name: str, views: Sequence[SloView]) -> str:
    ends = [v.data_until for v in views if v.slo.source == name and v.data_until is not None]
    return f"to {moment_words(max(ends))}" if ends else "without data"
