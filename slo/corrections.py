"""Which stretches of time do not count as they were measured, and why somebody says so.

A correction deletes nothing: what it covers is counted beside the rest, so that the figures with
it and without it are both at hand. What becomes of it in a budget is the SLO's `treatment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from slo.errors import InputError
from slo.recurrence import Recurrence
from slo.spans import Span, united


class CorrectionKind(StrEnum):
    """Why a stretch does not count: work that was announced, or figures that were wrong."""

    MAINTENANCE = "maintenance"
    FALSE_POSITIVE = "false-positive"
    DATA_ERROR = "data-error"


@dataclass(frozen=True, slots=True)
class Scope:
    """The SLOs a correction is about: those named, those of the services, or all."""

    slos: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether it names nothing and so means every SLO."""
        return not (self.slos or self.services)

    def holds(self, slo: str, service: str) -> bool:
        """Whether an SLO of a service is meant.

        >>> Scope(services=("shop",)).holds("checkout", "shop"), Scope().holds("a", "b")
        (True, True)
        """
        return self.is_all or slo in self.slos or service in self.services


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One statement about one stretch of time, or about one that comes round.

    `key` is its name for ever: the same key says the same thing again, or changes it.
    """

    key: str
    kind: CorrectionKind
    scope: Scope
    when: Span | Recurrence
    reason: str
    author: str

    def __post_init__(self) -> None:
        """Refuse a correction that covers no time."""
        if isinstance(self.when, Span) and not self.when.length_s:
            raise InputError(
                "a correction covers some time, but this one ends as it begins",
                where=self.key,
                mend="let it end later than it begins",
            )

    @property
    def since(self) -> int:
        """The first second that it can cover."""
        return self.when.since

    @property
    def until(self) -> int | None:
        """The end of what it covers; None where it comes round without a known end."""
        return self.when.until if isinstance(self.when, Span) else None

    def spans_within(self, span: Span) -> tuple[Span, ...]:
        """What it covers of a span, in order; stretches that touch are one.

        >>> once = correction_of({"key": "a", "kind": "data-error", "since": 60, "until": 180,
        ...                       "reason": "", "author": ""})
        >>> once.spans_within(Span(0, 120))
        (Span(since=60, until=120),)
        """
        found = (self.when,) if isinstance(self.when, Span) else self.when.occurrences(span)
        return united(one.clipped_to(span) for one in found)

    @property
    def document(self) -> dict[str, Any]:
        """All it says, as values of JSON; `correction_of` reads it back."""
        when = self.when
        if isinstance(when, Span):
            said: dict[str, Any] = {"since": when.since, "until": when.until}
        else:
            said = {
                "rrule": when.rule,
                "start": when.start.isoformat(),
                "length_s": when.length_s,
                "zone": when.zone.key,
            }
        return {
            "key": self.key,
            "kind": self.kind.value,
            "slos": list(self.scope.slos),
            "services": list(self.scope.services),
            "reason": self.reason,
            "author": self.author,
            **said,
        }


def correction_of(document: Mapping[str, Any]) -> Correction:
    """The correction of a document."""
    return Correction(
        key=document["key"],
        kind=CorrectionKind(document["kind"]),
        scope=Scope(tuple(document.get("slos", ())), tuple(document.get("services", ()))),
        when=_when(document),
        reason=document["reason"],
        author=document["author"],
    )


def _when(document: Mapping[str, Any]) -> Span | Recurrence:
    if "rrule" not in document:
        return Span(document["since"], document["until"])
    start = datetime.fromisoformat(document["start"])
    return Recurrence(document["rrule"], start, document["length_s"], ZoneInfo(document["zone"]))
