"""PagerDuty, through Events API v2: one incident an alert, which acknowledging and resolving follow."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import BaseModel, Field, SecretStr

from collectors.addresses import Address
from dashboard.notify.contract import Channel, ChannelKind
from dashboard.notify.reached import Reached
from slo.notices import Happening, Notice
from slo.spans import rfc3339

_LONGEST_KEY, _LONGEST_SUMMARY, _CUT = 255, 1_024, "…"
_SEVERITIES = {"page": "critical", "ticket": "warning"}


class Options(Reached):
    """What a `[[channel]]` of kind "pagerduty" may say."""

    routing_key: SecretStr = Field(examples=['{ env = "PAGERDUTY_ROUTING_KEY" }'])
    """The integration key of a service's Events API v2 integration."""
    url: Address = "https://events.pagerduty.com/v2/enqueue"
    """Where events go; accounts in the EU have "https://events.eu.pagerduty.com/v2/enqueue"."""


def build(options: BaseModel) -> Channel:
    """The channel to one service of PagerDuty; nothing is asked yet."""
    assert isinstance(options, Options)
    return _PagerDuty(options)


class _PagerDuty:
    def __init__(self, options: Options) -> None:
        self._options = options

    def send(self, notice: Notice) -> None:
        """Trigger, acknowledge or resolve the incident of the alert."""
        # Posting imports `requests`, which takes 0.1 s, and most commands send nothing.
        from dashboard.notify.posting import Target, post  # noqa: PLC0415

        options, key = self._options, self._options.routing_key.get_secret_value()
        target = Target(options.url, options.terms("pagerduty", options.url), (key,))
        post(target, event(notice, key))


def event(notice: Notice, routing_key: str) -> dict[str, Any]:
    """The event as PagerDuty takes it.

    An alert that someone has acknowledged here is acknowledged there; what recovers has not
    ended, so nothing is told of it.

    Source: PagerDuty, Events API v2, "Send an Alert Event".
    """
    head = {"routing_key": routing_key, "dedup_key": _dedup_key(notice.key), "client": "burnline"}
    if notice.happening is Happening.RESOLVED:
        return {**head, "event_action": "resolve"}
    if notice.acknowledged_by:
        return {**head, "event_action": "acknowledge"}
    links = [{"href": address, "text": title} for title, address in notice.links]
    own = {title: address for title, address in notice.links if title == "burnline"}
    return {
        **head,
        "event_action": "trigger",
        "payload": _payload(notice),
        "links": links,
        **({"client_url": own["burnline"]} if own else {}),
    }


def _payload(notice: Notice) -> dict[str, Any]:
    details = {"lines": list(notice.lines), **dict(notice.labels)}
    if notice.team:
        details["team"] = notice.team
    return {
        "summary": _cut(notice.summary, _LONGEST_SUMMARY),
        "source": notice.subject,
        "severity": _SEVERITIES.get(notice.severity, "error"),
        "timestamp": rfc3339(notice.began_at),
        "component": notice.service or notice.subject,
        "class": notice.severity,
        "custom_details": details,
    }


def _dedup_key(key: str) -> str:
    """The key of the alert, its digest where it is longer than PagerDuty takes."""
    named = f"burnline {key}"
    return named if len(named) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()


def _cut(said: str, longest: int) -> str:
    return said if len(said) <= longest else said[: longest - 1] + _CUT


CHANNEL = ChannelKind(
    "pagerduty",
    Options,
    build,
    tells=frozenset({Happening.FIRING, Happening.STILL_FIRING, Happening.RESOLVED}),
)
