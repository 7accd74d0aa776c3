"""Notices and channels for tests: an alert of a shop, told through a channel on the loopback."""

from __future__ import annotations

from typing import Any

from builders import NOON

from dashboard.notify import registry
from dashboard.notify.contract import Channel, ChannelError
from slo.notices import Happening, Notice


def a_notice(**changed: Any) -> Notice:
    """A page of a shop that began ten minutes before noon."""
    plain: dict[str, Any] = {
        "key": "checkout page 1795261800",
        "happening": Happening.FIRING,
        "severity": "page",
        "subject": "checkout",
        "service": "shop",
        "team": "payments",
        "began_at": NOON - 600,
        "at": NOON,
        "summary": "shop: 3.1 % of requests failing for 14 min (allowed 0.05 %).",
        "lines": ("Still burning.", "Burns 62× the allowed rate over 1 h."),
        "links": (("Runbook", "https://wiki/shop"), ("burnline", "https://slo/now")),
        "labels": (("tier", "1"),),
    }
    return Notice(**plain | changed)


def a_channel(kind: str, **options: object) -> Channel:
    """The channel of a kind, its options as a configuration gives them."""
    found = registry.load(kind, where="a test")
    return found.build(found.options.model_validate(options))


def refused(channel: Channel, notice: Notice) -> ChannelError:
    """Why the channel did not take the notice."""
    try:
        channel.send(notice)
    except ChannelError as error:
        return error
    raise AssertionError("the channel took it")
