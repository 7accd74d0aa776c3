"""What the page of one SLO says in sentences: verdict, promise, freshness and what its charts show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from dashboard.views.attribution.falls import NOBODY, Cause
from dashboard.views.counted.course import CourseView, Share
from dashboard.views.counted.quantiles import Quantiles
from dashboard.views.shares import spent_words
from dashboard.views.slos.dates import brief_span, brief_words, dated_span, day_words, zone_of
from dashboard.views.slos.naming import alarm_name, alarm_part
from dashboard.views.slos.row_words import left_words, silence_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    budget_words,
    burn_words,
    duration_words,
    freshness_words,
    length_words,
    moment_words,
    percent_words,
    share_words,
    window_words,
)
from slo.judgement import Level, Now, State
from slo.lengths import DAY_S, HOUR_S
from slo.promise import good_words
from slo.spans import Span

_GAPS_NAMED = 2
_DENOMINATOR = 10**9
_LEAST = Fraction(1, 100)
_OF_TODAY = " of today's"


def verdict_words(view: SloView) -> str:
    """How the SLO stands, in one sentence; never surer than its figures."""
    if view.budget_remaining is None:
        return _without_budget(view)
    doubt = view.judgement.state
    doubts = {State.PARTIAL, State.CONFLICT} | ({State.ESTIMATED} if view.is_estimated else set())
    said = _frozen(view) if view.judgement.now is Now.FROZEN else _standing(view)
    return f"{said} ({doubt.words})" if doubt in doubts else said


def _without_budget(view: SloView) -> str:
    if view.judgement.state is State.NO_TRAFFIC:
        return f"{view.name} had no traffic in its window, so no budget is known"
    why = silence_words(view)
    return f"{view.name} is not measured{f': {why}' if why else ''}"


def _frozen(view: SloView) -> str:
    part = alarm_part(view)
    was = f" while {part or 'it'} fired" if view.firing else ""
    since = "" if view.ended_at is None else f": no data since {moment_words(view.ended_at)}"
    if not view.stale:
        since = ": not measured lately"
    return f"{view.name} is frozen{was}{since}; {left_words(view)} of its budget was left"


def _standing(view: SloView) -> str:
    left, so_far = left_words(view), "" if view.projected_remaining is None else " so far"
    if view.firing:
        return _firing(view)
    if _is_young(view):
        return _young(view)
    return f"{view.name} {_level(view)}: {left} left{so_far}"


def _firing(view: SloView) -> str:
    """What alarms with its own figures; what is left of the whole apart from them."""
    first, alarming = view.firing[0], view.alarming
    so_far = "" if view.projected_remaining is None else " so far"
    does = "is paging" if view.judgement.now is Now.PAGING else "has a ticket"
    how = f"burning {burn_words(first.long_burn)} over {length_words(first.row.long_s)}"
    left = f"{left_words(alarming)} of its budget left{so_far}"
    whole = "" if alarming is view else f"; of the whole {left_words(view)}"
    return f"{alarm_name(view)} {does}: {how}, {left}{whole}"


def _level(view: SloView) -> str:
    if view.judgement.level is Level.SPENT:
        done = "spent" if view.budget_remaining == 0 else "overspent"
        perhaps = "" if view.is_level_sure else "perhaps "
        return f"has {perhaps}{done} its budget"
    little = " with little of it" if view.judgement.level is Level.LOW else ""
    return f"is inside its budget{little}"


def _is_young(view: SloView) -> bool:
    """Whether next to nothing of the window was measured, and nothing of that was bad."""
    if view.tally is None or view.tally.bad or view.coverage is None:
        return False
    return view.coverage < _LEAST


def _young(view: SloView) -> str:
    """So little proves no budget: what was seen is told with how long that was."""
    seconds = int((view.coverage or 0) * view.span.length_s)
    return f"{view.name} lost nothing in the {duration_words(seconds)} measured"


def promise_words(view: SloView, owner: str) -> str:
    """What is promised, over which window with its dates and zone, and who answers for it."""
    window = f"{window_words(view.window_kind)}, {dated_span(view.whole, zone_of(view))}"
    return " · ".join(filter(None, [view.promise, window, owner]))


def owner_words(owner: str, team: str, service: str) -> str:
    """Whom to ask: the owner, else the team, else at least which service it is."""
    if owner:
        return f"owner {owner}"
    if team:
        return f"team {team}"
    return f"service {service}" if service else ""


def fresh_words(view: SloView, *, is_fixed: bool) -> tuple[str, str]:
    """Up to when there are data, and how much of the window was measured."""
    fresh = freshness_words(view.data_until, view.as_of)
    if is_fixed:
        fresh = f"as of {moment_words(view.as_of)}"
    so_far = " so far" if view.projected_remaining is not None else ""
    if view.coverage is None or view.data_until is None:
        return fresh, "nothing measured"
    share = percent_words(view.coverage, 1).replace(".0 %", " %")
    share = share_words(view.coverage) if view.coverage < _LEAST else share
    until = f" to {day_words(view.span.until)}" if view.stale else ""
    return fresh, f"measured {share} of the window{so_far}{until}"


def course_title(view: SloView) -> str:
    """What the chart of the budget shows."""
    if view.projected_remaining is None:
        return "Budget left, as it stood at each moment"
    return f"Budget of this {view.window_kind}, as it was spent"


def course_caption(view: SloView, course: CourseView, causes: Sequence[Cause]) -> str:
    """What the chart cannot show: what comes back when, and what was not measured."""
    parts = [*_rules(view, causes, course.grid.step_s), *_unmeasured(course.gaps)]
    return " ".join([*parts, "Times in UTC."])


def _rules(view: SloView, causes: Sequence[Cause], step_s: int) -> Iterator[str]:
    if view.projected_remaining is not None:
        until = brief_words(view.whole.until, zone_of(view))
        yield f"The dashed line spends the budget evenly; a new one begins {until} {zone_of(view).key}."
        left = budget_words(view.projected_remaining)
        yield f"The line is the whole {view.window_kind}'s budget: {left} of it is left at its end if nothing else fails."
        yield f"At the pace so far this one ends with {budget_words(view.budget_remaining)}."
        return
    yield f"Nothing resets: bad minutes leave the window after {_length(view.whole.length_s)}."
    if any(one.cliff.drawn is not None for one in causes):
        yield "Where less had been measured, the line fell by more than that is of today's budget."
    if causes and step_s >= HOUR_S:
        yield f"Falls are read in steps of {length_words(step_s)}."
    back = max(causes, key=lambda one: one.cliff.share, default=None)
    if back is not None:
        whose = "" if back.blame is NOBODY else f" ({back.blame.name})"
        share, when = share_of(back), returns_words(view, back)
        yield f"The {share} lost {brief_span(Span(back.cliff.since, back.cliff.until))}{whose} returns by {when}."


def _length(seconds: int) -> str:
    days, rest = divmod(seconds, DAY_S)
    return duration_words(seconds) if rest else f"{days} day{'s' if days > 1 else ''}"


def _unmeasured(gaps: Sequence[Span]) -> Iterator[str]:
    if not gaps:
        return
    longest = sorted(sorted(gaps, key=lambda gap: -gap.length_s)[:_GAPS_NAMED])
    named = [f"{brief_span(gap)} ({duration_words(gap.length_s)})" for gap in longest]
    more = len(gaps) - len(longest)
    yield f"Not measured: {', '.join(named)}{f' and {more} more' if more else ''}."


def share_of(cause: Cause) -> str:
    """How much of the budget a fall took, as the table of who spent it has it."""
    return spent_words(_exact(cause.cliff.share))


def _exact(share: float) -> Fraction:
    """The fraction of counts that a share came from, so that 0.21 is not read as 20 %."""
    return Fraction(share).limit_denominator(_DENOMINATOR)


def returns_words(view: SloView, cause: Cause) -> str:
    """When all of a fall has left a rolling window again; empty for a calendar's."""
    if view.projected_remaining is not None:
        return ""
    return day_words(cause.cliff.until + view.whole.length_s)


def mark_words(cause: Cause, *, short: bool = False) -> str:
    """The label of a fall in the chart, in one word where there is no room for more."""
    return f"{cause.blame.key if short else cause.blame.name} −{_fell(cause)}"


def _fell(cause: Cause) -> str:
    """How much of the budget a fall took: of which, where the line shows another share."""
    return f"{share_of(cause)}{'' if cause.cliff.drawn is None else _OF_TODAY}"


def course_alt(view: SloView, course: CourseView, causes: Sequence[Cause]) -> str:
    """The chart of the budget in words."""
    title = f"{course_title(view)}, {brief_span(course.grid.span)} UTC"
    if not course.known:
        return f"{title}: not measured"
    first, last = (budget_words(_exact(course.known[end][1])) for end in (0, -1))
    falls = [
        f"falls by {_fell(one)} at {brief_words(one.cliff.since)} ({one.blame.name})"
        for one in causes
    ]
    return "; ".join(
        [f"{title}: {first} at first, {last} at last", *falls, *_unmeasured(course.gaps)]
    )


def now_words(view: SloView) -> str:
    """The label of the chart's last point."""
    left, of = view.budget_remaining, ""
    if view.projected_remaining is not None:
        left, of = view.projected_remaining, f" of the whole {view.window_kind}'s"
    if left is None:
        return ""
    when = " at last" if view.stale else "" if of else " now"
    return f"{budget_words(left)}{of}{when}"


def shares_title(view: SloView, course: CourseView) -> str:
    """What the chart of the SLI shows, and how wide its parts are."""
    each = length_words(course.grid.share_s)
    return f"{good_words(view.slo.indicator)}, per {each}"


def lowest_words(view: SloView, shares: Iterable[Share]) -> str:
    """The worst part of the chart of the SLI, and when it was."""
    known = [(share, at) for at, share in shares if share is not None]
    if not known:
        return "not measured"
    share, at = min(known)
    if share == 1:
        return "100 % throughout"
    return f"lowest {percent_words(share, view.decimals)} at {brief_words(at)} UTC"


def shares_alt(view: SloView, course: CourseView) -> str:
    """The chart of the SLI in words."""
    target = f"target {view.objective_percent:f} %"
    return (
        f"{shares_title(view, course)}, against the {target}: {lowest_words(view, course.shares)}"
    )


def quantiles_alt(found: Quantiles) -> str:
    """The chart of the percentile in words."""
    return f"{found.title}, against the threshold of {found.threshold_ms:g} ms: {found.note}"
