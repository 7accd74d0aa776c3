"""How the figures of a backtest came about, and on what its latest pages began: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dashboard.views.backtest.begun import Begun, Burnt
from dashboard.views.backtest.besides import under_corrections
from dashboard.views.backtest.making import Side, Tried
from dashboard.views.backtest.paged import row_words
from dashboard.views.digits import digits_words, equals_words, filled_words
from dashboard.views.explained.asked import asked_steps
from dashboard.views.explained.rates import burn_text
from dashboard.views.explained.step import Step, span_text
from dashboard.views.slos.queries import store_query
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import NOTHING, count_words, duration_words, moment_words
from slo.backtest import Backtest, Met
from slo.burn import factor
from slo.lengths import DAY_S
from slo.policy import BurnRow, Severity
from slo.spans import length_label
from slo.splits import value_words
from slo.tally import Treatment

SHOWN = 8
_MONTH_S = 30 * DAY_S


def backtest_steps(scene: Scene, made: Tried) -> tuple[Step, ...]:
    """Span, coverage, exclusions; of each policy its rows, latest pages and every figure."""
    sides = (step for side in made.sides for step in _side(scene, made, side))
    return (*_where(made), *sides)


def _where(made: Tried) -> Iterator[Step]:
    fine = "" if made.minutes_from is None else f" from {moment_words(made.minutes_from)} on"
    yield "span", f"{span_text(made.span)}, in bins of {made.bin_s} s{fine}"
    yield "held against", made.records.says
    under = f"{duration_words(made.corrected_s)} under corrections" if made.corrected_s else ""
    treated = "taken out" if made.slo.treatment is Treatment.REMOVED else "called good"
    yield "excluded", f"{under}, {treated}" if under else "nothing"


def _side(scene: Scene, made: Tried, side: Side) -> Iterator[Step]:
    found = side.found
    yield "policy", f"{side.candidate.name}: {side.candidate.says}"
    yield "measured", f"measured / span {_share(found.measured_s, made.span.length_s, ' s')}"
    for row in found.policy:
        yield row.severity.value, _row(made, row)
    for one in side.begun:
        yield from _page(scene, made, one)
    yield "pages", _pages(found)
    fired_s = found.firing_s[Severity.PAGE]
    yield "time firing", f"over a factor / measured {_share(fired_s, found.measured_s, ' s')}"
    yield from _held_against(made, side)
    yield from _members(side)


def _share(part: int, whole: int, unit: str = "") -> str:
    """One count as a share of another, which may be none."""
    if not whole:
        return f"= {count_words(part)}{unit} / 0{unit}: {NOTHING}"
    shares = f"{count_words(part)}{unit} / {count_words(whole)}{unit}"
    return f"= {shares} {equals_words(Fraction(part, whole))}"


def _row(made: Tried, row: BurnRow) -> str:
    """The factor of a row; of a calendar window by the length of the period that is the last."""
    whole_s = made.slo.window.whole(made.span.until - 1).length_s
    filled = filled_words(digits_words(row.share), row.share)
    return (
        f"{digits_words(row.share * 100)} % of the budget in {length_label(row.long_s)}: factor "
        f"{filled} × {count_words(whole_s)} / {count_words(row.long_s)} "
        f"{equals_words(factor(row, whole_s))}, over {row_words(row)}"
    )


def _page(scene: Scene, made: Tried, one: Begun) -> Iterator[Step]:
    """The burns of both windows as it began, and where the counts of the long one can be asked."""
    row = one.page.row
    by = "" if one.slo.name == made.slo.name else f", by {one.slo.name}"
    yield "paged", f"{moment_words(one.page.span.since)}{by}: both over {digits_words(one.factor)}"
    for burnt, length_s in ((one.long, row.long_s), (one.short, row.short_s)):
        yield f"burn {length_label(length_s)}", _burn(one, burnt)
        if row.long_s == row.short_s:
            break
    if one.together:
        treatment = one.slo.treatment if made.corrected_s else None
        yield "sql", store_query(one.together, one.bin_s, one.long.span, treatment)
        yield from asked_steps(scene, one.slo, one.long.span)


def _burn(one: Begun, burnt: Burnt) -> str:
    return burn_text(one.slo.objective, burnt.tally, burnt.span, one.members)


def _pages(found: Backtest) -> str:
    count = len(found.pages)
    if not found.measured_s:
        return f"{count:,}; {NOTHING} in 30 d: nothing was measured"
    monthly = Fraction(count * _MONTH_S, found.measured_s)
    filled = f"{count:,} / {count_words(found.measured_s)} s × {count_words(_MONTH_S)} s"
    return f"pages / measured × 30 d = {filled} {equals_words(monthly)}"


def _held_against(made: Tried, side: Side) -> Iterator[Step]:
    """Which of what was recorded had a page, how late each, and the middle of that."""
    found, corrected = side.found, len(under_corrections(side))
    for one in found.met[::-1][:SHOWN]:
        yield "missed" if one.page is None else "found", _met(one)
    if len(found.met) > SHOWN:
        yield "recorded", f"{len(found.met) - SHOWN:,} more; --json lists all"
    if corrected:
        yield "corrected", f"{corrected:,} of those recorded: counted as neither"
    if len(found.unmeasured) > corrected:
        unmeasured = len(found.unmeasured) - corrected
        yield "not measured", f"{unmeasured:,} of those recorded: counted as neither"
    hit = sum(one.page is not None for one in found.met)
    yield "recall", f"found / recorded where measured {_share(hit, len(found.met))}"
    if made.records.found:
        right = f"pages while one was going on / pages {_share(sum(found.right), len(found.right))}"
        yield "precision", right
    delays = [max(one.delay_s, 0) for one in found.met if one.delay_s is not None]
    yield "until paged", _middle(delays, found.delay_s)
    resets = [one.reset_s for one in found.met if one.reset_s is not None]
    yield "until clear", _middle(resets, found.reset_s)


def _met(one: Met) -> str:
    began, key = one.recorded.span.since, one.recorded.key
    if one.page is None or one.delay_s is None:
        return f"{key}, {moment_words(began)}"
    paged = one.page.span.since
    return f"{key}: paged − began = {paged} − {began} = {digits_words(Fraction(one.delay_s))} s"


def _middle(values: list[int], middle: int | None) -> str:
    """The median with what it is of: the one in the middle, or the mean of the two there."""
    if middle is None:
        return f"{NOTHING}: nothing to take the middle of"
    ordered, count = sorted(values), len(values)
    told = ", ".join(digits_words(Fraction(one)) for one in ordered[:SHOWN])
    more = f" and {count - SHOWN:,} more" if count > SHOWN else ""
    if count == 1:
        return f"{told} s, the only one"
    found = digits_words(Fraction(middle))
    if count % 2:
        return f"the median of {told}{more} s, the one in the middle: {found} s"
    lower, upper = ordered[count // 2 - 1 : count // 2 + 1]
    mean = Fraction(lower + upper, 2)
    filled = f"({digits_words(Fraction(lower))} + {digits_words(Fraction(upper))}) / 2"
    rounded = "" if mean == middle else f", told as {found} s"
    return (
        f"the median of {told}{more} s, the mean of the two in the middle: "
        f"{filled} {equals_words(mean)} s{rounded}"
    )


def _members(side: Side) -> Iterator[Step]:
    """How many pages each member adds; they are explained where one is replayed by itself."""
    if not side.members:
        return
    for one in side.members[:SHOWN]:
        yield "member", f"{value_words(one.slo.member)}: {len(one.found.pages):,}"
    counts = [len(one.found.pages) for one in side.members]
    summed = " + ".join(f"{count:,}" for count in counts)
    yield "of members", f"pages of each = {summed} {equals_words(Fraction(sum(counts)))}"
    share = _share(side.found_by_any, len(side.found.met))
    yield "with members", f"found by the sum or a member / recorded where measured {share}"
