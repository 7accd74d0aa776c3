"""One evaluation: what fires now, how each alert stands, and what is to be told of it to whom.

    views of all SLOs -> episodes (pure) -> what each channel is owed (pure) -> one transaction

Nothing is sent here: state and outbox are committed together, so whoever is killed in between
neither loses an alert nor tells of it twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from collectors.store.alert_book import Known, StoredNotice
from collectors.store.reader import Reader
from collectors.store.store import Store
from dashboard.config import Config
from dashboard.notify import registry
from dashboard.notify.contract import ChannelDef
from dashboard.shell.told import MOST_EXAMINED, Telling, notices
from dashboard.views.alerts.episodes import Episode, episodes
from dashboard.views.alerts.owing import Listener, Told, owed
from dashboard.views.counted.beginnings import fires_since
from dashboard.views.counted.figures import evaluate
from slo.alerting import Alert, AlertKind
from slo.notices import Happening
from slo.silences import silence_of


def evaluate_alerts(
    config: Config, store: Store, now: int, *, waited_for: Collection[str] = ()
) -> tuple[Alert, ...]:
    """The alerts that began or ended now; how all stand, and what is owed, is in the store.

    Nothing is judged of SLOs whose source is `waited_for`: it has not been asked yet. Where
    somebody else judged meanwhile, as `collect --once` beside a collector may, that holds.

    Raises:
        StoreError: the store cannot be read or written; nothing was changed.
    """
    reader = store.reader
    sources = {source.name: source for source in config.sources}
    views = evaluate(config.slos, reader, as_of=now, sources=sources)
    known = reader.alerts.known()
    found = tuple(
        _dated(episodes(views, known.alerts, now=now, waited_for=waited_for), known, reader)
    )
    new = notices(config, reader, tuple(_owed(config, reader, known, found, now)), now)
    changed = [one.alert for one in found]
    is_whole = not waited_for
    if not store.alerts.evaluated(changed, new, now=now, known=known, is_whole=is_whole):
        return ()
    live = {alert.key for alert in known.alerts if alert.is_live}
    return tuple(one.alert for one in found if (one.alert.key in live) != one.alert.is_live)


def _dated(found: Sequence[Episode], known: Known, reader: Reader) -> Iterator[Episode]:
    """The episodes; those that begin now with since when their rows fire by the data.

    That is before now where a history is read for the first time, or late. Where very much begins
    at once, pages go first, and the rest stands as it was judged.
    """
    before = {alert.key for alert in known.alerts}
    new = [one.alert for one in found if one.alert.kind.is_burn and one.alert.key not in before]
    gravest = sorted(new, key=lambda one: one.kind is not AlertKind.PAGE)[:MOST_EXAMINED]
    dated = {alert.key for alert in gravest}
    for one in found:
        yield _since_it_fires(one, reader) if one.alert.key in dated else one


def _since_it_fires(one: Episode, reader: Reader) -> Episode:
    view = None if one.view is None else one.view.alarming
    if view is None or not view.firing or view.firing[0].severity.value != one.alert.kind.value:
        return one
    since = fires_since(view, reader)
    if since is None or since.at >= one.alert.began_at:
        return one
    alert = replace(one.alert, fires_since=since.at, is_open=since.is_open)
    return replace(one, alert=alert)


def _owed(
    config: Config, reader: Reader, known: Known, found: Sequence[Episode], now: int
) -> Iterator[Telling]:
    """What every channel is owed of every alert."""
    told: dict[str, dict[str, StoredNotice]] = {}
    for one in known.told:
        told.setdefault(one.alert, {})[one.channel] = one
    silences = reader.alerts.silences(now)
    for episode in found:
        alert = episode.alert
        is_silenced = silence_of(alert, episode.service, silences, now) is not None
        last_told = told.get(alert.key, {})
        for listener in _listeners(config, episode, last_told):
            before = last_told.get(listener.channel)
            last = None if before is None else Told(Happening(before.happening), before.at)
            due = owed(alert, listener, last, is_silenced=is_silenced, now=now)
            if due is not None:
                yield Telling(episode, listener.channel, due, before)


def _listeners(config: Config, episode: Episode, known: Collection[str]) -> Iterator[Listener]:
    """The channels that the alert goes to, and those of the configuration that were told of it."""
    asked = {
        channel.name
        for view in episode.views
        for channel in config.channels_of(view.slo)
        if episode.alert.severity.value in channel.severities
    }
    for channel in config.channels:
        if channel.name in asked or channel.name in known:
            yield _listener(channel, is_asked=channel.name in asked)


def _listener(channel: ChannelDef, *, is_asked: bool) -> Listener:
    kind = registry.load(channel.kind, where=channel.where)
    return Listener(
        channel=channel.name,
        tells=kind.tells,
        refreshes=kind.refreshes,
        repeat_s=channel.repeat_s,
        is_asked=is_asked,
    )
