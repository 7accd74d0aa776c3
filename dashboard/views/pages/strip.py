"""The strip of figures of one SLO: what is left, what that is, how fast it goes, when it ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING
from fractions import Fraction

from dashboard.views.counted.traffic import events_left
from dashboard.views.slos.alert_rows import bad_word
from dashboard.views.slos.marks import Tone, burn_mark, level_tone
from dashboard.views.slos.naming import alarm_part
from dashboard.views.slos.row_words import (
    burn_cell,
    idle_words,
    left_figure,
    left_words,
    level_words,
    silence_words,
    sli_words,
    unmeasured_words,
)
from dashboard.views.slos.slo_view import SloView
from dashboard.views.words import (
    NOTHING,
    budget_words,
    decimal_words,
    duration_words,
    length_words,
    moment_words,
)
from slo import durations
from slo.budget import Budget
from slo.judgement import Level, Now
from slo.lengths import DAY_S, HOUR_S
from slo.objective import counted_word
from slo.spans import Span
from slo.tally import Tally

_PROGNOSES_S = ((HOUR_S, "1h"), (6 * HOUR_S, "6h"), (3 * DAY_S, "3d"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the strip: a label, the figure, what qualifies it.

    `tone` is that of its state, `span` holds the counts behind the figure where one does;
    `is_wide` are those for which a phone has no room.
    """

    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.PLAIN
    span: Span | None = None
    is_wide: bool = False


def strip(view: SloView, week: Tally | None) -> tuple[Figure, ...]:
    """The five figures; `week` holds the counts of the last seven days before the data's end.

    They are of the whole, as the charts below are; where a part alarms, how fast that burns and
    how long its budget lasts stand before those of the whole, by its name.
    """
    return (_left(view), _that_is(view, week), _burn(view), _sli(view), _runs_out(view))


def _left(view: SloView) -> Figure:
    label = "Budget left"
    if view.projected_remaining is not None:
        label = f"Left of the {counted_word(view.slo.indicator)} so far"
    if view.budget_remaining is None:
        return Figure(label, NOTHING, silence_words(view) or view.judgement.state.words)
    notes = [level_words(view), left_words(view) if view.is_estimated else "", _whole(view)]
    notes.append(f"{budget_words(view.raw_remaining)} as measured" if view.is_corrected else "")
    notes.append(f"to {moment_words(view.span.until)}" if view.stale else "")
    if part := alarm_part(view):
        notes = ["of the whole", *notes, f"{part}: {left_words(view.alarming)}"]
    note = ", ".join(filter(None, notes))
    return Figure(label, left_figure(view), note, level_tone(view), view.span)


def _whole(view: SloView) -> str:
    """What will be left of a calendar period's budget, beside what is left of it so far."""
    if view.projected_remaining is None:
        return ""
    left = budget_words(view.projected_remaining)
    return f"{left} at the {view.window_kind}'s end, if nothing else fails"


def _that_is(view: SloView, week: Tally | None) -> Figure:
    """The budget left in the unit that people plan by: time for uptime, events elsewhere."""
    if view.budget_left_s is not None:
        return _time(view, int(view.budget_left_s))
    left, when = events_left(view, week), "at last week's traffic"
    if view.projected_remaining is not None:
        left, when = events_left_so_far(view), "of those so far"
    if left is None:
        return Figure("That is", NOTHING)
    bad = f"{bad_word(view)} {counted_word(view.slo.indicator)}"
    if left < 0:
        count = decimal_words(-left, 0, ROUND_CEILING)
        return Figure("That is", count, f"{bad} too many {when}")
    return Figure("That is", decimal_words(left, 0), f"more {bad} {when}")


def events_left_so_far(view: SloView) -> Fraction | None:
    """How many more of the events counted so far might have been bad, as `explain` has it."""
    return None if view.tally is None else Budget(view.slo.objective, view.tally).events_left


def _time(view: SloView, left_s: int) -> Figure:
    period = "" if view.projected_remaining is None else f" this {view.window_kind}"
    rest = unmeasured_words(view)
    if left_s < 0:
        return Figure(
            "That is", duration_words(-left_s), f"{bad_word(view)} too long{period}{rest}"
        )
    return Figure("That is", duration_words(left_s), f"more may be {bad_word(view)}{period}{rest}")


def _burn(view: SloView) -> Figure:
    note = idle_words(view) or f"6 h {burn_cell(view, '6h')}"
    if part := alarm_part(view):
        mine = replace(_burn(view.alarming), span=None)
        return replace(mine, note=f"{part}; the whole {burn_cell(view, '1h')}, {note}")
    mark = burn_mark(view, HOUR_S)
    tone = Tone.PLAIN if mark is None else mark.tone
    span = next((burn.span for burn in view.burns if burn.label == "1h"), None)
    return Figure("Burn 1 h", burn_cell(view, "1h"), note, tone, span)


def _sli(view: SloView) -> Figure:
    note = f"target {view.objective_percent:f} %"
    return Figure("SLI against target", sli_words(view), note, span=view.span)


def _runs_out(view: SloView) -> Figure:
    """The earliest end and the rate that makes it; each other rate with its own end."""
    label = "Runs out"
    if part := alarm_part(view):
        mine, whole = _runs_out(view.alarming), _runs_out(view.itself)
        return replace(mine, note=f"{part}, {mine.note}; the whole {whole.value}")
    if view.judgement.level is Level.SPENT:
        return Figure(label, level_words(view), tone=level_tone(view), is_wide=True)
    first = view.exhausts_first
    if first is None or view.judgement.now is Now.FROZEN:
        return Figure(label, NOTHING, _no_end(view), is_wide=True)
    others = [_end(view, seconds, rate) for seconds, rate in _PROGNOSES_S if rate != first[0]]
    spelt = length_words(durations.seconds(first[0]))
    note = " · ".join([f"at the {spelt} rate", *filter(None, others)])
    return Figure(label, duration_words(first[1]), note, is_wide=True)


def _no_end(view: SloView) -> str:
    if view.judgement.now is Now.FROZEN or view.budget_remaining is None:
        return ""
    period = "" if view.projected_remaining is None else f" this {view.window_kind}"
    known = [length_words(s) for s, rate in _PROGNOSES_S if view.burn_rate(rate) is not None]
    if not known:
        return idle_words(view)
    rates = " or ".join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)
    return f"not at the rate{'s' if len(known) > 1 else ''} of {rates}{period}"


def _end(view: SloView, seconds: int, rate: str) -> str:
    if view.burn_rate(rate) is None:
        return ""
    ends = dict(view.exhausts).get(rate)
    return f"{length_words(seconds)}: {'not' if ends is None else duration_words(ends)}"
