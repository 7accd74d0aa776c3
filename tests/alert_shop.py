"""A shop whose counts go on as a test says, its alerts judged whenever it says: a real store."""

from __future__ import annotations

from pathlib import Path

from builders import DAY_S, HOUR_S, NOON, minutes, series

from collectors.contract import Batch, Stream
from collectors.store.alert_book import StoredNotice
from collectors.store.store import Store
from dashboard.config import Config, load
from dashboard.shell.alerting import evaluate_alerts
from slo.alerting import Alert, AlertKind
from slo.facts import TallyRows
from slo.indicator import Ratio
from slo.rules import tally_pick

CONFIG = """
[[source]]
kind = "files"
name = "shop"
every = "1m"
[[source.file]]
path = "requests.csv"
holds = "requests"
"""
SLO = """
[[slo]]
name = "{name}"
service = "shop"
objective = 99.9
total = "requests"
window = "30d"
"""
CHANNELS = """
[[channel]]
name = "hook"
kind = "webhook"
url = { env = "HOOK" }
repeat = "1h"
[[channel]]
name = "am"
kind = "alertmanager"
url = "http://127.0.0.1:9093"
"""
HISTORY_S = 2 * HOUR_S


class Shop:
    """A store whose counts go on as a test says, judged whenever it says."""

    def __init__(
        self, folder: Path, names: tuple[str, ...] = ("checkout",), *, now: int = NOON
    ) -> None:
        """A shop that was well for the two hours after `now`."""
        self.folder, self.now = folder, now
        self.url = f"sqlite:///{folder / 'burnline.db'}"
        self.configure(*names)
        self.store = Store.open(self.url, now=now - DAY_S)
        self.serve(bad=0, length_s=HISTORY_S)

    def configure(self, *names: str, channels: str = CHANNELS) -> None:
        """Promise these SLOs from now on."""
        slos = "".join(SLO.format(name=name) for name in names)
        path = self.folder / "config.toml"
        path.write_text(CONFIG + slos + channels)
        self.config: Config = load(path, {}, with_sources=False)

    def serve(self, *, bad: int, length_s: int, partial: bool = False) -> None:
        """Traffic of 100 requests a minute for so long, of which so many fail."""
        count = length_s // 60
        self.store.ingest(
            "shop",
            Stream("facts"),
            Batch((_rows(self.now, count, bad, partial=partial),)),
            (),
            now=self.now + length_s,
        )
        self.now += length_s

    def burn(self, length_s: int = 600) -> None:
        """Half of all requests fail, 500 times the budget: a page after three minutes."""
        self.serve(bad=50, length_s=length_s)

    def judge(self, after_s: int = 0) -> tuple[Alert, ...]:
        """What began or ended."""
        self.now += after_s
        return evaluate_alerts(self.config, self.store, self.now)

    def restart(self) -> None:
        """Let go of the store and open it anew, as a new process does."""
        self.store.close()
        self.store = Store.open(self.url, now=self.now)

    def send(self) -> list[StoredNotice]:
        """Take what is due as sent."""
        sent = []
        while due := self.store.reader.alerts.due(self.now):
            for one in due:
                self.store.alerts.sent(one.id, now=self.now)
            sent += due
        return sent

    def told(self, channel: str = "hook") -> list[str]:
        """What the channel was told so far, in order."""
        return [one.happening for one in self.store.reader.alerts.told() if one.channel == channel]

    def notices(self, alert: str) -> list[StoredNotice]:
        """The notices of an alert so far, in order."""
        return [one for one in self.store.reader.alerts.told() if one.alert == alert]

    @property
    def page(self) -> Alert:
        """The last page."""
        return next(a for a in self.store.reader.alerts.known().alerts if a.kind is AlertKind.PAGE)


def _rows(since: int, count: int, bad: int, *, partial: bool) -> TallyRows:
    pick = tally_pick(Ratio(total="requests"))
    key = series(pick.name, rule=pick.rule)
    return minutes([100 - bad] * count, [100] * count, since=since, key=key, partial=partial)
