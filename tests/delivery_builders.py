"""Rows about deployments, runs, releases and incidents, so that a test names what it is about."""

from __future__ import annotations

from datetime import UTC, datetime

from slo.delivery.facts import DeliveryRules
from slo.facts import EventKind, EventRow
from slo.spans import Span, epoch_s

RULES = DeliveryRules()
Said = str | float | int | bool | None


def at(text: str) -> int:
    """The epoch seconds of a moment; without an offset it is meant in UTC.

    >>> at("2026-01-01T00:00") == at("2026-01-01T01:00+01:00")
    True
    """
    moment = datetime.fromisoformat(text)
    return epoch_s(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def span(since: str, until: str) -> Span:
    """The span between two moments or dates."""
    return Span(at(since), at(until))


def row(kind: EventKind, key: str, when: str, until: str | None = None, **fields: Said) -> EventRow:
    """A row of that kind; `service` is "checkout" unless said, other keywords are its fields."""
    service = str(fields.pop("service", "checkout"))
    ended_at = None if until is None else at(until)
    return EventRow(kind, key, at(when), at(when), service, ended_at, dict(fields))


def deployment(key: str, when: str, until: str | None = None, **fields: Said) -> EventRow:
    """A deployment, of version `key` unless said."""
    return row(EventKind.DEPLOYMENT, key, when, until, **fields)


def run(key: str, when: str, until: str | None = None, **fields: Said) -> EventRow:
    """A run of a pipeline."""
    return row(EventKind.PIPELINE_RUN, key, when, until, **fields)


def incident(key: str, when: str, until: str | None = None, **fields: Said) -> EventRow:
    """An incident, still going on without an end."""
    return row(EventKind.INCIDENT, key, when, until, **fields)
