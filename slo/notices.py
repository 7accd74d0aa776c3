"""What is told of an alert, whoever is told: what became of it, in a line and more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Happening(StrEnum):
    """What became of an alert, as those are told who asked for it."""

    FIRING = "firing"
    STILL_FIRING = "still-firing"
    RECOVERING = "recovering"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing told of one alert; equal `key`s are one alert, through every restart.

    `summary` is the first line (what fails, for how long, when the budget ends, after which
    deploy), `lines` what follows it; `links` are pairs of title and address. `valid_s` is for how
    long it holds when nothing more is heard: a channel that forgets must be told again before.
    """

    key: str
    happening: Happening
    severity: str
    subject: str
    service: str
    team: str
    began_at: int
    at: int
    summary: str
    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    valid_s: int = 300
    acknowledged_by: str = ""
