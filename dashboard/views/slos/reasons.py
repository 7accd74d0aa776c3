"""Why an SLO stands as it does: the judgement's reasons with their numbers filled in."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.slos.alert_rows import times_words
from dashboard.views.slos.row_words import left_words
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    budget_words,
    burn_words,
    decimals_of,
    duration_words,
    length_words,
    moment_words,
    percent_words,
    share_words,
)
from slo.burn import Firing
from slo.durations import seconds
from slo.judgement import Level, Now, Reason
from slo.spans import length_label
from slo.tally import Tally

MADE_UP = "generated figures: nothing was measured"
_THIN_BELOW = Fraction(99, 100)


def reasons(view: SloView) -> tuple[str, ...]:
    """One sentence a reason, in the judgement's order; then what the figures leave open."""
    return (*(_sentence(view, reason) for reason in view.judgement.reasons), *_notes(view))


def _sentence(view: SloView, reason: Reason) -> str:
    match reason:
        case Reason.PAGE | Reason.TICKET:
            return f"{reason.value}: {', '.join(_fired(fired) for fired in _of(view, reason))}"
        case Reason.STALE if view.data_until is not None:
            return f"no data since {moment_words(view.data_until)}: alerts are frozen, not resolved"
        case Reason.SPENT | Reason.LOW if view.budget_remaining is not None:
            return _budget(view, reason)
        case Reason.DEMOTED:
            return _demoted(view)
        case Reason.PARTIAL | Reason.ESTIMATED | Reason.CONFLICT if view.tally is not None:
            return _doubt(view, view.tally, reason)
        case _:
            return str(reason.value)


def _doubt(view: SloView, tally: Tally, reason: Reason) -> str:
    if reason is Reason.ESTIMATED:
        return _estimated(view)
    doubtful_s = tally.partial_s if reason is Reason.PARTIAL else tally.conflict_s
    sentence = f"{reason.value}: {duration_words(doubtful_s)} of the window"
    return sentence if reason is Reason.PARTIAL else f"{sentence}, the smaller good count is used"


def _budget(view: SloView, reason: Reason) -> str:
    said = str(reason.value)
    if not view.is_level_sure:
        said = said.replace("budget", "budget perhaps")
    return f"{said}: {left_words(view)} left"


def _demoted(view: SloView) -> str:
    """Why what would page is a ticket: what the counts that fired suffer from."""
    lengths = {
        length_label(length)
        for fired in view.firing
        if fired.is_demoted
        for length in (fired.row.long_s, fired.row.short_s)
    }
    counted = [burn.tally for burn in view.burns if burn.label in lengths and burn.tally]
    doubts = (
        ("partly measured", any(tally.partial_s for tally in counted)),
        ("estimated", any(tally.estimated_s for tally in counted)),
        ("disputed between sources", any(tally.conflict_s for tally in counted)),
    )
    found = " and ".join(doubt for doubt, holds in doubts if holds)
    return f"a ticket, not a page: its counts are {found}" if found else Reason.DEMOTED.value


def _of(view: SloView, reason: Reason) -> Iterator[Firing]:
    wanted = "page" if reason is Reason.PAGE else "ticket"
    return (fired for fired in view.firing if fired.severity.value == wanted)


def _fired(fired: Firing) -> str:
    long, short = length_words(fired.row.long_s), length_words(fired.row.short_s)
    return (
        f"{burn_words(fired.long_burn)} over {long} and {burn_words(fired.short_burn)} over "
        f"{short}, above {times_words(fired.factor)}"
    )


def _estimated(view: SloView) -> str:
    if view.sli_bounds is None:
        return "estimated: counts were extrapolated or spread over time"
    decimals = decimals_of(view.objective_percent)
    low, high = (percent_words(bound, decimals) for bound in view.sli_bounds)
    return f"estimated: the threshold lies between two bucket edges, SLI from {low} to {high}"


def _notes(view: SloView) -> Iterator[str]:
    if view.tally is not None and view.coverage is not None and view.coverage < _THIN_BELOW:
        yield f"{share_words(view.coverage)} of the window was measured"
    if view.raw is not None and view.is_corrected:
        left = f"as measured, {budget_words(view.raw_remaining)} of the budget would be left"
        yield f"{duration_words(view.corrected_s)} under corrections; {left}"
    first = view.exhausts_first
    if first is not None and view.judgement.now is not Now.FROZEN:
        yield f"budget gone in {duration_words(first[1])} at the {length_words(seconds(first[0]))} rate"
    if view.judgement.level is Level.SPENT and (view.projected_remaining or 0) > 0:
        left = budget_words(view.projected_remaining)
        yield f"{left} left of the whole period's budget if the rest has the same traffic and nothing fails"
    if view.silence:
        yield view.silence
    if view.is_generated:
        yield MADE_UP
