"""Everything the page of objectives shows at one moment, and the part that a visitor asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.views.slos.overview import generated_words, needs_attention
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import freshness_words, moment_words

EVERY = "all"


class Show(StrEnum):
    """Which objectives a visitor wants to see."""

    ALL = "all"
    ATTENTION = "attention"
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How one source stands: in words, whether someone should look, whether it is made up."""

    name: str
    words: str
    is_late: bool = False
    is_generated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The objectives in the order of need, with the moment and the sources behind them.

    `is_fixed` says that the moment was asked for and does not follow the clock.
    """

    views: tuple[SloView, ...]
    as_of: int
    is_fixed: bool = False
    sources: tuple[SourceLine, ...] = ()
    digest: str = ""

    @property
    def data_until(self) -> int | None:
        """The last moment that any objective has data for."""
        return max((v.data_until for v in self.views if v.data_until is not None), default=None)

    @property
    def services(self) -> tuple[str, ...]:
        """The services that have objectives, by name."""
        return tuple(sorted({view.service for view in self.views if view.service}))

    @property
    def windows(self) -> tuple[str, ...]:
        """The windows in use, as people write them."""
        return tuple(sorted({view.window_kind for view in self.views}))

    @property
    def late(self) -> int:
        """How many sources are late or failing."""
        return sum(source.is_late for source in self.sources)

    @property
    def freshness(self) -> str:
        """Up to when there are data, seen from the moment of the board."""
        if self.is_fixed:
            return f"as of {moment_words(self.as_of)}"
        return freshness_words(self.data_until, self.as_of)

    @property
    def generated(self) -> str:
        """How much of the board stands on figures that were made up; empty for nothing."""
        return generated_words(self.views)

    @property
    def data_words(self) -> str:
        """The data's end with its date."""
        return (
            "No data yet" if self.data_until is None else f"Data to {moment_words(self.data_until)}"
        )

    def of(self, *, service: str = EVERY, window: str = EVERY) -> tuple[SloView, ...]:
        """The objectives of one service and window, in the order of need."""
        return tuple(
            view
            for view in self.views
            if service in (EVERY, view.service) and window in (EVERY, view.window_kind)
        )


def shown(views: Sequence[SloView], show: Show) -> tuple[SloView, ...]:
    """Those that need attention, those that do not, or all, in the order given."""
    if show is Show.ALL:
        return tuple(views)
    return tuple(view for view in views if needs_attention(view) is (show is Show.ATTENTION))
