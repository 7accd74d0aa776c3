"""Which channels did not take what they were told of alerts, and of which alerts none is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.store.alert_book import AlertPages, NoticeState, StoredNotice
from dashboard.config import Config
from dashboard.views.words import ago_words
from slo.lengths import DAY_S
from slo.objective import Slo
from slo.policy import Severity

_NAMED = 3
UNHEARD_MEND = (
    "name one in `notify` of the SLO or its service, or give a [[channel]] default = true"
)


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
    for one in alerts.troubled(as_of - DAY_S):
        found.setdefault(one.channel, []).append(one)
    return tuple(Untold(name, tuple(notices)) for name, notices in sorted(found.items()))


def untold_words(found: Sequence[Untold], as_of: int) -> Iterator[str]:
    """What of it a person must know, a sentence a channel."""
    for one in found:
        yield f"channel {one.channel}: {backlog_words(one, as_of)}"


def backlog_words(one: Untold, as_of: int) -> str:
    """How much a channel did not take, since when, and why."""
    count = len(one.notices)
    since = ago_words(max(0, as_of - one.notices[0].at))
    what = f"{count} notice{'' if count == 1 else 's'} not taken, the oldest {since}"
    gone = f", {one.given_up} given up" if one.given_up else ""
    return f"{what}{gone}: {one.reason}"


def unheard(config: Config) -> tuple[str, ...]:
    """The SLOs of whose gravest alerts no channel is told; none where there are no channels."""
    if not config.channels:
        return ()
    return tuple(slo.name for slo in config.slos if not _is_heard(config, slo))


def unheard_words(names: Sequence[str]) -> str:
    """That nobody hears of them; empty where somebody does.

    >>> unheard_words(["a", "b", "c", "d", "e"])
    'no channel is told when a, b, c or 2 more fire'
    """
    if not names:
        return ""
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    *first, last = [*names[:_NAMED], *more]
    listed = f"{', '.join(first)} or {last}" if first else last
    fires = "fires" if len(names) == 1 else "fire"
    return f"no channel is told when {listed} {fires}"


def _is_heard(config: Config, slo: Slo) -> bool:
    asked = {Severity.PAGE} if slo.policy is None else {row.severity for row in slo.policy}
    if not asked:
        return True
    gravest = Severity.PAGE if Severity.PAGE in asked else Severity.TICKET
    return any(gravest.value in one.severities for one in config.channels_of(slo))
