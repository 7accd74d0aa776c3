"""The rows of a burn policy as people read them: what each waits for, and whether it can come."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING
from fractions import Fraction

from dashboard.views.digits import digits_words
from dashboard.views.slos.marks import Mark, severity_mark
from dashboard.views.slos.naming import alarm_part
from dashboard.views.slos.row_words import is_idle
from dashboard.views.slos.slo_view import Burn, SloView
from dashboard.views.words import NOTHING, burn_words, decimal_words, duration_words, length_words
from slo import promise
from slo.burn import Firing, alerting_burn, workbook_factor
from slo.judgement import Now
from slo.objective import Slo, counted_word
from slo.policy import BurnRow
from slo.reach import Reach, reaches

_MOST_DECIMALS = 4
_NOT_TINY = Fraction(1, 100)


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
    found = reaches(view.policy, view.slo.objective, view.whole.length_s, traffic(view))
    return tuple(_row(view, one) for one in found)


def bad_word(view: SloView) -> str:
    """What a bad event of this SLO is called."""
    return promise.bad_word(view.slo.indicator)


def traffic(view: SloView) -> Fraction | None:
    """Events a second, by what the window counted while it was measured; None where nothing was."""
    if view.tally is None or not view.tally.total or not view.coverage:
        return None
    return Fraction(view.tally.total) / (view.span.length_s * view.coverage)


def _row(view: SloView, one: Reach) -> AlertRow:
    row, threshold = one.row, one.factor
    state, mark = _state(view, row) if one.is_reachable else ("never fires", Mark.FROZEN)
    return AlertRow(
        severity=row.severity.value,
        windows=f"{length_words(row.long_s)} and {length_words(row.short_s)}",
        factor=times_words(threshold),
        burns=_burns(view, row, threshold),
        state=state,
        mark=mark,
        fires_from=fires_from(view.slo, one),
        reach=_reach(view, row, threshold) if one.is_possible else never_words(view.slo, one),
        can_fire=one.is_possible,
    )


def times_words(threshold: Fraction) -> str:
    """A factor, with no more decimals than it has; one that has no end is cut after two.

    >>> times_words(Fraction(144, 10)), times_words(Fraction(50, 7)), times_words(Fraction(1, 10**9))
    ('14.4×', '7.14×', '0.000000001×')
    """
    if 0 < threshold < _NOT_TINY:
        return f"{digits_words(threshold)}×"
    return f"{decimal_words(threshold, 2).rstrip('0').rstrip('.')}×"


def _burns(view: SloView, row: BurnRow, threshold: Fraction) -> str:
    """Both burns as the row compares them: what was not observed burns nothing.

    That there was no traffic, where that is why there is none; none of late data.
    """
    if view.stale:
        return NOTHING
    lengths = (row.long_s, row.short_s)
    burns = [_burn(view.burns, length_s) for length_s in lengths]
    rates = [_compared(view, *each) for each in zip(burns, lengths, strict=True)]
    if rates == [None, None]:
        return "no traffic" if all(is_idle(burn) for burn in burns) else NOTHING
    long, short = (burn_words(rate, threshold) for rate in rates)
    return f"{long} and {short}"


def _burn(burns: tuple[Burn, ...], length_s: int) -> Burn | None:
    """The burn over that length, or over the bins that hold it."""
    return next((burn for burn in burns if burn.span.length_s >= length_s), None)


def _compared(view: SloView, burn: Burn | None, length_s: int) -> Fraction | None:
    """The burn that the factor of a row is held against, diluted by what was observed."""
    if burn is None or burn.rate is None:
        return None
    return alerting_burn(view.slo.objective, burn.tally, length_s, view.members)


def _state(view: SloView, row: BurnRow) -> tuple[str, Mark]:
    """What the row does now; frozen is no quiet."""
    fired = next((one for one in view.itself.firing if one.row == row), None)
    of_part = next((one for one in view.firing if one.row == row), None)
    if view.judgement.now is Now.FROZEN:
        return ("was firing, frozen" if fired or of_part else "frozen"), Mark.FROZEN
    if fired is None and of_part is not None:
        return _fires_for(view, of_part), severity_mark(of_part.severity)
    if fired is None:
        return "quiet", Mark.QUIET
    words = "fires, a ticket only" if fired.is_demoted else "fires"
    return words, severity_mark(fired.severity)


def _fires_for(view: SloView, fired: Firing) -> str:
    """That the row is quiet by the counts of the whole, and for which part it fires at what."""
    burns = f"{burn_words(fired.long_burn)} and {burn_words(fired.short_burn)}"
    only = ", a ticket only" if fired.is_demoted else ""
    return f"quiet; fires for {alarm_part(view)}: {burns}{only}"


def fires_from(slo: Slo, one: Reach) -> str:
    """The share of bad events above which a row fires, and the fewest of them that do."""
    said = f"{share_of_events(one.share)} {promise.bad_word(slo.indicator)}"
    if one.share >= 1:
        return said
    length = length_words(one.row.long_s)
    if slo.is_time_like:
        least_s = max(-int(-one.share * one.row.long_s // 1), one.row.min_bad_events)
        return f"{said}, {duration_words(least_s)} in {length}"
    if one.least_bad is None:
        return (
            f"{said}, at least {counted_text(slo, least)}"
            if (least := one.row.min_bad_events)
            else said
        )
    return f"{said}, {counted_text(slo, one.least_bad)} in {length}"


def never_words(slo: Slo, one: Reach) -> str:
    """Why a row never fires: no share of bad events is enough, or they are too few."""
    if not one.is_reachable:
        largest = 1 / slo.objective.error_budget
        return (
            f"at {slo.objective.percent.normalize():f} % the largest burn is {times_words(largest)}"
        )
    assert one.events is not None, "without traffic nothing is too little"
    amount = int(one.events)
    counted = duration_words(amount) if slo.is_time_like else counted_text(slo, amount)
    return f"never at this traffic: {counted} in {length_words(one.row.long_s)}"


def counted_text(slo: Slo, count: int) -> str:
    """So many of what the SLO counts.

    >>> from slo.indicator import Ratio
    >>> from slo.objective import Objective
    >>> from slo.spans import RollingWindow
    >>> slo = Slo("a", "", Objective.from_percent(99), RollingWindow(3_600), "p", Ratio("all"))
    >>> counted_text(slo, 1), counted_text(slo, 1_200)
    ('1 request', '1,200 requests')
    """
    counted = counted_word(slo.indicator)
    return f"{count:,} {counted.removesuffix('s') if count == 1 else counted}"


def share_of_events(share: Fraction) -> str:
    """A share of events in as many decimals as its size needs, rounded up; a tiny one in full."""
    percent = share * 100
    if 0 < percent < Fraction(1, 10**_MOST_DECIMALS):
        return f"{digits_words(percent)} %"
    decimals = 0 if percent.denominator == 1 else 1 if percent >= 1 else 2
    while percent < Fraction(1, 10**decimals) and decimals < _MOST_DECIMALS:
        decimals += 1
    text = decimal_words(percent, decimals, ROUND_CEILING)
    return f"{text.rstrip('0').rstrip('.') if decimals else text} %"


def _reach(view: SloView, row: BurnRow, threshold: Fraction) -> str:
    standard = workbook_factor(row, view.whole.length_s)
    if view.slo.policy is not None or standard is None or standard <= threshold:
        return "reachable"
    needs = standard * view.slo.objective.error_budget
    what = f"needs {share_of_events(needs)}" if needs < 1 else "cannot fire"
    return f"reachable; lowered from {times_words(standard)}, which {what}"
