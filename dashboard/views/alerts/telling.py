"""What is told of an alert, in words: what fails first, the factor last, links at its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.config import Config, Service
from dashboard.views.addresses import HEALTH_ADDRESS, NOW_ADDRESS, objective_address
from dashboard.views.alerts.belonging import service_of
from dashboard.views.alerts.burning_words import (
    allowed_words,
    bad_word,
    counted_share,
    lasting_words,
    left_sentence,
    sentence,
    still_word,
)
from dashboard.views.alerts.words import ended_words
from dashboard.views.counted.burning import Burning
from dashboard.views.happened.happenings import version_of
from dashboard.views.happened.links import prometheus_link, service_links
from dashboard.views.slos.naming import alarm_name
from dashboard.views.slos.queries import source_query
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import burn_words, length_words, moment_words, near_words, window_words
from slo.alerting import Alert, AlertKind
from slo.burn import Firing
from slo.facts import EventKind, EventRow
from slo.lengths import HOUR_S, MINUTE_S
from slo.notices import Happening, Notice
from slo.spans import Span

_LEAD_S, _HORIZON_S = 1_800, HOUR_S
_LEAST_VALID_S, _MISSED = 300, 5
_NAMED = 5
_NAMES = {AlertKind.STALE: "SourceStale", AlertKind.NO_DATA: "NoData"}
_BURN = "ErrorBudgetBurn"


def notice_of(
    alert: Alert,
    happening: Happening,
    view: SloView | None,
    found: Burning | None,
    config: Config,
    now: int,
) -> Notice:
    """The notice of an alert as it stands at `now`.

    `view` is None for a source and for what is no longer promised, `found` where nothing fires
    or where the cause was not looked for. What a channel that forgets is told holds until
    several evaluations have been missed.
    """
    name = service_of(alert, {slo.name: slo.service for slo in config.slos})
    service = next((one for one in config.services if one.name == name), None)
    labels = (*(service.labels if service else ()), *(view.slo.member if view else ()))
    told = _Told(alert, happening, view, found, now)
    return Notice(
        key=alert.key,
        happening=happening,
        severity=alert.severity.value,
        subject=alert.subject,
        service=name,
        team=service.team if service else "",
        began_at=alert.since,
        at=now,
        summary=told.summary(),
        lines=tuple(told.lines()),
        links=tuple(_links(alert, view, service, config, now)),
        labels=(*labels, ("alertname", _NAMES.get(alert.kind, _BURN))),
        valid_s=max(_LEAST_VALID_S, _MISSED * config.alerting.every_s),
        acknowledged_by=alert.acknowledged_by,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """An alert of which is told, what became of it, and what is known of it at `now`."""

    alert: Alert
    happening: Happening
    view: SloView | None
    found: Burning | None
    now: int

    def summary(self) -> str:
        """The first line: what fails, for how long, when the budget ends, after which deploy."""
        match self.alert.kind:
            case AlertKind.STALE:
                return self._of_source()
            case AlertKind.NO_DATA:
                return self._of_lost()
            case AlertKind.PAGE | AlertKind.TICKET:
                return self._of_burn()

    def _of_burn(self) -> str:
        who = self.alert.subject if self.view is None else alarm_name(self.view)
        match self.happening:
            case Happening.RESOLVED:
                return f"{who}: {_over(self.alert)}. {self._left()}".strip()
            case Happening.RECOVERING:
                said = f"recovering since {self._near(self.alert.phase_at)}, nothing fires any more"
                return f"{who}: {said}. {self._left()}".strip()
        if self.found is not None:
            return f"{sentence(self.found)} {_started(self.found)}".strip()
        if self.view is not None and self.view.firing:
            return f"{who}: {_fired_share(self.view.alarming)}. {self._left()}".strip()
        until = self._near(self.alert.seen_at)
        return f"{who}: cannot be judged, its data end {until}; it fired until then."

    def _of_lost(self) -> str:
        """That data of some SLOs are missing, since when: not those of their whole source."""
        alert, names = self.alert, self.alert.names
        is_one = len(names) == 1
        who = names[0] if is_one else f"{len(names)} SLOs of source {alert.source}"
        named = "" if is_one else f": {_first(names)}"
        match self.happening:
            case Happening.RESOLVED:
                return f"{who}: data come in again, {_lasted(alert)} after they first ended{named}."
            case Happening.RECOVERING:
                return f"{who}: data come in again since {self._near(alert.phase_at)}{named}."
        ended = ended_words(alert, self.now)
        if is_one:
            return f"{who}: {ended}, though its source goes on: it is not judged."
        return f"{who}: {ended}, though it goes on. They are not judged{named}."

    def _of_source(self) -> str:
        """That a source brings nothing new, and which SLOs it leaves without figures."""
        alert, count = self.alert, len(self.alert.slos)
        who, slos = f"Source {alert.subject}", f"{count} SLO{'' if count == 1 else 's'}"
        match self.happening:
            case Happening.RESOLVED:
                return f"{who}: on time again, after {_lasted(alert)}."
            case Happening.RECOVERING:
                return f"{who}: on time again. {slos} could not be judged: {_first(alert.slos)}."
        since = self._near(alert.phase_at)
        return f"{who}: no data since {since}. {slos} cannot be judged: {_first(alert.slos)}."

    def lines(self) -> Iterator[str]:
        """What follows, the most pressing first: whether it goes on, what is left, the factor last."""
        if self.happening is not Happening.RESOLVED:
            yield from self._going_on()
        yield self._when()
        if self.view is not None:
            yield from _promised(self.view)
            if self._is_burning and self.view.firing:
                yield from _factors(self.view.firing)

    def _going_on(self) -> Iterator[str]:
        if not self.alert.kind.is_burn:
            yield "What burns meanwhile is not seen; alerts that fired are kept alive."
        elif self.alert.frozen_at is not None:
            yield "No data come in: the alert is kept as it stood, and nothing is known of the present."
        elif self._is_burning and self.found is not None:
            yield f"{still_word(self.found)} {self._left()}".strip()
        if self.alert.acknowledged_by:
            yield f"{self.alert.acknowledged_by} looks after it."

    def _when(self) -> str:
        """When it began, and at which moment what is told was so: it may be read much later."""
        alert, late = self.alert, self.alert.judged_late_at
        began = f"Began {'before ' if alert.is_open else ''}{self._near(alert.since)}"
        judged = "" if late is None else f", first judged {self._near(late)}"
        until = "" if alert.ended_at is None else f", ended {self._near(alert.ended_at)}"
        return f"{began}{judged}{until}; as of {moment_words(self.now)}."

    @property
    def _is_burning(self) -> bool:
        is_firing = self.happening in {Happening.FIRING, Happening.STILL_FIRING}
        return is_firing and self.alert.kind.is_burn

    def _left(self) -> str:
        """The budget left of what alarms, else of the SLO."""
        alarming = None if self.view is None else self.view.alarming
        if alarming is None or alarming.budget_remaining is None:
            return ""
        return left_sentence(alarming)

    def _near(self, at: int) -> str:
        return near_words(at, self.now)


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _over(alert: Alert) -> str:
    if alert.is_removed:
        return "over, because nothing is promised of it any more"
    return f"over, after {_lasted(alert)}"


def _lasted(alert: Alert) -> str:
    return lasting_words(max(0, (alert.ended_at or alert.seen_at) - alert.since))


def _fired_share(view: SloView) -> str:
    """Which share was bad over the long window of the row."""
    fired = view.firing[0]
    share = counted_share(view.alarming, fired.long_burn * view.slo.objective.error_budget)
    over = length_words(fired.row.long_s)
    return f"{share} {bad_word(view)} over {over} (allowed {allowed_words(view)})"


def _started(found: Burning) -> str:
    """After which deploy it began, where one came within the hour before."""
    if found.suspect is None or found.onset is None:
        return ""
    ago_s = found.onset.at - found.suspect.at
    if not 0 <= ago_s <= _HORIZON_S:
        return ""
    when = f"{lasting_words(ago_s)} after" if ago_s >= MINUTE_S else "with"
    return f"Started {when} {_deploy(found.suspect)}."


def _deploy(event: EventRow) -> str:
    word = "release" if event.kind is EventKind.RELEASE else "deploy"
    return f"{word} {version_of(event)}"


def _promised(view: SloView) -> Iterator[str]:
    """What is promised, and whether it is but an example."""
    yield f"{alarm_name(view)}: {view.alarming.promise}, {window_words(view.window_kind)}."
    if view.is_generated:
        yield "The figures are generated, to try things on."


def _factors(firing: Sequence[Firing]) -> Iterator[str]:
    worst = firing[0]
    row = worst.row
    yield (
        f"Burns {burn_words(worst.long_burn)} the allowed rate over {length_words(row.long_s)},"
        f" {burn_words(worst.short_burn)} over {length_words(row.short_s)};"
        f" fires above {burn_words(worst.factor)}."
    )
    if worst.is_demoted:
        yield "A ticket, no page: its counts are partly measured, estimated or disputed."


def _links(
    alert: Alert, view: SloView | None, service: Service | None, config: Config, now: int
) -> Iterator[tuple[str, str]]:
    """Where to look, at the time of the alert: what to do first."""
    span = Span(min(alert.since, now - MINUTE_S) - _LEAD_S, now)
    if service is not None:
        for link in service_links(service, service.name, span):
            yield link.name, link.address
    if config.alerting.address:
        yield "burnline", f"{config.alerting.address}{NOW_ADDRESS}"
        if not alert.kind.is_burn:
            yield "Data health", f"{config.alerting.address}{HEALTH_ADDRESS}"
        if view is not None:
            yield "Objective", f"{config.alerting.address}{objective_address(view.name)}"
    if view is not None and (query := _query(view.alarming, config, span)):
        yield query


def _query(view: SloView, config: Config, span: Span) -> tuple[str, str] | None:
    source = next((one for one in config.sources if one.name == view.slo.source), None)
    if source is None or source.kind != "prometheus":
        return None
    link = prometheus_link(source.address, source_query(view.slo, source.kind, span), span)
    return None if link is None else (link.name, link.address)
