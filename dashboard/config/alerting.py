"""How alerts are told, and which channels an SLO's go to: what every command holds of it.

The tables that say so are read by `channels`, which only a file that writes of them pays for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from slo.lengths import HOUR_S, MINUTE_S

if TYPE_CHECKING:
    from pydantic import SecretStr

    from dashboard.notify.contract import ChannelDef

EVERY_S, REPEAT_S = MINUTE_S, 4 * HOUR_S
"""How often alerts are judged, and how often told again, where nothing is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """How alerts are judged and told; `heartbeat` is None where none is written or none is asked."""

    every_s: int = EVERY_S
    repeat_s: int = REPEAT_S
    address: str = ""
    heartbeat: SecretStr | None = field(default=None, repr=False)


class Promised(Protocol):
    """The part of an SLO that says whom its alerts go to."""

    @property
    def service(self) -> str:
        """The service it belongs to."""

    @property
    def notify(self) -> tuple[str, ...]:
        """The channels that it names itself."""


class Owner(Protocol):
    """The part of a service that says whom its alerts go to."""

    @property
    def name(self) -> str:
        """What SLOs call it."""

    @property
    def team(self) -> str:
        """Who owns it."""

    @property
    def notify(self) -> tuple[str, ...]:
        """The channels that it names."""


def channels_for(
    channels: Sequence[ChannelDef], services: Sequence[Owner], slo: Promised
) -> tuple[ChannelDef, ...]:
    """The channels that an SLO's alerts go to, of any severity.

    Those it names itself; else those its service names; else those of the service's team; else
    those that are told of whatever has no other.
    """
    owner = next((one for one in services if one.name == slo.service), None)
    named = slo.notify or (() if owner is None else owner.notify)
    if named:
        return tuple(one for one in channels if one.name in named)
    team = "" if owner is None else owner.team
    of_team = tuple(one for one in channels if team and team in one.teams)
    return of_team or tuple(one for one in channels if one.is_default)
