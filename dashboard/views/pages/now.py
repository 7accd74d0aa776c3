"""Everything the page *Now* shows: what asks for someone, what happened before, what else to look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from dashboard.views.alerts.standing import NOTHING_KNOWN, Handled, Standing, handled
from dashboard.views.apart_words import breakdown_sentence, members_sentence
from dashboard.views.counted.breakdown import breakdowns
from dashboard.views.counted.burning import Burning, burning
from dashboard.views.counted.families import alarms
from dashboard.views.happened.happenings import title_of
from dashboard.views.happened.links import Link, service_links
from dashboard.views.pages.fleet import board_of, judged, live_alerts
from dashboard.views.slos.marks import Mark, Tone, level_mark, level_tone
from dashboard.views.slos.overview import by_need
from dashboard.views.slos.row_words import left_figure, level_words, now_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import Board
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import NOTHING, date_words, duration_words, near_words
from slo.facts import EventKind, EventRow
from slo.judgement import Now
from slo.policy import Severity
from slo.spans import Span

_LISTED = 5
_LEAD_S = 1_800
_FOLD_S, _FOLDED = 900, 2


@dataclass(frozen=True, slots=True)
class PastIncident:
    """One incident: its name, when it began, what it was, how long it took."""

    key: str
    day: str
    what: str
    took: str


@dataclass(frozen=True, slots=True)
class Past:
    """Incidents of a service, the latest first; `median_s` over all `count` that have ended."""

    service: str
    rows: tuple[PastIncident, ...]
    median_s: int | None
    count: int

    @property
    def summary(self) -> str:
        """How long they took, and out of how many that is."""
        if self.median_s is None:
            return ""
        return f"median {duration_words(self.median_s)} to restore, n = {self.count}"


@dataclass(frozen=True, slots=True)
class Quiet:
    """An objective that asks for nobody and should be looked at all the same."""

    name: str
    words: str
    figure: str
    mark: Mark
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class NowPage:
    """The page: the gravest burn first, the others, the past of its service, the quiet rest.

    `apart` says which members of the gravest fire and what its bad events have in common,
    `folded` counts those that froze together, with no need of a line each; `last` says what was
    last where nothing fires, `handled` who was told and who looks after it.
    """

    board: Board
    gravest: Burning | None
    others: tuple[Burning, ...]
    links: tuple[Link, ...]
    past: Past | None
    quiet: tuple[Quiet, ...]
    folded: str = ""
    last: str = ""
    apart: tuple[str, ...] = ()
    handled: Handled = NOTHING_KNOWN

    @property
    def firing(self) -> tuple[tuple[SloView, Standing], ...]:
        """Whatever fires with the standing of its alert, in the order of the page."""
        found = () if self.gravest is None else (self.gravest, *self.others)
        known = ((one.view, self.handled.of(one.view)) for one in found)
        return tuple((view, standing) for view, standing in known if standing is not None)


def now_of(scene: Scene) -> NowPage:
    """The page at the scene's moment."""
    views, known = by_need(judged(scene)), handled(scene)
    wholes = {one.name: view for view in views for one in alarms(view)}
    asking = (one for view in views for one in alarms(view))
    fired = sorted(asking, key=lambda one: _urgency(one, known.of(one)))
    live = live_alerts(scene) if fired else ()
    found = tuple(burning(view, scene.reader, live) for view in fired)
    gravest = found[0] if found else None
    happened = _incidents(scene)
    told = {name for one in known.blind for name in one.slos}
    quiet = tuple(view for view in views if _is_quiet(view, told))
    together = _frozen_together(quiet)
    return NowPage(
        board=board_of(scene, views),
        gravest=gravest,
        others=found[1:],
        links=() if gravest is None else _links(scene, gravest),
        apart=() if gravest is None else _apart(scene, wholes[fired[0].name], gravest),
        past=None if gravest is None else _past(gravest.view.service, happened, scene.as_of),
        quiet=tuple(_quiet(view) for view in quiet if view not in together),
        folded=_folded(together, len(views)),
        last="" if found else _last(happened, scene.as_of),
        handled=known,
    )


def _asks(view: SloView) -> bool:
    """Whether it fires, or fired when its data ended: alerts freeze, they do not resolve."""
    return bool(view.firing)


def _urgency(view: SloView, standing: Standing | None) -> tuple[bool, bool, Fraction, str]:
    """Pages before tickets, what nobody has seen or silenced first, then the faster burn."""
    pages = any(fired.severity is Severity.PAGE for fired in view.firing)
    attended = standing is not None and standing.is_attended
    return not pages, attended, -view.firing[0].long_burn, view.name


def _links(scene: Scene, found: Burning) -> tuple[Link, ...]:
    service = next((one for one in scene.config.services if one.name == found.view.service), None)
    until = found.course.span.until
    since = found.course.span.since if found.onset is None else found.onset.at - _LEAD_S
    return service_links(service, found.view.service, Span(min(since, until), until))


def _apart(scene: Scene, view: SloView, found: Burning) -> tuple[str, ...]:
    """Which members fire, and what most of the bad events since the onset have in common."""
    since = found.onset or found.fires
    apart = breakdowns(scene.reader, view, None if since is None else since.at)
    said = (members_sentence(view), *(breakdown_sentence(view, one) for one in apart))
    return tuple(sentence for sentence in said if sentence)


def _incidents(scene: Scene) -> tuple[EventRow, ...]:
    """The incidents that began before the moment, the latest first."""
    found = scene.reader.events(kind=EventKind.INCIDENT)
    return tuple(sorted((one for one in found if one.at <= scene.as_of), key=_latest))


def _latest(event: EventRow) -> tuple[int, str]:
    return -event.at, event.key


def _past(service: str, happened: Sequence[EventRow], as_of: int) -> Past | None:
    """The incidents of the service; None where none is known."""
    own = [one for one in happened if service and one.service == service]
    ended = [one.ended_at - one.at for one in own if one.ended_at and one.ended_at <= as_of]
    rows = tuple(_past_incident(one, as_of) for one in own[:_LISTED])
    return Past(service, rows, int(median(ended)) if ended else None, len(ended)) if own else None


def _past_incident(event: EventRow, as_of: int) -> PastIncident:
    is_over = event.ended_at is not None and event.ended_at <= as_of
    took = duration_words(event.ended_at - event.at) if is_over and event.ended_at else "going on"
    return PastIncident(event.key, date_words(event.at), title_of(event) or NOTHING, took)


def _last(happened: Sequence[EventRow], as_of: int) -> str:
    """The last incident in a sentence; empty where none is known."""
    if not happened:
        return ""
    last = happened[0]
    row = _past_incident(last, as_of)
    what = ", ".join(part for part in (last.service, title_of(last)) if part)
    return f"The last incident: {row.key}{f' ({what})' if what else ''}, {row.day}, {row.took}."


def _is_quiet(view: SloView, told: Collection[str]) -> bool:
    """Whether it is worth a look though nobody is asked for, and nobody `told` that it is blind."""
    is_frozen = view.judgement.now is Now.FROZEN and view.name not in told
    worrying = level_mark(view) is not None or is_frozen
    return worrying and not _asks(view)


def _frozen_together(quiet: Sequence[SloView]) -> tuple[SloView, ...]:
    """Those that say nothing but that data ended, all at about the same time; none if few do."""
    frozen = [(view.ended_at, view) for view in quiet if not level_words(view)]
    ends = [ended for ended, _ in frozen if ended is not None]
    if not ends:
        return ()
    together = [
        view for ended, view in frozen if ended is not None and max(ends) - ended <= _FOLD_S
    ]
    return tuple(together) if len(together) >= _FOLDED else ()


def _folded(together: Sequence[SloView], count: int) -> str:
    """How many they are, and since when at the earliest."""
    ends = (view.ended_at for view in together)
    since = min((end for end in ends if end is not None), default=None)
    if since is None:
        return ""
    which = "others frozen" if len(together) < count else "objectives, all frozen"
    return f"{len(together)} {which} since {near_words(since, together[0].as_of)}"


def _quiet(view: SloView) -> Quiet:
    if not level_words(view):
        word = now_words(view)
        since = "" if view.ended_at is None else f" since {near_words(view.ended_at, view.as_of)}"
        return Quiet(view.name, f"{word}{since}", "", Mark.FROZEN, Tone.PLAIN)
    mark = level_mark(view)
    assert mark is not None
    return Quiet(view.name, level_words(view), left_figure(view), mark, level_tone(view))
