"""What a collector does about alerts: judges them at their interval, and sends what waits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from structlog.typing import FilteringBoundLogger

from collectors.store.alert_book import NoticeState
from collectors.store.store import Store
from dashboard.config import Config
from dashboard.notify.contract import ChannelDef, ChannelError
from dashboard.notify.heartbeat import beat
from dashboard.notify.sending import Outgoing, strays
from dashboard.shell.alerting import evaluate_alerts
from dashboard.views.upkeep.untold import UNHEARD_MEND, unheard, unheard_words
from slo.alerting import Alert
from slo.lengths import HOUR_S

_AGAIN_S = HOUR_S
"""What goes on unmended is said once an hour."""


def judge(config: Config, store: Store, asked: Collection[str], now: int) -> tuple[Alert, ...]:
    """The alerts that began or ended, of the SLOs whose sources were asked.

    After a night without a collector the last figures are of yesterday: what was not asked once
    since is not judged.

    Raises:
        StoreError: the store cannot be read or written; nothing was changed.
    """
    waited_for = {source.name for source in config.sources}.difference(asked)
    return evaluate_alerts(config, store, now, waited_for=waited_for)


@dataclass(slots=True)
class Duty:
    """The alerts of one collector; `config` gives what is in force."""

    store: Store
    config: Callable[[], Config]
    log: FilteringBoundLogger
    clock: Callable[[], int]
    _asked: set[str] = field(default_factory=set)
    _said: str = ""
    _looked_at: Config | None = None

    def asked(self, source: str) -> None:
        """Note that the source was asked, whatever it said."""
        self._asked.add(source)

    def evaluate(self, now: int) -> None:
        """Judge every alert, put into the outbox what is to be told, and say that this was done."""
        for alert in judge(self.config(), self.store, self._asked, now):
            tell = self.log.warning if alert.is_live else self.log.info
            said = "an alert fires" if alert.is_live else "an alert is over"
            tell(said, alert=alert.subject, kind=alert.kind.value)
        config = self.config()
        self._tell_unheard(config)
        strays(self.store.reader.alerts.due(now), config.channels, self.store.alerts, now)
        said = beaten(config)
        if said and said != self._said:
            self.log.warning("the heartbeat was not heard", why=said)
        self._said = said

    def outgoing(self, channel: ChannelDef) -> Callable[[int], None]:
        """A job that sends what waits for a channel, and says it where the channel takes nothing."""
        return _Lane(self.store, channel.name, Outgoing(channel, self.clock), self.log).run

    def _tell_unheard(self, config: Config) -> None:
        """Say of each configuration once of which SLOs nobody would hear."""
        if config is not self._looked_at and (said := unheard_words(unheard(config))):
            self.log.warning(said, mend=UNHEARD_MEND)
        self._looked_at = config


@dataclass(slots=True)
class _Lane:
    """One channel's job: it says why nothing is taken, again once an hour, and when it is again."""

    store: Store
    channel: str
    outgoing: Outgoing
    log: FilteringBoundLogger
    _why: str = ""
    _said_at: int = 0
    _tries: int = 0

    def run(self, now: int) -> None:
        """Send what waits."""
        due = [one for one in self.store.reader.alerts.due(now) if one.channel == self.channel]
        failures = self.outgoing.send(due, self.store.alerts)
        for why in failures:
            self._tries += 1
            if why != self._why or now - self._said_at >= _AGAIN_S:
                self.log.warning("not told", channel=self.channel, why=why, tries=self._tries)
                self._said_at = now
            self._why = why
        if self._why and due and not failures and not self._waits(now):
            self.log.info("told again", channel=self.channel, tries=self._tries)
            self._why, self._tries = "", 0

    def _waits(self, now: int) -> bool:
        """Whether it has not taken something yet that it was offered."""
        troubled = self.store.reader.alerts.troubled(now)
        return any(
            one.channel == self.channel and one.state is NoticeState.WAITING for one in troubled
        )


def send_all(config: Config, store: Store, clock: Callable[[], int]) -> tuple[str, ...]:
    """Send once what waits for any channel; why not, a sentence for each that did not take it."""
    strays(store.reader.alerts.due(clock()), config.channels, store.alerts, clock())
    return tuple(
        f'channel "{channel.name}": {why}'
        for channel in config.channels
        for why in Outgoing(channel, clock).send(store.reader.alerts.due(clock()), store.alerts)
    )


def beaten(config: Config) -> str:
    """Why the watcher did not hear of an evaluation; empty when it did, or when there is none."""
    if config.alerting.heartbeat is None:
        return ""
    try:
        beat(config.alerting.heartbeat)
    except ChannelError as error:
        return error.what
    return ""
