"""How `advise` came to the target that a history supports: as arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from collectors.store.widths import QUARTER_S
from collectors.store.windows import WindowAsk
from dashboard.views.backtest.advising import judged_by
from dashboard.views.backtest.history import Kept, kept
from dashboard.views.compliance.words import period_words
from dashboard.views.digits import digits_words
from dashboard.views.explained.asked import asked_steps
from dashboard.views.explained.shares import sli_text
from dashboard.views.explained.step import Step, digits, span_text
from dashboard.views.slos.queries import store_query
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import NOTHING, length_words, moment_words, share_words
from slo.advise import LADDER, Advice, Lowest, Month
from slo.coverage import ENOUGH
from slo.objective import Slo
from slo.spans import Span
from slo.tally import Tally

SHOWN = 6


def advice_steps(
    scene: Scene, slo: Slo, made: Advice, asked: Span | None = None
) -> tuple[Step, ...]:
    """The span, the SLI of each of the last months and of the lowest window, and what they allow."""
    found = kept(scene.reader, slo, asked, scene.as_of)
    if found is None:
        return ()
    by = judged_by(scene, slo)
    steps: list[Step] = [_where(found)]
    for month in made.months[::-1][:SHOWN]:
        steps += _counted(scene, by[month.of], asked, month.period.span, partial(_month, month))
    lowest = made.lowest
    if lowest is not None:
        over = Span(lowest.until - lowest.window_s, lowest.until)
        of = by[lowest.of]
        steps += _counted(scene, of, asked, over, partial(_lowest, of, lowest))
    latest = made.months[-1]
    span = latest.period.span.clipped_to(found.span)
    return (
        *steps,
        ("supported", _supported(made)),
        *asked_steps(scene, by[latest.of], span),
    )


def _counted(
    scene: Scene,
    slo: Slo,
    asked: Span | None,
    span: Span,
    told: Callable[[Tally | None], Step],
) -> Iterator[Step]:
    """What a span of an SLO came to, and the query for it."""
    found = kept(scene.reader, slo, asked, scene.as_of)
    assert found is not None, "what has counts was kept"
    inside = span.clipped_to(found.span)
    ((raw,),) = scene.reader.windows([WindowAsk(found.series.together, (inside,))])
    yield told(raw)
    yield _sql(slo, found, inside, raw)


def _where(found: Kept) -> Step:
    return "span", span_text(found.span)


def _month(one: Month, raw: Tally | None) -> Step:
    """The SLI of a month, how much of it was measured and excluded, and whether it counts."""
    name = f"{period_words(one.period)}{_by(one.of)}"
    if one.tally is None or one.sli is None:
        why = "no traffic" if one.tally is not None else "not measured"
        return "month", f"{name}: {NOTHING}, {why}"
    few = "" if one.counts else f"; not counted, under {share_words(ENOUGH)} of the whole of it"
    return "month", (
        f"{name}: {sli_text(one.tally)}; {share_words(one.covered)} measured{_excluded(raw)}{few}"
    )


def _by(member: str) -> str:
    return f", worst by {member}" if member else ""


def _excluded(raw: Tally | None) -> str:
    if raw is None or not (raw.excluded_total or raw.excluded_s):
        return ""
    good, total = digits(raw.excluded_good), digits(raw.excluded_total)
    return f"; {good} good of {total} under corrections, of {digits(raw.total)} as measured"


def _sql(slo: Slo, found: Kept, span: Span, raw: Tally | None) -> Step:
    is_corrected = raw is not None and bool(raw.excluded_s or raw.excluded_total)
    treatment = slo.treatment if is_corrected else None
    width_s = found.series.bin_s if span.since >= found.minutes_since else QUARTER_S
    return "sql", store_query(found.series.together, width_s, span, treatment)


def _lowest(slo: Slo, lowest: Lowest, raw: Tally | None) -> Step:
    over, ended = length_words(lowest.window_s), moment_words(lowest.until)
    said = f"the least over any {over}, in those that ended {ended}{_by(lowest.of)}"
    tally = None if raw is None else raw.under(slo.treatment)
    if tally is None or tally.sli is None:
        return "lowest", f"{said}: {digits_words(lowest.sli)}"
    return "lowest", f"{said}: {sli_text(tally)}"


def _supported(made: Advice) -> str:
    """The least of all that counts, between the targets that it allows and does not."""
    slis = [one.sli for one in made.judged if one.sli is not None]
    if not slis:
        return f"{NOTHING}: no month was measured for a half"
    least = min([*slis, *([] if made.lowest is None else [made.lowest.sli])])
    held = made.supported
    above = next((one for one in LADDER if held is None or one.target > held.target), None)
    said = "none of the usual targets" if held is None else f"{held.percent.normalize():f} %"
    of = f"{len(slis):,} {'month' if len(slis) == 1 else 'months'}"
    of += "" if made.lowest is None else " and that window"
    over = "" if held is None else f"{digits_words(held.target)} ≤ "
    under = "" if above is None else f" < {digits_words(above.target)}"
    return f"{said}: the least of {of}: {over}{digits_words(least)}{under}"
