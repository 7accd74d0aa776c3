"""Policies tried on the history of an SLO, and what that history says of its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.views.backtest.begun import Begun, begun, onset
from dashboard.views.backtest.history import (
    History,
    history,
    refuse_nothing,
)
from dashboard.views.backtest.members import Group, composed, group_of
from dashboard.views.backtest.recorded import Records, records
from dashboard.views.backtest.replaying import Played, played, stretches
from dashboard.views.counted.plan import policy_of
from dashboard.views.counted.series_index import RETIRED_S
from dashboard.views.upkeep.scene import Scene
from slo.backtest import Backtest, backtest
from slo.burn import policy_windows
from slo.errors import InputError
from slo.known_policies import Candidate
from slo.objective import Objective, Slo
from slo.onset import Since
from slo.policy import Policy
from slo.replay import outlived
from slo.spans import Span

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
    the members of a group that were not replayed.
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

    Of a group the members with the most bad events are replayed beside the sum, a composite with
    all of its members.

    Raises:
        InputError: nothing was measured in the span, or a policy has no rows for all of it.
    """
    longest = [longest_s(slo, one, scene.as_of) for one in candidates]
    lead_s = max(longest, default=0)
    found, left_out = composed(scene, _history(scene, slo, asked, lead_s))
    for one in candidates:
        _refuse_unlike(scene, slo, one, found.span)
    known, group = records(scene, slo, found.span), group_of(scene, found)
    made = tried_on(scene, found, candidates, known, group)
    made = replace(made, left_out=made.left_out + left_out)
    corrected_s = scene.reader.excluded_s(found.series.ids, found.span)
    if not corrected_s:
        return made
    raw = history(scene.reader, slo, asked, as_of=scene.as_of, lead_s=lead_s, is_corrected=False)
    assert raw is not None, "it is the same history"
    raw, _ = composed(scene, raw, is_corrected=False)
    sides = tuple(_beside(one, raw, made.records) for one in made.sides)
    return replace(made, sides=sides, corrected_s=corrected_s)


def _refuse_unlike(scene: Scene, slo: Slo, one: Candidate, span: Span) -> None:
    """Refuse a policy whose windows grow with a calendar's: no alert rule has another each month.

    Raises:
        InputError: it has other windows in one period of the span than in another.
    """
    policies = (one.rows(slo.objective, whole_s) for _, whole_s in stretches(slo, span))
    if len({tuple((row.long_s, row.short_s) for row in rows) for rows in policies}) > 1:
        raise InputError(
            f'the windows of "{one.name}" grow with the window of {slo.name}, which is not always '
            "as long: it cannot be tried over calendar periods",
            where=f"{scene.config.path}, slo {slo.name}",
            mend='try it within one period, or the rows themselves: --policy "page 2% 1h/5m"',
        )


def _beside(side: Side, raw: History, known: Records) -> Side:
    """The side with what its policy would have done as it was measured."""
    return replace(side, as_measured=_tested(played(raw, side.candidate.rows), known))


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
    read = {one.source for one in slo.leaves}
    return Tried(
        slo=slo,
        span=found.span,
        as_of=scene.as_of,
        bin_s=found.bin_s,
        minutes_from=found.minutes_from,
        sides=tuple(sides),
        records=known,
        is_generated=any(one.is_generated for one in scene.config.sources if one.name in read),
        left_out=members.left_out,
    )


def _history(scene: Scene, slo: Slo, asked: Span | None, lead_s: int) -> History:
    found = history(scene.reader, slo, asked, as_of=scene.as_of, lead_s=lead_s)
    if found is None:
        refuse_nothing(scene, slo, asked)
    return found


def longest_s(slo: Slo, candidate: Candidate, at: int) -> int:
    """How far the longest window of a policy looks back."""
    policy = candidate.rows(slo.objective, slo.window.whole(at).length_s)
    return max(policy_windows(policy), default=0)


def _side(found: History, candidate: Candidate, known: Records, members: Sequence[History]) -> Side:
    whole = played(found, candidate.rows)
    made = _tested(whole, known)

    def member(one: History) -> Member:
        own = played(one, candidate.rows)
        left = replace(own, found=outlived(own.found, whole.found, RETIRED_S))
        beside = _tested(left, known, made)
        return Member(one.slo, beside, _onsets(own, beside))

    return Side(
        candidate,
        made,
        _onsets(whole, made),
        members=tuple(map(member, members)),
        begun=tuple(begun(whole, made)),
    )


def _tested(found: Played, known: Records, beside: Backtest | None = None) -> Backtest:
    return backtest(found.found, known.found, beside, found.frozen)


def _onsets(found: Played, made: Backtest) -> tuple[Since | None, ...]:
    return tuple(onset(found, one) for one in made.pages)
