"""What `[[channel]]` and `[alerts]` define: where alerts go, and how they are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dashboard.config.alerting import Alerting
from dashboard.config.channel_table import AlertsTable, ChannelTable
from dashboard.config.kind_options import World, kind_options
from dashboard.config.problems import Problem, Written, checked
from dashboard.notify import registry
from dashboard.notify.contract import ChannelDef, ChannelKind
from slo.errors import ConfigError
from slo.nearest import did_you_mean

Notified = tuple[Alerting, tuple[ChannelDef, ...]]
"""How alerts are told, and the channels that are."""


def notified(
    root: Written,
    channels: Sequence[Written],
    tables: Mapping[str, Sequence[Written]],
    world: World,
    problems: list[Problem],
) -> Notified:
    """What `[alerts]` and `[[channel]]` say; `tables` are those of `slo` and of `service`."""
    alerting = _alerting(root, world, problems)
    names, teams = _texts(channels, "name"), _texts(tables["service"], "team")
    for written in (*tables["slo"], *tables["service"]):
        problems += _unknown(written, "notify", names, "no [[channel]] is called")
    for written in channels:
        problems += _unknown(written, "teams", teams, "no [[service]] has team =")
    return alerting, tuple(_channels(channels, alerting, world, problems))


def _alerting(root: Written, world: World, problems: list[Problem]) -> Alerting:
    """What `[alerts]` says; the defaults where it says nothing or nothing sound."""
    values = root.values.get("alerts", {})
    if not isinstance(values, Mapping):
        problems.append(root.problem("is one table; write [alerts] with one bracket", "alerts"))
        return Alerting()
    written = Written(root.file, root.lines, ("alerts",), "alerts", values)
    table = kind_options(AlertsTable, None, written, world, problems)
    if table is None:
        return Alerting()
    return Alerting(
        every_s=table.every,
        repeat_s=table.repeat,
        address=table.address or "",
        heartbeat=table.heartbeat if world.is_asked else None,
    )


def _channels(
    tables: Iterable[Written], alerting: Alerting, world: World, problems: list[Problem]
) -> Iterator[ChannelDef]:
    """The channels of these tables, every key checked; options only where they will be told."""
    for written in tables:
        table = checked(ChannelTable, written, written.values, problems)
        kind = _kind(written, problems)
        options = None
        if kind is not None:
            options = kind_options(kind.options, ChannelTable, written, world, problems)
        if table is not None and options is not None:
            yield ChannelDef(
                name=table.name,
                kind=table.kind,
                options=options if world.is_asked else None,
                where=f'{written.where}, channel "{table.name}"',
                severities=frozenset(table.severities),
                teams=tuple(table.teams),
                repeat_s=table.repeat or alerting.repeat_s,
                is_default=not table.teams if table.default is None else table.default,
            )


def _kind(written: Written, problems: list[Problem]) -> ChannelKind | None:
    kind = written.values.get("kind")
    if not isinstance(kind, str):
        return None
    try:
        return registry.load(kind, where=written.where)
    except ConfigError as error:
        problems.append(written.problem(f"{error.what}; {error.mend}", "kind"))
        return None


def _texts(tables: Iterable[Written], key: str) -> tuple[str, ...]:
    found = (written.values.get(key) for written in tables)
    return tuple(dict.fromkeys(text for text in found if isinstance(text, str) and text))


def _unknown(written: Written, key: str, known: Sequence[str], said: str) -> Iterator[Problem]:
    """The names under a key that nothing has: what they were meant for would never come there."""
    named = written.values.get(key)
    for number, name in enumerate(named if isinstance(named, list) else ()):
        if isinstance(name, str) and name not in known:
            yield written.problem(f'{said} "{name}"{did_you_mean(name, known)}', key, number)
