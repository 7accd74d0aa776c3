"""The notices of a test: what a channel would be told, and whether it takes it."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.config import Config
from dashboard.notify import registry
from dashboard.notify.contract import ChannelDef, ChannelError
from dashboard.views.addresses import NOW_ADDRESS
from slo.errors import ConfigError, DeliveryError
from slo.nearest import did_you_mean
from slo.notices import Happening, Notice


def rehearsed(config: Config, name: str, now: int, *, is_sent: bool) -> tuple[Notice, ...]:
    """A page and its end, sent where that is asked.

    Raises:
        ConfigError: no channel is called so.
        DeliveryError: the channel did not take one of them.
    """
    channel = _channel(config, name)
    notices = tuple(_notices(config, channel, now))
    if is_sent:
        kind = registry.load(channel.kind, where=channel.where)
        assert channel.options is not None, "the configuration was read without channels"
        opened = kind.build(channel.options)
        for notice in notices:
            try:
                opened.send(notice)
            except ChannelError as error:
                mend = "correct the channel, or see why its other side did not take it"
                raise DeliveryError(error.what, where=channel.where, mend=mend) from None
    return notices


def shown(notice: Notice) -> str:
    """A notice as lines of text: what happened, then its own words."""
    links = (f"  {title}: {address}" for title, address in notice.links)
    head = f"{notice.happening}, {notice.severity}: {notice.summary}"
    return "\n".join([head, *(f"  {line}" for line in notice.lines), *links])


def _channel(config: Config, name: str) -> ChannelDef:
    for channel in config.channels:
        if channel.name == name:
            return channel
    known = [channel.name for channel in config.channels]
    mend = f"name one of: {', '.join(known)}" if known else "write a [[channel]] first"
    said = f'no [[channel]] is called "{name}"{did_you_mean(name, known)}'
    raise ConfigError(said, where=str(config.path), mend=mend)


def _notices(config: Config, channel: ChannelDef, now: int) -> Iterator[Notice]:
    address = config.alerting.address
    severity = "page" if "page" in channel.severities else "ticket"
    for happening, said in (
        (Happening.FIRING, "This is a test of burnline: nothing fails."),
        (Happening.RESOLVED, "The test of burnline is over."),
    ):
        yield Notice(
            key=f"test {channel.name} {now}",
            happening=happening,
            severity=severity,
            subject="burnline test",
            service="",
            team=channel.teams[0] if channel.teams else "",
            began_at=now,
            at=now,
            summary=said,
            lines=(f'Sent through the channel "{channel.name}", of kind {channel.kind}.',),
            links=(("burnline", f"{address}{NOW_ADDRESS}"),) if address else (),
            labels=(("alertname", "BurnlineTest"),),
        )
