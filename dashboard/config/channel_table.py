"""The tables `[[channel]]` and `[alerts]` as they are written: their keys, defaults and meanings."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, field_validator

from collectors.addresses import Address, SecretAddress
from collectors.described import Described
from collectors.keys import Length
from dashboard.config.alerting import EVERY_S, REPEAT_S
from dashboard.config.names import Name
from slo.lengths import HOUR_S

_SHORTEST_S, _LONGEST_S = 15, HOUR_S


class ChannelTable(Described):
    """Where alerts are sent to: these keys are every kind's, the others belong to the kind."""

    model_config = ConfigDict(extra="ignore")

    name: Name = Field(examples=['"payments-on-call"'])
    """The name that SLOs and services use in `notify`."""
    kind: str = Field(examples=['"alertmanager"'])
    """Which kind of channel it is."""
    teams: list[Name] = Field(default_factory=list)
    """The teams whose services' alerts it gets where no `notify` says otherwise."""
    default: bool | None = None
    """Whether it gets the alerts that no `notify` and no team sends elsewhere.

    It does unless it has `teams`.
    """
    severities: list[Literal["page", "ticket"]] = Field(default=["page", "ticket"], min_length=1)
    """What it is told of: a `page` wakes a person, a `ticket` waits for the morning."""
    repeat: Length | None = None
    """How often it is told again of what still fires; that of `[alerts]` when nothing is written."""


class AlertsTable(Described):
    """How alerts are judged and told, whichever channel they go to; one table, all optional."""

    every: Length = EVERY_S
    """How often it is judged what fires."""
    repeat: Length = REPEAT_S
    """How often a channel is told again of what still fires, unless it says so itself."""
    address: Address | None = None
    """Where people reach these pages, for links in alerts: "https://slo.example.org"."""
    heartbeat: SecretAddress | None = None
    """An address that is asked after every evaluation, so that silence of burnline itself is noticed.

    Such addresses let anyone who knows them pretend to be alive: so it is a secret.
    """

    @field_validator("every")
    @classmethod
    def _often(cls, every_s: int) -> int:
        if not _SHORTEST_S <= every_s <= _LONGEST_S:
            raise ValueError(
                'must be between "15s" and "1h": a page that waits longer wakes nobody'
            )
        return every_s
