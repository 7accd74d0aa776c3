"""What is told of an alert, in words: what fails first, the factor last, links at its time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from slo.notices import Happening, Notice
from slo.spans import Span

_LEAD_S, _MINUTE_S, _HORIZON_S = 1_800, 60, 3_600
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
    return Notice(
        key=alert.key,
        happening=happening,
        severity=alert.severity.value,
        subject=alert.subject,
        service=name,
        team=service.team if service else "",
        began_at=alert.since,
        at=now,
        summary=_summary(alert, happening, view, found, now),
        lines=tuple(_lines(alert, happening, view, found, now)),
        links=tuple(_links(alert, view, service, config, now)),
        labels=(*labels, ("alertname", _NAMES.get(alert.kind, _BURN))),
        valid_s=max(_LEAST_VALID_S, _MISSED * config.alerting.every_s),
        acknowledged_by=alert.acknowledged_by,
    )


def _summary(
    alert: Alert, happening: Happening, view: SloView | None, found: Burning | None, now: int
) -> str:
    """The first line: what fails, for how long, when the budget ends, after which deploy."""
    if not alert.kind.is_burn:
        is_source = alert.kind is AlertKind.STALE
        return (_stale if is_source else _no_data)(alert, happening, now)
    who = alert.subject if view is None else alarm_name(view)
    if happening is Happening.RESOLVED:
        return f"{who}: {_over(alert)}. {_left(view)}".strip()
    if happening is Happening.RECOVERING:
        since = near_words(alert.phase_at, now)
        return f"{who}: recovering since {since}, nothing fires any more. {_left(view)}".strip()
    if found is not None:
        return f"{sentence(found)} {_started(found)}".strip()
    if view is not None and view.firing:
        return f"{who}: {_share(view.alarming)}. {_left(view)}".strip()
    until = near_words(alert.seen_at, now)
    return f"{who}: cannot be judged, its data end {until}; it fired until then."


def _no_data(alert: Alert, happening: Happening, now: int) -> str:
    """That data of some SLOs are missing, since when: not those of their whole source."""
    names = alert.names
    is_one = len(names) == 1
    who = names[0] if is_one else f"{len(names)} SLOs of source {alert.source}"
    named = "" if is_one else f": {_first(names)}"
    if happening is Happening.RESOLVED:
        return f"{who}: data come in again, {_lasted(alert)} after they first ended{named}."
    if happening is Happening.RECOVERING:
        return f"{who}: data come in again since {near_words(alert.phase_at, now)}{named}."
    out = f"{who}: {ended_words(alert, now)}"
    if is_one:
        return f"{out}, though its source goes on: it is not judged."
    return f"{out}, though it goes on. They are not judged{named}."


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _stale(alert: Alert, happening: Happening, now: int) -> str:
    if happening is Happening.RESOLVED:
        return f"Source {alert.subject}: on time again, after {_lasted(alert)}."
    count = len(alert.slos)
    slos = f"{count} SLO{'' if count == 1 else 's'}"
    cannot = "cannot" if happening is not Happening.RECOVERING else "could not"
    since = near_words(alert.phase_at, now)
    word = "on time again" if happening is Happening.RECOVERING else f"no data since {since}"
    return f"Source {alert.subject}: {word}. {slos} {cannot} be judged: {_first(alert.slos)}."


def _over(alert: Alert) -> str:
    if alert.is_removed:
        return "over, because nothing is promised of it any more"
    return f"over, after {_lasted(alert)}"


def _lasted(alert: Alert) -> str:
    return lasting_words(max(0, (alert.ended_at or alert.seen_at) - alert.since))


def _left(view: SloView | None) -> str:
    """The budget left of what alarms, else of the SLO."""
    alarming = None if view is None else view.alarming
    if alarming is None or alarming.budget_remaining is None:
        return ""
    return left_sentence(alarming)


def _share(view: SloView) -> str:
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
    when = f"{lasting_words(ago_s)} after" if ago_s >= _MINUTE_S else "with"
    return f"Started {when} {_deploy(found.suspect)}."


def _deploy(event: EventRow) -> str:
    word = "release" if event.kind is EventKind.RELEASE else "deploy"
    return f"{word} {version_of(event)}"


def _lines(
    alert: Alert, happening: Happening, view: SloView | None, found: Burning | None, now: int
) -> Iterator[str]:
    """What follows, the most pressing first: whether it goes on, what is left, the factor last."""
    is_over = happening is Happening.RESOLVED
    if not alert.kind.is_burn and not is_over:
        yield "What burns meanwhile is not seen; alerts that fired are kept alive."
    elif alert.frozen_at is not None and not is_over:
        yield "No data come in: the alert is kept as it stood, and nothing is known of the present."
    is_burning = happening in {Happening.FIRING, Happening.STILL_FIRING} and alert.kind.is_burn
    if is_burning and found is not None and alert.frozen_at is None:
        yield f"{still_word(found)} {_left(view)}".strip()
    if alert.acknowledged_by and not is_over:
        yield f"{alert.acknowledged_by} looks after it."
    yield _when(alert, now)
    if view is not None:
        yield from _promised(view)
        if is_burning and view.firing:
            yield from _factors(view.firing)


def _when(alert: Alert, now: int) -> str:
    """When it began, and at which moment what is told was so: it may be read much later."""
    began = f"Began {'before ' if alert.is_open else ''}{near_words(alert.since, now)}"
    late = alert.judged_late_at
    judged = "" if late is None else f", first judged {near_words(late, now)}"
    until = "" if alert.ended_at is None else f", ended {near_words(alert.ended_at, now)}"
    return f"{began}{judged}{until}; as of {moment_words(now)}."


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
    span = Span(min(alert.since, now - _MINUTE_S) - _LEAD_S, now)
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
