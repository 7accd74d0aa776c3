"""What was promised, in words and as it would be written, and since when it is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from collectors.store.canonical import canonical_json
from collectors.store.versions import Definition, definition_at
from dashboard.config import Service
from dashboard.views.digits import digits_words
from dashboard.views.pages.fleet import judged
from dashboard.views.pages.written import config_lines
from dashboard.views.slos.alert_rows import AlertRow, alert_rows
from dashboard.views.slos.measured_words import measured_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import date_words, duration_words, window_words
from slo.budget_policy import STANDARD
from slo.objective import Slo, counted_word
from slo.promise import bad_word
from slo.spans import CalendarWindow, Window

_DIGITS = 12
Pair = tuple[str, str]


class Channel(Protocol):
    """What is said of a channel: what it is called, and which alerts it is told of."""

    @property
    def name(self) -> str:
        """Its name in the configuration."""

    @property
    def severities(self) -> frozenset[str]:
        """The severities that it is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionView:
    """One SLO as it was promised; `anchor` is its place on the page, `written` its configuration."""

    name: str
    anchor: str
    version: str
    digest: str
    words: tuple[Pair, ...]
    rows: tuple[AlertRow, ...]
    written: tuple[str, ...]
    query: str


@dataclass(frozen=True, slots=True)
class Owned:
    """One service: who answers for it, where its people look, which SLOs it has."""

    name: str
    team: str
    owner: str
    links: tuple[Pair, ...]
    slos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promises:
    """Everything the page of definitions shows."""

    definitions: tuple[DefinitionView, ...]
    services: tuple[Owned, ...]
    digest: str
    path: str


def promises(scene: Scene) -> Promises:
    """Every SLO of the config by name, and the services that have one or are configured."""
    views = sorted(judged(scene), key=lambda view: view.name)
    told = tuple(
        definition_view(
            view,
            scene.reader.definitions(view.name),
            scene.as_of,
            scene.config.channels_of(view.promised),
        )
        for view in views
    )
    config = scene.config
    return Promises(told, owned(config.services, config.slos), config.digest, str(config.path))


def anchor_of(name: str) -> str:
    """A name as the place of a page: letters and digits, and enough of a digest to be unique.

    >>> anchor_of("Checkout latency")
    'checkout-latency-9815a6'
    """
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return f"{plain[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def definition_view(
    view: SloView, versions: Sequence[Definition], as_of: int, channels: Sequence[Channel]
) -> DefinitionView:
    """The SLO with the version of it that is in force at the moment, and who is told of it."""
    current = definition_at(tuple(versions), as_of)
    return DefinitionView(
        name=view.name,
        anchor=anchor_of(view.name),
        version=version_words(current, len(versions)),
        digest="" if current is None else digest_of(current.document),
        words=(*definition_words(view), ("alerts go to", channels_words(channels))),
        rows=alert_rows(view),
        written=config_lines(view.promised),
        query=view.query,
    )


def version_words(current: Definition | None, recorded: int) -> str:
    """Which version is in force and since when; the first is in force from the beginning."""
    if current is None:
        return "no version recorded yet: the next collection records it"
    since = "the beginning" if current.effective is None else f"{date_words(current.effective)} UTC"
    later = recorded - current.version
    more = f", {later} newer" if later > 0 else ""
    return f"version {current.version}, in force since {since}{more}"


def digest_of(document: Mapping[str, Any]) -> str:
    """The first digits of a definition's digest: two that promise the same have the same."""
    text = canonical_json(dict(document), "definition")
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def definition_words(view: SloView) -> Iterator[Pair]:
    """The definition in words, a line each."""
    slo = view.promised
    yield "promises", view.promise
    yield "over", _window(slo)
    yield "measures", measured_words(slo.indicator)
    if slo.source:
        yield "from", f"source {slo.source}"
    if slo.service:
        yield "service", slo.service
    allowed = f"{digits_words(slo.objective.error_budget * 100)} %"
    if slo.is_time_like:
        time = duration_words(int(slo.objective.error_budget * view.whole.length_s))
        yield "budget", f"{allowed} of the time may be {bad_word(slo.indicator)}: {time} a window"
    else:
        yield "budget", f"{allowed} of all {counted_word(slo.indicator)} may be bad"
    if slo.group_by:
        yield "members", f"each value of {' and '.join(slo.group_by)} has such a budget of its own"
    if slo.breakdown:
        yield "told apart", f"what is bad, by {', by '.join(slo.breakdown)}"
    yield "policy", slo.budget_policy or STANDARD.name
    yield "alerts by", "rows of its own" if slo.policy is not None else "the default rows"


def channels_words(channels: Sequence[Channel]) -> str:
    """The channels that are told of an SLO's alerts, and of which alone where not of all.

    >>> channels_words([])
    'no channel: nobody is told'
    """
    said = [
        channel.name if len(channel.severities) > 1 else f"{channel.name} ({_only(channel)} alone)"
        for channel in channels
    ]
    return ", ".join(said) or "no channel: nobody is told"


def _only(channel: Channel) -> str:
    return ", ".join(f"{severity}s" for severity in channel.severities)


def _window(slo: Slo) -> str:
    return "; beside it ".join(_over(window) for window in (slo.window, *slo.further))


def _over(window: Window) -> str:
    if isinstance(window, CalendarWindow):
        return f"each calendar {window.kind}, midnight to midnight in {window.zone.key}"
    return f"{window_words(window.kind)}: at every moment the time before it"


def owned(services: Sequence[Service], slos: Sequence[Slo]) -> tuple[Owned, ...]:
    """The services by name; one that only SLOs name has no owner."""
    known = {one.name: one for one in services}
    names = sorted({*known, *(slo.service for slo in slos if slo.service)})
    return tuple(_owned(known.get(name) or Service(name), slos) for name in names)


def _owned(service: Service, slos: Sequence[Slo]) -> Owned:
    written = (
        ("runbook", service.runbook),
        ("dashboard", service.dashboard),
        ("logs", service.logs),
    )
    links = tuple((name, template) for name, template in written if template)
    mine = tuple(sorted(slo.name for slo in slos if slo.service == service.name))
    return Owned(service.name, service.team, service.owner, links, mine)
