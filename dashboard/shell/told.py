"""What is told of alerts, in words: the notices of one evaluation, ready for the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from collectors.store.alert_book import NewNotice, StoredNotice
from collectors.store.reader import Reader
from dashboard.config import Config
from dashboard.notify.wire import as_json, of_json
from dashboard.views.alerts.episodes import Episode
from dashboard.views.alerts.owing import Owed
from dashboard.views.alerts.telling import notice_of
from dashboard.views.counted.burning import Burning, burning
from slo.notices import Notice
from slo.policy import Severity

MOST_EXAMINED = 30
"""Of so many alerts the cause and the beginning are looked for in one evaluation; of more, the figures are told."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What one channel is to be told of one alert, and the last that it was."""

    episode: Episode
    channel: str
    owed: Owed
    before: StoredNotice | None


def notices(
    config: Config, reader: Reader, tellings: Sequence[Telling], now: int
) -> list[NewNotice]:
    """What is to be told, in words; where very much burns at once, of the gravest with the cause."""
    causes = _causes(reader, tellings)
    return [
        NewNotice(
            alert=one.episode.alert.key,
            channel=one.channel,
            happening=one.owed.happening.value,
            body=as_json(_words(config, one, causes, now)),
            is_refresh=one.owed.is_refresh,
        )
        for one in tellings
    ]


def _causes(reader: Reader, tellings: Sequence[Telling]) -> Mapping[str, Burning]:
    """What is known of the beginnings, by key; news before refreshes, pages before tickets."""
    burning_ones = (one for one in tellings if one.episode.alert.kind.is_burn)
    views = {one.episode.alert.key: one.episode.view for one in sorted(burning_ones, key=_gravity)}
    burns = [(key, view) for key, view in views.items() if view is not None and view.firing]
    return {key: burning(view, reader) for key, view in burns[:MOST_EXAMINED]}


def _gravity(telling: Telling) -> tuple[bool, bool, int, str]:
    alert = telling.episode.alert
    is_ticket = alert.severity is Severity.TICKET
    return telling.owed.is_refresh, is_ticket, alert.began_at, alert.subject


def _words(config: Config, telling: Telling, causes: Mapping[str, Burning], now: int) -> Notice:
    """The notice; where nothing newer is known of an alert, it keeps the words it was told in."""
    alert, view = telling.episode.alert, telling.episode.view
    cause = causes.get(alert.key)
    if telling.before is not None and alert.is_removed:
        summary = f"{alert.subject}: over, because nothing is promised of it any more"
        return replace(_again(telling, telling.before, now), summary=summary, lines=())
    keeps = telling.owed.is_refresh and view is not None and view.firing and cause is None
    if telling.before is not None and keeps and alert.kind.is_burn:
        return _again(telling, telling.before, now)
    said = notice_of(alert, telling.owed.happening, view, cause, config, now)
    return said if telling.before is None else _as_known(said, of_json(telling.before.body))


def _as_known(said: Notice, before: Notice) -> Notice:
    """The notice under the labels that the channel knows the alert by.

    Alertmanager takes others for another alert, and SLOs of other services may have come to it.
    """
    return replace(said, service=before.service, team=before.team, labels=before.labels)


def _again(telling: Telling, before: StoredNotice, now: int) -> Notice:
    acknowledged_by = telling.episode.alert.acknowledged_by
    return replace(
        of_json(before.body),
        happening=telling.owed.happening,
        at=now,
        acknowledged_by=acknowledged_by,
    )
