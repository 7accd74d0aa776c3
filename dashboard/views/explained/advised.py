"""How `advise` came to the target that a history supports: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from collectors.store.windows import WindowAsk
from dashboard.views.backtest.history import Kept, kept
from dashboard.views.compliance.words import period_words
from dashboard.views.explained.asked import asked_steps
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.queries import store_query
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import (
    NOTHING,
    count_words,
    digits_words,
    equals_words,
    filled_words,
    length_words,
    moment_words,
    share_words,
)
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
    months = made.months[::-1][:SHOWN]
    spans = [one.period.span.clipped_to(found.span) for one in months]
    lowest = made.lowest
    if lowest is not None:
        spans.append(Span(lowest.until - lowest.window_s, lowest.until))
    counts = scene.reader.windows([WindowAsk(found.series.ids, tuple(spans))])[0]
    steps: list[Step] = [_where(found)]
    for one, span, raw in zip(months, spans, counts, strict=False):
        steps += [("month", _month(one, raw)), _sql(slo, found, span, raw)]
    if lowest is not None:
        steps += [
            ("lowest", _lowest(slo, lowest, counts[-1])),
            _sql(slo, found, spans[-1], counts[-1]),
        ]
    return (*steps, ("supported", _supported(made)), *_asked(scene, slo, spans))


def _where(found: Kept) -> Step:
    since, until = found.span.since, found.span.until
    length = count_words(found.span.length_s)
    return "span", f"{moment_words(since)} to {moment_words(until)}: {until} − {since} = {length} s"


def _month(one: Month, raw: Tally | None) -> str:
    """The SLI of a month, how much of it was measured and excluded, and whether it counts."""
    name = period_words(one.period)
    if one.tally is None or one.sli is None:
        return f"{name}: {NOTHING}, {'no traffic' if one.tally is not None else 'not measured'}"
    few = "" if one.counts else f"; not counted, under {share_words(ENOUGH)} of the whole of it"
    return (
        f"{name}: {_sli(one.tally, one.sli)}; {share_words(one.covered)} measured"
        f"{_excluded(raw)}{few}"
    )


def _sli(tally: Tally, sli: Fraction) -> str:
    shares = f"{digits(tally.good)} / {digits(tally.total)}"
    return f"good / total {filled_words(shares, tally.good, tally.total)} {equals_words(sli)}"


def _excluded(raw: Tally | None) -> str:
    if raw is None or not (raw.excluded_total or raw.excluded_s):
        return ""
    good, total = digits(raw.excluded_good), digits(raw.excluded_total)
    return f"; {good} good of {total} under corrections, of {digits(raw.total)} as measured"


def _sql(slo: Slo, found: Kept, span: Span, raw: Tally | None) -> Step:
    is_corrected = raw is not None and bool(raw.excluded_s or raw.excluded_total)
    treatment = slo.treatment if is_corrected else None
    width_s = found.series.bin_s if span.since >= found.minutes_since else 900
    return "sql", store_query(found.series.ids, width_s, span, treatment)


def _lowest(slo: Slo, lowest: Lowest, raw: Tally | None) -> str:
    over, ended = length_words(lowest.window_s), moment_words(lowest.until)
    said = f"the least over any {over}, in those that ended {ended}"
    tally = None if raw is None else raw.under(slo.treatment)
    if tally is None or tally.sli is None:
        return f"{said}: {digits_words(lowest.sli)}"
    return f"{said}: {_sli(tally, tally.sli)}"


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


def _asked(scene: Scene, slo: Slo, spans: list[Span]) -> Iterator[Step]:
    if spans:
        yield from asked_steps(scene, slo, spans[0])
