"""What a history says of targets, in words: the highest that every month met, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.compliance.words import period_words
from dashboard.views.slos.marks import Mark, Tone
from dashboard.views.words import (
    NOTHING,
    decimals_of,
    length_words,
    moment_words,
    percent_words,
    share_words,
)
from slo.advise import LADDER, Advice, Month
from slo.coverage import ENOUGH
from slo.objective import Objective, Slo

_COLUMNS = 4


def headline(slo: Slo, made: Advice) -> str:
    """Which target the history supports, and how its own fared."""
    count = len(made.judged)
    if not count:
        return f"{slo.name}: no month was measured for a half, so no target is supported yet"
    own, months = _said(slo.objective), "month" if count == 1 else "months"
    kept = made.kept(slo.objective)
    fared = f"{own} was met in {kept} of {count} {months}"
    if made.supported is None:
        return f"{slo.name}: the history supports none of the usual targets; {fared}"
    if made.supported == slo.objective:
        return f"{slo.name}: the history supports {own}, its target"
    return f"{slo.name}: the history supports {_said(made.supported)}; {fared}"


def block(slo: Slo, made: Advice) -> Block:
    """A row a month, the latest first: its SLI, and which of the targets around it met."""
    targets = _targets(slo.objective, made)
    decimals = max(decimals_of(one.percent) for one in targets)
    heads = ("Month", "SLI", "Measured", *(_said(one) for one in targets))
    rows = tuple(_row(one, targets, decimals) for one in made.months[::-1])
    return Block(
        title="Which targets each month would have met",
        note="each month judged alone",
        headings=tuple(Heading(one, is_figure=one != "Month") for one in heads),
        rows=rows,
        below=tuple(_notes(made, decimals)),
    )


def _row(one: Month, targets: Sequence[Objective], decimals: int) -> tuple[Cell, ...]:
    by = f"worst by {one.of}" if one.of else ""
    note = ", ".join(filter(None, (by, "" if one.counts else "not counted")))
    return (
        Cell(period_words(one.period), note=note),
        Cell(percent_words(one.sli, decimals)),
        Cell(share_words(one.covered)),
        *(_met(one.met(target)) for target in targets),
    )


def _met(met: bool | None) -> Cell:
    if met is None:
        return Cell(NOTHING)
    return Cell("met") if met else Cell("missed", mark=Mark.SPENT, tone=Tone.RED)


def _targets(own: Objective, made: Advice) -> tuple[Objective, ...]:
    """The usual targets about the one that is supported, and the SLO's own, ascending."""
    held = made.supported or LADDER[0]
    first = min(max(LADDER.index(held) - 1, 0), len(LADDER) - _COLUMNS)
    return tuple(sorted({own, *LADDER[first : first + _COLUMNS]}, key=lambda one: one.target))


def _notes(made: Advice, decimals: int) -> chain[str]:
    lowest: list[str] = []
    if made.lowest is not None:
        ratio = percent_words(made.lowest.sli, decimals + 1)
        over, ended = length_words(made.lowest.window_s), moment_words(made.lowest.until)
        by = f", worst by {made.lowest.of}" if made.lowest.of else ""
        steps = "ends are tried by the quarter hour"
        lowest = [f"The least over any {over} was {ratio}, to {ended}{by}; {steps}."]
    thin = [one for one in made.months if not one.counts]
    few = [f"A month is counted once {share_words(ENOUGH)} of the whole of it was measured."]
    return chain(lowest, few if thin else [])


def _said(objective: Objective) -> str:
    return f"{objective.percent.normalize():f} %"
