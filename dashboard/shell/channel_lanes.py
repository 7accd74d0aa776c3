"""A lane of its own for each channel, so that none waits for another that hangs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from collectors.schedule import Job, Schedule
from dashboard.notify.contract import ChannelDef
from dashboard.shell.duty import Duty

_LANE = "channel "
_EVERY_S, _ENDS_S = 5, 60

Call = Callable[[int], None]


@dataclass(slots=True)
class ChannelLanes:
    """The jobs that send; `careful` keeps them from running while nothing can be stored."""

    schedule: Schedule
    duty: Duty
    careful: Callable[[Call], Call]
    _running: dict[str, ChannelDef] = field(default_factory=dict)

    def put(self, channels: Sequence[ChannelDef]) -> None:
        """Have these channels, each that is new or changed from now on, and no other."""
        for gone in self._running.keys() - {channel.name for channel in channels}:
            self.schedule.drop(_LANE + gone)
            del self._running[gone]
        for channel in channels:
            if self._running.get(channel.name) != channel:
                call = self.careful(self.duty.outgoing(channel))
                self.schedule.put(Job(_LANE + channel.name, call, _EVERY_S, deadline_s=_ENDS_S))
                self._running[channel.name] = channel
