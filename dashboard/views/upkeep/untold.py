"""Which channels did not take what they were told of alerts, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.store.alert_book import AlertPages, NoticeState, StoredNotice
from dashboard.views.words import ago_words

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Untold:
    """A channel, the notices that it did not take, the oldest first, and what it said last."""

    channel: str
    notices: tuple[StoredNotice, ...]

    @property
    def given_up(self) -> int:
        """How many are not tried any more."""
        return sum(one.state is NoticeState.FAILED for one in self.notices)

    @property
    def reason(self) -> str:
        """What kept the last one."""
        return self.notices[-1].error or "it did not say why"


def untold(alerts: AlertPages, as_of: int) -> tuple[Untold, ...]:
    """The channels that lag behind, or gave up within the last day, by name."""
    found: dict[str, list[StoredNotice]] = {}
    for one in alerts.troubled(as_of - _DAY_S):
        found.setdefault(one.channel, []).append(one)
    return tuple(Untold(name, tuple(notices)) for name, notices in sorted(found.items()))


def untold_words(found: Sequence[Untold], as_of: int) -> Iterator[str]:
    """What of it a person must know, a sentence a channel."""
    for one in found:
        count = len(one.notices)
        since = ago_words(max(0, as_of - one.notices[0].at))
        what = f"{count} notice{'' if count == 1 else 's'} not taken, the oldest {since}"
        gone = f", {one.given_up} given up" if one.given_up else ""
        yield f"channel {one.channel}: {what}{gone}: {one.reason}"
