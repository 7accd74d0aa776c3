"""What a channel must do with what is told of an alert.

A channel kind is one file in `kinds/` that ends with `CHANNEL = ChannelKind(…)`. It is given one
notice at a time and either hands it over or raises; it knows neither store nor clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel

from slo.notices import Happening, Notice


class ChannelError(Exception):
    """A notice was not accepted; `is_final` says that to try the same again is of no use.

    `is_unreachable` says that any other notice would fare alike for now. The text is a sentence
    without secrets: it is stored, shown and logged.
    """

    def __init__(
        self,
        what: str,
        *,
        is_final: bool = False,
        is_unreachable: bool = False,
        retry_after_s: int = 0,
    ) -> None:
        """Keep what a retry needs to know."""
        super().__init__(what)
        self.what, self.is_final, self.is_unreachable = what, is_final, is_unreachable
        self.retry_after_s = retry_after_s


class Channel(Protocol):
    """Hands notices over."""

    def send(self, notice: Notice) -> None:
        """Return once the other side has accepted it.

        Raises:
            ChannelError: it has not.
        """


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """The registration of one kind: what its file ends with.

    `refreshes` says that the other side forgets an alert of which it hears no more, so that it is
    told of after every evaluation; others are told anew only at the interval `repeat`. `tells`
    are the happenings that it can say.
    """

    kind: str
    options: type[BaseModel]
    build: Callable[[BaseModel], Channel]
    refreshes: bool = False
    tells: frozenset[Happening] = field(default_factory=lambda: frozenset(Happening))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDef:
    """A `[[channel]]`: which alerts it is told of, and what its kind needs; `where` is its line.

    `options` is None where the command sends nothing and so read no secrets. `teams` are those
    whose alerts it gets without being named, `severities` those it is told of.
    """

    name: str
    kind: str
    options: BaseModel | None
    where: str
    repeat_s: int
    severities: frozenset[str] = frozenset({"page", "ticket"})
    teams: tuple[str, ...] = ()
    is_default: bool = False
