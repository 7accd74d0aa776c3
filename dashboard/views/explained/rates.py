"""How fast the budget goes, which rows fire at that, and how long it lasts: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.shares import spent_text
from dashboard.views.explained.step import Step, digits
from dashboard.views.projection.making import Lasting, lasting_at
from dashboard.views.slos.alert_rows import counted_text, traffic
from dashboard.views.slos.naming import alarm_part
from dashboard.views.slos.slo_view import Burn, SloView
from dashboard.views.words import NOTHING, count_words, duration_words, moment_words
from slo.burn import alerting_burn, workbook_factor
from slo.coverage import coverage
from slo.objective import Objective
from slo.policy import BurnRow
from slo.promise import bad_word
from slo.reach import Reach, reaches
from slo.spans import Span, length_label
from slo.tally import Tally


def rate_steps(view: SloView) -> Iterator[Step]:
    """Each burn, then each row of the policy with what it takes, then how long the budget lasts."""
    for burn in view.burns:
        yield _burn(view, burn)
    for one in reaches(view.policy, view.slo.objective, view.whole.length_s, traffic(view)):
        yield one.row.severity.value, f"{_factor(view, one)}: {_verdict(view, one.row)}"
        yield f"{one.row.severity.value} from", _from(view, one)
    for lasting in lasting_at(view):
        yield "runs out", _end(view, lasting)


def _burn(view: SloView, burn: Burn) -> Step:
    name, tally = f"burn {burn.label}", burn.tally
    if tally is None or burn.rate is None:
        return name, f"{NOTHING}: {_unknown(tally)}"
    return name, burn_text(view.slo.objective, tally, burn.span, view.members)


def burn_text(objective: Objective, tally: Tally, span: Span, members: int) -> str:
    """A burn out of its counts, and diluted by what was observed as the policy compares it."""
    if tally.sli is None:
        return f"{NOTHING}: {_unknown(tally)}"
    text = spent_text(objective, tally)
    observed = coverage(tally, span, members)
    diluted = alerting_burn(objective, tally, span.length_s, members)
    if observed is not None and diluted is not None and observed < 1:
        text += f"; × observed {digits_words(observed)} {equals_words(diluted)} that the factor is held against"
    return text


def _budget(view: SloView) -> str:
    return digits_words(view.slo.objective.error_budget)


def _unknown(tally: Tally | None) -> str:
    return "not measured" if tally is None or not tally.observed_s else "no traffic"


def _factor(view: SloView, one: Reach) -> str:
    """The factor of a row, and from where it was lowered to be of use."""
    row = one.row
    text = (
        f"{digits_words(row.share * 100)} % of the budget in {length_label(row.long_s)}: factor "
        f"{filled_words(digits_words(row.share), row.share)} × "
        f"{count_words(view.whole.length_s)} / {count_words(row.long_s)} "
        f"{equals_words(one.factor)}"
    )
    standard = workbook_factor(row, view.whole.length_s)
    if view.slo.policy is None and standard is not None and standard > one.factor:
        text += (
            f", lowered from {digits_words(standard)} to 0.5 / budget = 0.5 / {_budget(view)} "
            f"{equals_words(one.factor)}"
        )
    return f"{text}, over {length_label(row.long_s)} and {length_label(row.short_s)}"


def _verdict(view: SloView, row: BurnRow) -> str:
    """Whether it fires; where a part of the SLO does, which, and by which burns."""
    firing = (*view.itself.firing, *view.firing)
    fired = next((one for one in firing if one.row == row), None)
    if fired is None:
        return f"does not fire{_guarded(view, row)}"
    is_own = any(one.row == row for one in view.itself.firing)
    who = "" if is_own else f" of {alarm_part(view)}"
    burns = (
        f"{digits_words(fired.long_burn)} and {digits_words(fired.short_burn)}{who} are above it"
    )
    held = "; a ticket only, as its counts are doubtful" if fired.is_demoted else ""
    return f"fires ({fired.severity.value}): {burns}{held}"


def _guarded(view: SloView, row: BurnRow) -> str:
    """How many were bad in the long window, where the row waits for a number of them."""
    if not row.min_bad_events:
        return ""
    burn = next((one for one in view.burns if one.span.length_s >= row.long_s), None)
    had = "unknown" if burn is None or burn.tally is None else digits(burn.tally.bad)
    return f"; it waits for {row.min_bad_events:,} bad, and {had} were"


def _from(view: SloView, one: Reach) -> str:
    """From which share of bad events on a row fires, and how many that are at the traffic there is."""
    row, bad = one.row, bad_word(view.slo.indicator)
    text = (
        f"above factor × budget {filled_words(digits_words(one.factor), one.factor)} × "
        f"{_budget(view)} {equals_words(one.share)} {bad}"
    )
    if not one.is_reachable:
        return f"{text}: never, as no share is above 1"
    if one.events is None or view.tally is None or view.coverage is None:
        return text
    measured_s = view.span.length_s * view.coverage
    filled = f"{digits(view.tally.total)} / {digits_words(measured_s)} × {count_words(row.long_s)}"
    text += (
        f"; total / seconds measured × {length_label(row.long_s)} "
        f"{filled_words(filled, view.tally.total, measured_s)} {equals_words(one.events)}"
    )
    return f"{text} {_least(view, one)}"


def _least(view: SloView, one: Reach) -> str:
    least, row = one.least_bad, one.row
    guard = f", and it waits for {row.min_bad_events:,}" if row.min_bad_events else ""
    if not one.is_possible:
        return f"are expected in it{guard}: too few to ever fire"
    if view.slo.is_time_like:
        return f"s are measured in it{guard}: from {duration_words(least or 0)} on"
    return f"are expected in it{guard}: from {counted_text(view.slo, least or 0)} on"


def _end(view: SloView, lasting: Lasting) -> str:
    """When the budget is gone at one of the named rates, or why it is not."""
    answers = (one.label for one in view.burns if one.span.length_s >= lasting.length_s)
    label, left = next(answers, length_label(lasting.length_s)), _left(view)
    burn = lasting.burn
    if burn is None:
        return f"at the rate of {label}: {'no traffic' if lasting.is_idle else 'not measured'}"
    if not burn:
        return f"at the rate of {label}: never, nothing burns"
    seconds = left / burn * view.whole.length_s
    filled = filled_words(f"{digits_words(left)} / {digits_words(burn)}", left, burn)
    text = (
        f"left / burn {label} × period {filled} × {count_words(view.whole.length_s)} s "
        f"{equals_words(seconds)} s"
    )
    if lasting.gone_at is not None:
        return f"{text}, {duration_words(int(seconds))} from {moment_words(view.span.until)}"
    if view.first.is_calendar:
        return f"{text}: after the {view.window_kind} ends"
    return f"{text}: never, as at a burn of 1 or less as much returns as is spent"


def _left(view: SloView) -> Fraction:
    left = view.budget_remaining if view.projected_remaining is None else view.projected_remaining
    assert left is not None, "only a known budget runs out"
    return left
