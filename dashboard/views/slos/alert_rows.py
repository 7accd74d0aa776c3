"""The rows of a burn policy as people read them: what each waits for, and whether it can come."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING
from fractions import Fraction

from dashboard.views.slos.marks import Mark, severity_mark
from dashboard.views.slos.row_words import is_idle
from dashboard.views.slos.slo_view import Burn, SloView
from dashboard.views.words import NOTHING, burn_words, decimal_words, duration_words, length_words
from slo import promise
from slo.burn import BurnRow, factor, reachable, workbook_factor
from slo.judgement import Now
from slo.objective import counted_word

_MOST_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One row in words; `mark` is the sign of its state, `can_fire` decides the last cell."""

    severity: str
    windows: str
    factor: str
    burns: str
    state: str
    mark: Mark
    fires_from: str
    reach: str
    can_fire: bool


def alert_rows(view: SloView) -> tuple[AlertRow, ...]:
    """The rows in the policy's order."""
    return tuple(_row(view, row) for row in view.policy)


def bad_word(view: SloView) -> str:
    """What a bad event of this SLO is called."""
    return promise.bad_word(view.slo.indicator)


def _row(view: SloView, row: BurnRow) -> AlertRow:
    threshold = factor(row, view.whole.length_s)
    can_fire = reachable(view.slo.objective, threshold)
    state, mark = _state(view, row) if can_fire else ("never fires", Mark.FROZEN)
    return AlertRow(
        severity=row.severity.value,
        windows=f"{length_words(row.long_s)} and {length_words(row.short_s)}",
        factor=_times(threshold),
        burns=_burns(view, row, threshold),
        state=state,
        mark=mark,
        fires_from=_fires_from(view, row, threshold),
        reach=_reach(view, row, threshold) if can_fire else _never(view),
        can_fire=can_fire,
    )


def _times(threshold: Fraction) -> str:
    """A factor, with no more decimals than it has; one that has no end is cut after two."""
    return f"{decimal_words(threshold, 2).rstrip('0').rstrip('.')}×"


def _burns(view: SloView, row: BurnRow, threshold: Fraction) -> str:
    """Both burns; that there was no traffic, where that is why there is none; none of late data."""
    if view.stale:
        return NOTHING
    burns = [_burn(view.burns, length_s) for length_s in (row.long_s, row.short_s)]
    rates = [None if burn is None else burn.rate for burn in burns]
    if rates == [None, None]:
        return "no traffic" if all(is_idle(burn) for burn in burns) else NOTHING
    long, short = (burn_words(rate, threshold) for rate in rates)
    return f"{long} and {short}"


def _burn(burns: tuple[Burn, ...], length_s: int) -> Burn | None:
    """The burn over that length, or over the bins that hold it."""
    return next((burn for burn in burns if burn.span.length_s >= length_s), None)


def _state(view: SloView, row: BurnRow) -> tuple[str, Mark]:
    """What the row does now; frozen is no quiet."""
    fired = next((one for one in view.firing if one.row == row), None)
    if view.judgement.now is Now.FROZEN:
        return ("was firing, frozen" if fired else "frozen"), Mark.FROZEN
    if fired is None:
        return "quiet", Mark.QUIET
    words = "fires, a ticket only" if fired.is_demoted else "fires"
    return words, severity_mark(fired.severity)


def _fires_from(view: SloView, row: BurnRow, threshold: Fraction) -> str:
    """The share of bad events above which the row fires, and how many that is."""
    share = threshold * view.slo.objective.error_budget
    said = f"{_share(share)} {bad_word(view)}"
    if share >= 1:
        return said
    if view.slo.is_time_like:
        return f"{said}, {duration_words(-int(-share * row.long_s // 1))} in {length_words(row.long_s)}"
    events = _events(view, row.long_s)
    if events is None:
        return said
    count = decimal_words(share * events, 0, ROUND_CEILING)
    counted = counted_word(view.slo.indicator)
    return f"{said}, {count} {counted.removesuffix('s') if count == '1' else counted} in {length_words(row.long_s)}"


def _share(share: Fraction) -> str:
    """A share of events in as many decimals as its size needs, rounded up."""
    percent = share * 100
    decimals = 0 if percent.denominator == 1 else 1 if percent >= 1 else 2
    while percent < Fraction(1, 10**decimals) and decimals < _MOST_DECIMALS:
        decimals += 1
    text = decimal_words(percent, decimals, ROUND_CEILING)
    return f"{text.rstrip('0').rstrip('.') if decimals else text} %"


def _events(view: SloView, length_s: int) -> Fraction | None:
    """How many events so long a time has, by the window's own traffic."""
    if view.tally is None or not view.tally.total or not view.coverage:
        return None
    return Fraction(view.tally.total) * length_s / (view.span.length_s * view.coverage)


def _reach(view: SloView, row: BurnRow, threshold: Fraction) -> str:
    standard = workbook_factor(row, view.whole.length_s)
    if view.slo.policy is not None or standard is None or standard <= threshold:
        return "reachable"
    needs = standard * view.slo.objective.error_budget
    what = f"needs {_share(needs)}" if needs < 1 else "cannot fire"
    return f"reachable; lowered from {_times(standard)}, which {what}"


def _never(view: SloView) -> str:
    """Why no share of bad events is enough."""
    largest = 1 / view.slo.objective.error_budget
    at = f"{view.objective_percent.normalize():f} %"
    return f"at {at} the largest burn is {_times(largest)}"
