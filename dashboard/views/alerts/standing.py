"""What people have done about the alerts of each SLO, and who was told of them: lines for pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.views.addresses import HEALTH_ADDRESS, objective_address
from dashboard.views.alerts.blocks import Ledger, ledger
from dashboard.views.alerts.words import (
    about_words,
    phase_words,
    seen_words,
    silence_words,
    silenced_words,
    subject_words,
    told_words,
    when_words,
)
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from slo.alerting import Alert, AlertKind, Phase
from slo.lengths import DAY_S
from slo.silences import Silence


@dataclass(frozen=True, slots=True)
class Standing:
    """A line about the alert of one SLO; `is_seen` and `is_silenced` say what needs no button any more."""

    words: str
    is_seen: bool
    is_silenced: bool

    @property
    def is_attended(self) -> bool:
        """Whether someone knows of it: whoever looks after it, or silenced it."""
        return self.is_seen or self.is_silenced


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """An alert of missing data: its source or SLOs, since when, which SLOs nobody can judge.

    `subject` is what an acknowledgement names, `name` what it is called, `about` what a silence
    of it names, `address` where it is shown.
    """

    subject: str
    name: str
    kind: AlertKind
    words: str
    slos: tuple[str, ...]
    about: Mapping[str, str]
    address: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Silent:
    """A silence in force or to come, by its key; `name` says what is silent until when."""

    key: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Handled:
    """What is known of all alerts: how each SLO stands that fires, what recovers, is blind or silenced."""

    standings: Mapping[str, Standing]
    recovering: tuple[str, ...] = ()
    blind: tuple[Blind, ...] = ()
    silent: tuple[Silent, ...] = ()

    def of(self, view: SloView) -> Standing | None:
        """The standing of one SLO; None where no alert of it is live."""
        return self.standings.get(view.name)


NOTHING_KNOWN = Handled({})


def handled(scene: Scene) -> Handled:
    """What the store knows at the scene's moment; nothing of a moment that was asked for.

    The alerts of another day are in the list of those that are over: who looks back at a moment
    does not act on it.
    """
    if scene.is_fixed:
        return NOTHING_KNOWN
    since, slos = scene.as_of - DAY_S, scene.config.slos
    made = ledger(scene.reader.alerts, scene.as_of, since=since, slos=slos)
    is_told = bool(scene.config.channels)
    known = {one.key: _standing(one, made, is_told=is_told) for one in made.live}
    live = [one for one in made.live if one.kind.is_burn]
    standings: dict[str, Standing] = {}
    for alert in sorted(live, key=_by_gravity):
        standings.setdefault(alert.subject, known[alert.key])
    missing = (one for one in made.live if not one.kind.is_burn and one.phase is Phase.FIRING)
    recovering = tuple(
        f"{one.subject}: {phase_words(one, made.now)}"
        for one in live
        if one.phase is Phase.RECOVERING and one.frozen_at is None
    )
    return Handled(
        standings,
        recovering,
        tuple(_blind(one, known[one.key], made.now) for one in missing),
        tuple(_silent(one, made.now) for one in made.silences),
    )


def _silent(silence: Silence, now: int) -> Silent:
    name = f"{about_words(silence)} {when_words(silence, now)}"
    return Silent(silence.key, name, silence_words(silence, now))


def _blind(alert: Alert, standing: Standing, now: int) -> Blind:
    """The line about missing data; of one SLO its page shows more, else the page of sources."""
    is_source = alert.kind is AlertKind.STALE
    slos = alert.about
    is_one = not is_source and len(slos) == 1
    source = alert.subject if is_source else alert.source
    cannot = f": {len(slos)} SLO{'' if len(slos) == 1 else 's'} cannot be judged"
    return Blind(
        subject=alert.names[0],
        name=subject_words(alert),
        kind=alert.kind,
        words=phase_words(alert, now) + ("" if is_one else cannot),
        slos=slos,
        about={"slo": slos[0]} if is_one else {"source": source},
        address=objective_address(slos[0]) if is_one else HEALTH_ADDRESS,
        standing=standing,
    )


def _standing(alert: Alert, made: Ledger, *, is_told: bool) -> Standing:
    silence = made.silence_of(alert)
    silenced = silenced_words(silence, made.now)
    told = told_words(made.told_of(alert), made.now)
    nobody = "" if silence else "nobody was told" if is_told else "no channel is told of it"
    said = (f"told {told}" if told else nobody, seen_words(alert, made.now), silenced)
    return Standing(
        " · ".join(part for part in said if part), bool(alert.acknowledged_by), silence is not None
    )


def _by_gravity(alert: Alert) -> tuple[bool, int]:
    return alert.kind is not AlertKind.PAGE, alert.began_at
