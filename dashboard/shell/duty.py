"""What a collector does about alerts: judges them at their interval, and sends what waits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from structlog.typing import FilteringBoundLogger

from collectors.store.store import Store
from dashboard.config import Config
from dashboard.shell.alerting import evaluate_alerts
from slo.alerting import Alert


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
    _asked: set[str] = field(default_factory=set)

    def asked(self, source: str) -> None:
        """Note that the source was asked, whatever it said."""
        self._asked.add(source)

    def evaluate(self, now: int) -> None:
        """Judge every alert, and put into the outbox what is to be told."""
        for alert in judge(self.config(), self.store, self._asked, now):
            tell = self.log.warning if alert.is_live else self.log.info
            said = "an alert fires" if alert.is_live else "an alert is over"
            tell(said, alert=alert.subject, kind=alert.kind.value)
