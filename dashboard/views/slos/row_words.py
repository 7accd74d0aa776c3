"""What one row of the objectives says: each cell's words, decided once."""

from __future__ import annotations

from fractions import Fraction
from itertools import takewhile
from typing import assert_never

from dashboard.views.slos.slo_view import Burn, SloView
from dashboard.views.words import (
    NOTHING,
    between_words,
    budget_words,
    burn_words,
    clock_words,
    count_words,
    date_words,
    duration_words,
    length_words,
    percent_words,
    share_words,
    span_words,
)
from slo.durations import seconds
from slo.judgement import Level, Now, Reason, State
from slo.lengths import HOUR_S
from slo.policy import Severity

# Coverage under this is said beside the SLI; above it a tooltip is enough.
_THIN = Fraction(95, 100)
_SECONDS_MATTER_S = 600


def now_words(view: SloView) -> str:
    """What happens now, in one or two words; what was never measured does not freeze."""
    now = view.judgement.now
    match now:
        case Now.PAGING:
            return "paging"
        case Now.TICKET:
            return "ticket"
        case Now.QUIET:
            return "quiet"
        case Now.FROZEN:
            return "not measured" if _unmeasured(view) else "frozen"
        case _:
            assert_never(now)


def now_note(view: SloView) -> str | None:
    """The fact behind it: what fires, since when nothing came, or how good the figures are."""
    if view.judgement.now is Now.FROZEN:
        return _frozen_note(view)
    if view.firing and view.fires is not None:
        before = "before " if view.fires.is_open else ""
        return f"since {before}{_brief(view.fires.at, view.as_of)}"
    if view.firing:
        first = view.firing[0]
        return f"{burn_words(first.long_burn)} over {length_words(first.row.long_s)}"
    state = view.judgement.state
    return idle_words(view) or None if state is State.OK else state.words


def idle_words(view: SloView) -> str:
    """For how long there has been no event, of the lengths that are judged; empty under an hour."""
    idle = list(takewhile(is_idle, sorted(view.burns, key=lambda burn: burn.span.length_s)))
    if not idle or idle[-1].span.length_s < HOUR_S:
        return ""
    return f"no traffic in {length_words(idle[-1].span.length_s)}"


def is_idle(burn: Burn | None) -> bool:
    """Whether it was looked and nothing happened."""
    return burn is not None and burn.tally is not None and not burn.tally.total


def left_note(view: SloView) -> str | None:
    """The budget left, or overspent, as time; where frozen, up to when it holds."""
    if view.budget_remaining is None:
        return None
    if view.stale:
        return _to(view)
    if view.budget_left_s is None:
        return None
    left_s = int(view.budget_left_s)
    return f"{_coarse(-left_s, up=True)} over" if left_s < 0 else _coarse(left_s)


def silence_words(view: SloView) -> str:
    """Why nothing was ever measured, as short as a cell; empty where that is not known."""
    return view.silence.partition(":")[0]


def left_words(view: SloView) -> str:
    """The budget left; where the counts are an estimate, between what, or that it is one."""
    left = view.budget_remaining
    if left is None or not view.is_estimated:
        return budget_words(left)
    if view.budget_bounds is None:
        return f"≈ {budget_words(left)}"
    return between_words(*view.budget_bounds)


def left_figure(view: SloView) -> str:
    """The budget left as one figure; an estimate is marked as one."""
    return f"{'≈ ' if view.is_estimated else ''}{budget_words(view.budget_remaining)}"


def level_words(view: SloView) -> str:
    """The budget's state in a word or two where a person should know; never surer than it is."""
    word = {Level.SPENT: "spent", Level.LOW: "low"}.get(view.judgement.level, "")
    return f"perhaps {word}" if word and not view.is_level_sure else word


def level_brief(view: SloView) -> str:
    """The same for a cell, whose room is narrow: `spent?`."""
    word = level_words(view)
    return word if view.is_level_sure else f"{word.removeprefix('perhaps ')}?" if word else ""


def burn_cell(view: SloView, label: str) -> str:
    """The burn over one length; nothing of data that are late."""
    return burn_words(None if view.stale else view.burn_rate(label))


def sli_words(view: SloView) -> str:
    """The SLI; both ends where the threshold lies between two bucket edges."""
    decimals = view.decimals
    if view.sli_bounds is None or view.sli_bounds[0] == view.sli_bounds[1]:
        return percent_words(view.sli, decimals)
    low, high = (percent_words(bound, decimals) for bound in view.sli_bounds)
    return low if low == high else f"{low.removesuffix(' %')}–{high}"


def sli_note(view: SloView) -> str | None:
    """How much of the window was measured, where that is little; where frozen, up to when."""
    if view.sli is None:
        return None
    if view.stale:
        return _to(view)
    if view.coverage is None or view.coverage >= _THIN:
        return None
    return f"{share_words(view.coverage)} measured"


def unmeasured_words(view: SloView) -> str:
    """What a budget of time takes for granted where little of it was measured; else empty.

    The time that is left is that of the whole window, as if the rest of it had been as good.
    """
    if view.coverage is None or view.coverage >= _THIN:
        return ""
    return f", if the rest was as good as the {share_words(view.coverage)} measured"


def counted_words(view: SloView) -> str | None:
    """The counts and the span behind the SLI, for who asks; None where there are none."""
    if view.tally is None:
        return None
    good, total = count_words(view.tally.good), count_words(view.tally.total)
    covered = "" if view.coverage is None else f"; {share_words(view.coverage)} measured"
    about = "≈ " if view.is_estimated else ""
    return f"{about}{good} good of {total}, {span_words(view.span)}{covered}"


def runs_out(view: SloView) -> tuple[str, str | None]:
    """When the budget is gone, and at which rate; nothing where no end is in sight."""
    if view.judgement.level is Level.SPENT:
        return level_words(view), None
    first = view.exhausts_first
    if first is None or view.judgement.now is Now.FROZEN:
        return NOTHING, None
    return duration_words(first[1]), f"at the {length_words(seconds(first[0]))} rate"


def trend_words(view: SloView) -> str:
    """The sparkline in words: where the budget stood first and last."""
    known = [share for share in view.sparkline if share is not None]
    if not known:
        return "budget left, 28 days: not measured"
    first, last = (budget_words(Fraction(share)) for share in (known[0], known[-1]))
    gaps = ", with gaps" if len(known) < len(view.sparkline) else ""
    return f"budget left, {len(view.sparkline)} days: {first} to {last}{gaps}"


def _unmeasured(view: SloView) -> bool:
    return view.budget_remaining is None and view.judgement.state is State.NO_DATA


def _frozen_note(view: SloView) -> str:
    """Why nobody can say; an alert that froze with it is never left out."""
    if view.ended_at is None:
        return silence_words(view) or "no data yet"
    ended = _brief(view.ended_at, view.as_of)
    if view.firing:
        return f"was {_SEVERITIES[view.firing[0].severity]} to {ended}"
    if view.stale or _unmeasured(view):
        return f"no data since {ended}"
    return Reason.NOT_MEASURED_NOW.value


_SEVERITIES = {Severity.PAGE: "paging", Severity.TICKET: "a ticket"}


def _to(view: SloView) -> str | None:
    return None if view.data_until is None else f"to {_brief(view.data_until, view.as_of)}"


def _coarse(seconds: int, *, up: bool = False) -> str:
    """A length without the seconds that nobody plans by, rounded down or up to whole minutes."""
    if seconds < _SECONDS_MATTER_S:
        return duration_words(seconds)
    return duration_words((seconds + 59 * up) // 60 * 60)


def _brief(at: int, as_of: int) -> str:
    """The time of day where it was the same day, else the date: a cell has no room for both."""
    return clock_words(at) if date_words(at) == date_words(as_of) else date_words(at)
