"""Of which alerts nothing is told for a while, who wanted it so, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from slo.alerting import Alert, AlertKind
from slo.spans import Span
from slo.splits import is_of


class Scope(StrEnum):
    """What a silence is about."""

    ALL = "all"
    SERVICE = "service"
    SLO = "slo"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Of the alerts of one SLO, service or source, or of all, nothing new is told in `span`.

    It always has an end; revoked earlier, it ends then. What each alert is goes on regardless.
    """

    key: str
    scope: Scope
    name: str = ""
    span: Span
    author: str
    reason: str
    created_at: int
    revoked_at: int | None = None

    def __post_init__(self) -> None:
        """Refuse one that is about nothing, or about all and something."""
        if bool(self.name) is (self.scope is Scope.ALL):
            raise ValueError(f"a silence of {self.scope} cannot be named {self.name!r}")

    @property
    def until(self) -> int:
        """When it ends, or was ended."""
        return self.span.until if self.revoked_at is None else min(self.revoked_at, self.span.until)

    def holds_at(self, at: int) -> bool:
        """Whether it is in force at that moment: its own beginning included, its end not.

        >>> night = Silence(key="a", scope=Scope.ALL, span=Span(0, 60), author="al", reason="",
        ...     created_at=0)
        >>> night.holds_at(0), night.holds_at(60)
        (True, False)
        """
        return self.span.since <= at < self.until

    def covers(self, alert: Alert, service: str) -> bool:
        """Whether it is about an alert of that service; a member's alert is its SLO's too.

        Missing data are silenced by the name of the source, or where all are that it leaves blind.
        """
        if self.scope is Scope.ALL:
            return True
        if self.scope is Scope.SOURCE:
            is_whole = alert.kind is AlertKind.STALE
            return self.name == (alert.subject if is_whole else alert.source)
        if self.scope is Scope.SERVICE:
            return self.name == service and alert.kind is not AlertKind.STALE
        return bool(alert.about) and all(is_of(slo, self.name) for slo in alert.about)


def silence_of(alert: Alert, service: str, silences: Iterable[Silence], at: int) -> Silence | None:
    """The silence that an alert is under at a moment, of several the one that ends last."""
    held = (one for one in silences if one.holds_at(at) and one.covers(alert, service))
    return max(held, key=lambda one: (one.until, one.key), default=None)
