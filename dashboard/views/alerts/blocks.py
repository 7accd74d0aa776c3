"""Alerts, what was told of them and what silences them, as blocks for screen and terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from collectors.store.alert_book import AlertPages, NoticeState, StoredNotice
from dashboard.views.alerts.belonging import service_of
from dashboard.views.alerts.words import (
    about_words,
    alert_mark,
    happening_words,
    kind_words,
    lasted_words,
    notice_words,
    phase_words,
    seen_words,
    silenced_words,
    subject_words,
    told_words,
    when_words,
)
from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.slos.marks import Tone
from dashboard.views.words import near_words
from slo.alerting import Alert
from slo.objective import Slo
from slo.silences import Silence, silence_of

_UNJUDGED = (
    "Not all has been judged yet: burnline up, or burnline collect --once, asks every source and"
    " does."
)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the store knows of alerts at a moment, of one subject or of all.

    `judged_at` is when all was last judged, None when it never was: that none is live is only
    true of then. `services` are those of the SLOs by name.
    """

    now: int
    alerts: tuple[Alert, ...]
    told: tuple[StoredNotice, ...]
    silences: tuple[Silence, ...]
    judged_at: int | None = None
    services: Mapping[str, str] = field(default_factory=dict)

    @property
    def live(self) -> tuple[Alert, ...]:
        """The alerts that are not over."""
        return tuple(one for one in self.alerts if one.is_live)

    def told_of(self, alert: Alert) -> tuple[StoredNotice, ...]:
        """What was told of one alert, the oldest first."""
        return tuple(one for one in self.told if one.alert == alert.key)

    def silence_of(self, alert: Alert) -> Silence | None:
        """What silences an alert now; None where nothing does."""
        return silence_of(alert, service_of(alert, self.services), self.silences, self.now)


def ledger(
    pages: AlertPages,
    now: int,
    *,
    since: int,
    slos: Iterable[Slo] = (),
    subjects: Sequence[str] = (),
) -> Ledger:
    """What was live or told after `since`, and the silences in force or to come.

    `slos` are those that are promised: whoever silences their service silences them.
    """
    found = pages.since(since)
    if subjects:
        found = tuple(one for one in found if _is_of(one, subjects))
    keys = {one.key for one in found}
    told = tuple(one for one in pages.told(since=since) if one.alert in keys)
    services = {slo.name: slo.service for slo in slos}
    return Ledger(now, found, told, pages.silences(now), pages.judged_at(), services)


def live_block(made: Ledger) -> Block:
    """What fires, since when, who was told and who looks after it."""
    headings = ("Alert", "Stands", "Told", "Looked after")
    rows = tuple(
        (
            Cell(
                subject_words(one), alert_mark(one), alert_mark(one).tone, note=kind_words(one.kind)
            ),
            Cell(phase_words(one, made.now), note=f"{lasted_words(one, made.now)} in all"),
            Cell(
                told_words(made.told_of(one), made.now) or "nobody",
                note=silenced_words(made.silence_of(one), made.now),
            ),
            Cell(seen_words(one, made.now) or "nobody yet"),
        )
        for one in made.live
    )
    words = _judged_words(made, is_calm=not rows)
    return Block("Alerts", words=words, headings=tuple(map(Heading, headings)), rows=rows)


def _judged_words(made: Ledger, *, is_calm: bool) -> tuple[str, ...]:
    """Of when all that is: who judges no more says nothing of now."""
    if made.judged_at is None:
        return (_UNJUDGED,) if is_calm else ()
    at = near_words(made.judged_at, made.now)
    calm = f"Nothing asked for anyone when all was last judged, at {at}."
    return (calm,) if is_calm else (f"As all was last judged, at {at}.",)


def past_block(made: Ledger) -> Block | None:
    """The alerts that are over, the newest first; None where there were none."""
    headings = (Heading("Began"), Heading("Kind"), Heading("Took", is_figure=True), Heading("Told"))
    over = [one for one in made.alerts if not one.is_live]
    rows = tuple(
        (
            Cell(near_words(one.since, made.now), note=subject_words(one)),
            Cell(kind_words(one.kind)),
            Cell(lasted_words(one, made.now)),
            Cell(told_words(made.told_of(one), made.now) or "nobody"),
        )
        for one in over
    )
    return Block("Alerts that are over", headings=headings, rows=rows) if rows else None


def told_block(made: Ledger) -> Block | None:
    """Every notice, the newest first; None where nothing was told."""
    headings = tuple(map(Heading, ("When", "Channel", "What", "Became of it")))
    subjects: Mapping[str, str] = {one.key: subject_words(one) for one in made.alerts}
    rows = tuple(
        (
            Cell(near_words(one.at, made.now)),
            Cell(one.channel),
            Cell(f"{subjects[one.alert]} {happening_words(one)}"),
            Cell(notice_words(one, made.now), tone=_tone(one)),
        )
        for one in reversed(made.told)
    )
    return Block("What was told", headings=headings, rows=rows) if rows else None


def silences_block(silences: Iterable[Silence], now: int) -> Block | None:
    """The silences in force and to come; None where there are none."""
    headings = tuple(map(Heading, ("Silenced", "When", "By", "Why", "Key")))
    rows = tuple(
        (
            Cell(about_words(one)),
            Cell(when_words(one, now)),
            Cell(one.author),
            Cell(one.reason),
            Cell(one.key),
        )
        for one in silences
    )
    return Block("Silences", headings=headings, rows=rows) if rows else None


def whole(made: Ledger) -> Iterator[Block]:
    """All of it."""
    yield live_block(made)
    rest = (past_block(made), told_block(made), silences_block(made.silences, made.now))
    yield from (one for one in rest if one is not None)


def _is_of(alert: Alert, subjects: Sequence[str]) -> bool:
    """Whether it is about one of the SLOs, a member of its group or a source that it needs."""
    is_own = any(map(alert.is_of, subjects))
    return is_own or not set(alert.slos).isdisjoint(subjects)


def _tone(one: StoredNotice) -> Tone:
    if one.state is NoticeState.SENT or not one.attempts:
        return Tone.PLAIN
    return Tone.RED if one.state is NoticeState.FAILED else Tone.AMBER
