"""One figure in numbers: what defines it, the span, the span before, what the two say together.

Pages, commands and documents word the same figure; none makes another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.measures.contract import Unit
from dashboard.views.delivery.gathering import Gathered
from dashboard.views.words import length_words
from slo.delivery.bands import Band
from slo.delivery.facts import DeliveryRules, Dropped, Read
from slo.evidence.adjust import adjusted
from slo.evidence.comparison import Comparison, Side
from slo.evidence.terms import Better, Multiple, Verdict
from slo.evidence.verdict import VerdictRule, verdict

_FAMILY = Multiple.HOLM
_CLUSTERED = 1.5
_LEAD = {"merged_at": "merge", "committed_at": "first commit"}
Measure = Callable[[Gathered], Comparison | None]
Note = Callable[[Gathered, Side], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure; `now` is None where nothing of the kind was ever collected.

    `before` is None where nobody watched then. `notes` are short phrases beside it, `verdict` what
    the comparison says after the figures shown with it were taken together, `bands` the published
    ones that the value lies in; `is_uptime` where it is a share of time, told to three decimals.
    """

    id: str
    title: str
    unit: Unit
    better: Better
    definition: str
    now: Side | None = None
    before: Side | None = None
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    bands: tuple[Band, ...] = ()
    verdict: Verdict = Verdict.NOT_TESTED
    p_adjusted: float | None = None
    is_uptime: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDef:
    """What a figure is: how it is called and counted, what measures it, what is said beside it.

    `title` and `definition` may name the rules, as `{environments}` does. `measure` gives None
    where nothing of the kind was ever collected; `reads` are the rows that it stands on, of which
    some may be left out.
    """

    id: str
    title: str
    unit: Unit
    better: Better
    definition: str
    counted: str
    measure: Measure
    notes: tuple[Note, ...] = ()
    bands: Callable[[Gathered, Side], tuple[Band, ...]] | None = None
    reads: Callable[[Gathered], Read[Any]] | None = None
    is_uptime: bool = False


def made(definition: FigureDef, found: Gathered) -> Figure:
    """The figure of what was gathered."""
    rules = _rule_words(found.rules)
    figure = Figure(
        id=definition.id,
        title=definition.title.format_map(rules),
        unit=definition.unit,
        better=definition.better,
        definition=definition.definition.format_map(rules),
        dropped=() if definition.reads is None else definition.reads(found).dropped_in(found.span),
        is_uptime=definition.is_uptime,
    )
    compared = definition.measure(found)
    if compared is None:
        return figure
    now = compared.after
    said = [note(found, now) for note in definition.notes]
    if compared.clusters >= _CLUSTERED:
        said.append(f"{definition.counted} come in clusters")
    return replace(
        figure,
        now=now,
        before=compared.before if compared.before.coverage else None,
        comparison=compared,
        notes=tuple(filter(None, said)),
        bands=() if definition.bands is None else definition.bands(found, now),
    )


def judged(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """The figures with what their comparisons say, for being several that are shown together.

    Source: the adjustment is Holm's, as in a migration's report.
    """
    ps = [_p(one) for one in figures]
    return tuple(_judged(one, p) for one, p in zip(figures, adjusted(ps, _FAMILY), strict=True))


def _rule_words(rules: DeliveryRules) -> dict[str, str]:
    """The rules by the names that definitions use."""
    severities = ", ".join(rules.severities)
    return {
        "environments": ", ".join(rules.environments),
        "rollbacks": "rollbacks too" if rules.count_rollbacks else "rollbacks not counted",
        "lead_from": rules.lead_from,
        "ready": _LEAD.get(rules.lead_from, rules.lead_from),
        "fail_within": length_words(rules.fail_within_s),
        "severities": f"; severities {severities}" if severities else "",
    }


def _p(figure: Figure) -> float | None:
    """The p-value of a comparison that could tell anything; others are no test."""
    found = figure.comparison
    if found is None or found.best_p is None or found.best_p >= VerdictRule(better=None).alpha:
        return None
    return found.p_value


def _judged(figure: Figure, p_adjusted: float | None) -> Figure:
    if figure.comparison is None or figure.before is None:
        return figure
    rule = VerdictRule(better=figure.better)
    return replace(
        figure,
        verdict=verdict(figure.comparison, rule, p_adjusted),
        p_adjusted=p_adjusted,
    )
