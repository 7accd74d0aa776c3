"""Sends what waits for a channel until it was accepted: in order, further and further apart.

accepted                  marked as sent
refused for what it says  given up: the same would be refused again
no answer, no entry, 429  the channel rests, longer each time; a wish to wait is heard
any other failure         this notice waits, the next of another alert is tried
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from dashboard.notify import registry
from dashboard.notify.contract import Channel, ChannelDef, ChannelError
from dashboard.notify.wire import of_json
from slo.lengths import DAY_S

FIRST_PAUSE_S, LONGEST_PAUSE_S = 5, 120
"""A receiver that comes back hears of a page within two minutes."""
LONGEST_ASKED_S = 900
_MOST_DOUBLED = 10
GIVEN_UP_S = DAY_S
"""What nobody took for a day is no news any more."""


class Waiting(Protocol):
    """A notice in the outbox; `body` is what `wire` made of it."""

    @property
    def id(self) -> int:
        """Its number in the outbox."""

    @property
    def channel(self) -> str:
        """The name of the channel it is for."""

    @property
    def body(self) -> Mapping[str, Any]:
        """The notice as JSON."""

    @property
    def at(self) -> int:
        """When it was put there."""

    @property
    def attempts(self) -> int:
        """How often it was tried in vain."""


class Marks(Protocol):
    """Where it is noted what became of a notice."""

    def sent(self, notice_id: int, *, now: int) -> None:
        """Note that it was accepted."""

    def failed(self, notice_id: int, error: str, retry_at: int | None, *, now: int) -> None:
        """Note why it was not; at None it is given up."""


@dataclass(slots=True)
class Outgoing:
    """What goes out through one channel; `clock` tells when something was accepted or not."""

    channel: ChannelDef
    clock: Callable[[], int]
    _opened: Channel | None = None
    _refreshes: bool = False
    _rests_until: int = field(default=0)

    def send(self, waiting: Iterable[Waiting], marks: Marks) -> tuple[str, ...]:
        """Why notices were not accepted, a sentence each; empty when all were.

        `waiting` is, of each alert, the first that is due; those of other channels are left alone.
        """
        said: list[str] = []
        for one in waiting:
            if one.channel != self.channel.name:
                continue
            if self._rests(self.clock()):
                break
            error = self._hand_over(one)
            now = self.clock()
            if error is None:
                marks.sent(one.id, now=now)
                continue
            retry_at = _retry_at(one, error, now)
            marks.failed(one.id, error.what, retry_at, now=now)
            said.append(error.what)
            if error.is_unreachable and retry_at is not None:
                self._rests_until = retry_at
        return tuple(dict.fromkeys(said))

    def _rests(self, now: int) -> bool:
        """Whether it is left alone; never longer than it can have been asked to, be the clock wrong."""
        return now < self._rests_until <= now + LONGEST_ASKED_S

    def _hand_over(self, one: Waiting) -> ChannelError | None:
        try:
            notice = of_json(one.body)
        except ValueError as error:
            return ChannelError(f"what was stored {error}", is_final=True)
        channel = self._open()
        # A channel that forgets holds an alert as long from now on, however late it is told.
        told = replace(notice, at=max(notice.at, self.clock())) if self._refreshes else notice
        try:
            channel.send(told)
        except ChannelError as error:
            return error
        return None

    def _open(self) -> Channel:
        if self._opened is None:
            assert self.channel.options is not None, "the configuration was read without channels"
            kind = registry.load(self.channel.kind, where=self.channel.where)
            self._opened, self._refreshes = kind.build(self.channel.options), kind.refreshes
        return self._opened


def _retry_at(one: Waiting, error: ChannelError, now: int) -> int | None:
    """When it is tried again; None when it is given up."""
    if error.is_final or now - one.at > GIVEN_UP_S:
        return None
    doubled_s: int = FIRST_PAUSE_S << min(one.attempts, _MOST_DOUBLED)
    pause_s = min(LONGEST_PAUSE_S, doubled_s)
    return now + max(pause_s, min(error.retry_after_s, LONGEST_ASKED_S))


def strays(
    waiting: Iterable[Waiting], channels: Iterable[ChannelDef], marks: Marks, now: int
) -> None:
    """Give up what waits for channels that are gone: nobody will ever take it."""
    known = {channel.name for channel in channels}
    for one in waiting:
        if one.channel not in known:
            marks.failed(
                one.id, f'no [[channel]] is called "{one.channel}" any more', None, now=now
            )
