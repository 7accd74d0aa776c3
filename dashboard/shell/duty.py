"""What a collector does about alerts: judges them at their interval, and sends what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from structlog.typing import FilteringBoundLogger

from collectors.store.store import Store
from dashboard.config import Config
from dashboard.shell.alerting import evaluate_alerts
from slo.alerting import Alert


@dataclass(slots=True)
class Duty:
    """The alerts of one collector; `config` gives what is in force.

    Nothing is judged of a source before it was asked once: after a night without a collector the
    last figures are of yesterday.
    """

    store: Store
    config: Callable[[], Config]
    log: FilteringBoundLogger
    _asked: set[str] = field(default_factory=set)

    def asked(self, source: str) -> None:
        """Note that the source was asked, whatever it said."""
        self._asked.add(source)

    def evaluate(self, now: int) -> None:
        """Judge every alert, and put into the outbox what is to be told."""
        config = self.config()
        waited_for = {source.name for source in config.sources} - self._asked
        for alert in evaluate_alerts(config, self.store, now, waited_for=waited_for):
            self._tell(alert)

    def _tell(self, alert: Alert) -> None:
        said = "fires" if alert.is_live else "is over"
        tell = self.log.warning if alert.is_live else self.log.info
        tell(f"an alert {said}", alert=alert.subject, kind=alert.kind.value)
