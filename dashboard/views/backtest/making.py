"""Policies tried on the history of an SLO, and what that history says of its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn
from zoneinfo import ZoneInfo

from collectors.store.windows import WindowAsk
from dashboard.views.backtest.begun import Begun, begun, onset
from dashboard.views.backtest.history import (
    QUARTER_S,
    History,
    Kept,
    history,
    kept,
    replayed,
)
from dashboard.views.backtest.members import Group, group_of
from dashboard.views.backtest.recorded import Records, records
from dashboard.views.counted.binned import bins_of
from dashboard.views.counted.plan import Looked, looked_at, policy_of
from dashboard.views.counted.series_index import RETIRED_S
from dashboard.views.upkeep.scene import Scene
from slo.advise import Advice, Lowest, Month, advise, lowest_window
from slo.backtest import Backtest, backtest
from slo.burn import policy_windows
from slo.coverage import coverage, is_enough
from slo.errors import ConfigError, InputError
from slo.indicator import Composite
from slo.known_policies import Candidate
from slo.objective import Objective, Slo
from slo.onset import Since
from slo.periods import NamedPeriod, ReportPeriod, last_complete
from slo.policy import Policy
from slo.replay import outlived
from slo.spans import CalendarWindow, RollingWindow, Span
from slo.tally import Tally

OWN = "own"
MOST_SIDES = 2


@dataclass(frozen=True, slots=True)
class Member:
    """What a policy would have done for a member of a group, beside what it did for the sum."""

    slo: Slo
    found: Backtest
    onsets: tuple[Since | None, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One policy and what it would have done; `onsets` say since when it burnt before each page.

    `as_measured` is what it would have done before anything was corrected; None where nothing was.
    `members` are those of a group that were replayed, `begun` the counts that the latest pages
    began on.
    """

    candidate: Candidate
    found: Backtest
    onsets: tuple[Since | None, ...]
    as_measured: Backtest | None = None
    members: tuple[Member, ...] = ()
    begun: tuple[Begun, ...] = ()

    @property
    def member_pages(self) -> int:
        """How many pages would have gone out for members while none stood for the sum."""
        return sum(len(one.found.pages) for one in self.members)

    @property
    def found_by_any(self) -> int:
        """How many of the recorded ones had a page, be it of the sum or of a member."""
        paged = self.first_to_page
        return sum(one.page is not None or one.recorded.key in paged for one in self.found.met)

    @property
    def first_to_page(self) -> dict[str, Member]:
        """By the key of what was recorded the first member with a page of its own meanwhile."""
        found: dict[str, Member] = {}
        for member in self.members:
            for one in member.found.met:
                if one.page is not None:
                    found.setdefault(one.recorded.key, member)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The policies that were tried on an SLO, over the same span and the same records.

    `corrected_s` is the time of the span, by the clock, that corrections exclude; `left_out` are
    the members of a group that were not replayed, `series_ids` what it counts in the store.
    """

    slo: Slo
    span: Span
    as_of: int
    bin_s: int
    minutes_from: int | None
    sides: tuple[Side, ...]
    records: Records
    is_generated: bool
    corrected_s: int = 0
    left_out: int = 0
    series_ids: tuple[int, ...] = ()


def own_policy(slo: Slo) -> Candidate:
    """The SLO's own rows: those that are written, else the default ones."""
    says = "the default rows, which fit the objective" if slo.policy is None else "its own rows"

    def rows(_objective: Objective, window_s: int) -> Policy:
        return policy_of(slo, window_s)

    return Candidate(OWN, says, rows)


def tried(
    scene: Scene, slo: Slo, candidates: Sequence[Candidate], asked: Span | None = None
) -> Tried:
    """What each policy would have done over the span, or over all that is stored.

    Of a group the members with the most bad events are replayed beside the sum.

    Raises:
        ConfigError: the SLO is made of others.
        InputError: nothing was measured in the span.
    """
    longest = [longest_s(slo, one, scene.as_of) for one in candidates]
    lead_s = max(longest, default=0)
    found = _history(scene, slo, asked, lead_s)
    known, group = records(scene, slo, found.span), group_of(scene, found)
    made = tried_on(scene, found, candidates, known, group)
    corrected_s = scene.reader.excluded_s(found.series.ids, found.span)
    if not corrected_s:
        return made
    raw = history(scene.reader, slo, asked, as_of=scene.as_of, lead_s=lead_s, is_corrected=False)
    assert raw is not None, "it is the same history"
    sides = tuple(_beside(one, raw, made.records) for one in made.sides)
    return replace(made, sides=sides, corrected_s=corrected_s)


def _beside(side: Side, raw: History, known: Records) -> Side:
    """The side with what its policy would have done as it was measured."""
    return replace(side, as_measured=backtest(replayed(raw, side.candidate.rows), known.found))


def tried_on(
    scene: Scene,
    found: History,
    candidates: Sequence[Candidate],
    known: Records,
    group: Group | None = None,
) -> Tried:
    """What each policy would have done over a history, held against what was recorded."""
    slo, members = found.slo, group or Group()
    sides = (_side(found, one, known, members.members) for one in candidates)
    sources = {one.name: one for one in scene.config.sources}
    return Tried(
        slo=slo,
        span=found.span,
        as_of=scene.as_of,
        bin_s=found.bin_s,
        minutes_from=found.minutes_from,
        sides=tuple(sides),
        records=known,
        is_generated=slo.source in sources and sources[slo.source].is_generated,
        left_out=members.left_out,
        series_ids=found.series.ids,
    )


def advised(scene: Scene, slo: Slo, asked: Span | None = None) -> Advice:
    """Which targets the history of the SLO would have met, by the months of its time zone.

    Raises:
        ConfigError: the SLO is made of others.
        InputError: nothing was measured in the span.
    """
    _refuse_composite(slo, scene)
    found = kept(scene.reader, slo, asked, scene.as_of)
    if found is None:
        _refuse_nothing(slo, scene, asked)
    zone = slo.window.zone if isinstance(slo.window, CalendarWindow) else scene.config.timezone
    periods = tuple(_months(zone, found.span))
    last = looked_at(slo.window, found.span.until, found.series.bin_s)
    looked = (last.span, *(one.span for one in periods))
    spans = [one.clipped_to(found.span) for one in looked]
    counts = scene.reader.windows([WindowAsk(found.series.ids, tuple(spans))])[0]
    months = [_month(slo, found, *pair) for pair in zip(periods, counts[1:], strict=True)]
    if not isinstance(slo.window, RollingWindow):
        return advise(slo.objective, months, ())
    whole = Span(found.span.since, found.span.until - found.span.until % QUARTER_S)
    quarters = bins_of(scene.reader, found.series.ids, slo.treatment, QUARTER_S, whole)
    windows = (lowest_window(quarters, slo.window.length_s), _last(slo, found, last, counts[0]))
    return advise(slo.objective, months, windows)


def _months(zone: ZoneInfo, span: Span) -> Iterator[NamedPeriod]:
    """The months of which some of the span is a part, the earliest first."""
    period = last_complete(ReportPeriod.MONTH, zone, span.since).following
    while period.span.since < span.until:
        yield period
        period = period.following


def _month(slo: Slo, found: Kept, period: NamedPeriod, raw: Tally | None) -> Month:
    """The counts of a month; how much of it was measured, corrections do not change."""
    so_far = Span(period.span.since, min(period.span.until, found.span.until))
    members = found.series.members(so_far.until)
    return Month(
        period,
        None if raw is None else raw.under(slo.treatment),
        coverage(raw, so_far, members),
        is_enough=is_enough(raw, period.span, members),
    )


def _last(slo: Slo, found: Kept, looked: Looked, raw: Tally | None) -> Lowest | None:
    """The window that ends with the data, as `check` has it, though in the middle of a quarter."""
    tally = None if raw is None else raw.under(slo.treatment)
    members = found.series.members(looked.span.until)
    if tally is None or tally.sli is None or not is_enough(tally, looked.whole, members):
        return None
    return Lowest(looked.whole.length_s, looked.span.until, tally.sli)


def _history(scene: Scene, slo: Slo, asked: Span | None, lead_s: int) -> History:
    _refuse_composite(slo, scene)
    found = history(scene.reader, slo, asked, as_of=scene.as_of, lead_s=lead_s)
    if found is None:
        _refuse_nothing(slo, scene, asked)
    return found


def _refuse_nothing(slo: Slo, scene: Scene, asked: Span | None) -> NoReturn:
    span = "" if asked is None else " in that span"
    raise InputError(
        f"nothing is stored of {slo.name}{span}",
        where=f"{scene.config.path}, slo {slo.name}",
        mend="collect its source first (`burnline collect --once --since 90d`)",
    )


def _refuse_composite(slo: Slo, scene: Scene) -> None:
    if not isinstance(slo.indicator, Composite):
        return
    members = ", ".join(one.name for one in slo.leaves)
    raise ConfigError(
        f"{slo.name} is made of others and counts nothing of its own",
        where=str(scene.config.path),
        mend=f"try one of its members: {members}",
    )


def longest_s(slo: Slo, candidate: Candidate, at: int) -> int:
    """How far the longest window of a policy looks back."""
    policy = candidate.rows(slo.objective, slo.window.whole(at).length_s)
    return max(policy_windows(policy), default=0)


def _side(found: History, candidate: Candidate, known: Records, members: Sequence[History]) -> Side:
    whole = replayed(found, candidate.rows)
    made = backtest(whole, known.found)

    def member(one: History) -> Member:
        own = outlived(replayed(one, candidate.rows), whole, RETIRED_S)
        beside = backtest(own, known.found, beside=made)
        return Member(one.slo, beside, _onsets(one, beside))

    return Side(
        candidate,
        made,
        _onsets(found, made),
        members=tuple(map(member, members)),
        begun=tuple(begun(found, made)),
    )


def _onsets(found: History, made: Backtest) -> tuple[Since | None, ...]:
    return tuple(onset(found, one) for one in made.pages)
