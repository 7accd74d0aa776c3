"""What each correction takes out of the counts, or calls good: as arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from collectors.store.together import Weighed
from collectors.store.windows import WindowAsk
from dashboard.views.corrections.bearing import Bearing, bearing, covered_s
from dashboard.views.corrections.words import said_words
from dashboard.views.digits import equals_words, filled_words
from dashboard.views.explained.shares import sli_text
from dashboard.views.explained.step import Step, digits
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.scene import Scene
from dashboard.views.words import NOTHING, duration_words
from slo.spans import Span, united
from slo.tally import Tally, Treatment

SHOWN, _MOST_SPANS = 10, 100


def corrected_steps(scene: Scene, view: SloView) -> Iterator[Step]:
    """Each correction that covers some of the window with the counts under it; then their sum."""
    found = [one for one in bearing(scene.reader, view) if one.covered]
    for one in found[:SHOWN]:
        yield "correction", f"{one.correction.key}: {_one(scene, view, one)}"
    if len(found) > SHOWN:
        yield "correction", f"{len(found) - SHOWN:,} more"
    each_s, together_s = sum(one.covered_s for one in found), covered_s(found)
    if each_s > together_s:
        yield "overlap", f"{duration_words(each_s - together_s)} are covered twice, and count once"
    if view.raw is not None and view.has_excluded:
        yield "corrected", _corrected(view.raw, view.slo.treatment)


def _one(scene: Scene, view: SloView, one: Bearing) -> str:
    """When and why, how much of the window, and what was counted there."""
    said = f"{said_words(one.correction)}: {duration_words(one.covered_s)} of the window"
    spans = _whole_bins(one.covered, view)
    if len(spans) > _MOST_SPANS:
        return f"{said}, in {len(spans):,} stretches"
    told = [f"{of}{_bad(part)}" for of, part in _under(scene, view, spans)]
    return "; ".join((said, *told))


def _under(scene: Scene, view: SloView, spans: tuple[Span, ...]) -> Iterator[tuple[str, Tally]]:
    """What was counted in the spans; of a weighted burn what each member that is corrected did."""
    parts = (
        [(f"{of.name}: ", part) for of, part in zip(view.parts, view.together.parts, strict=True)]
        if isinstance(view.together, Weighed)
        else [("", view.together)]
    )
    found = scene.reader.windows([WindowAsk(part, spans) for _, part in parts])
    for (of, _), counts in zip(parts, found, strict=True):
        summed = sum((one for one in counts if one is not None), start=Tally())
        if summed.excluded_total or len(parts) == 1:
            yield of, summed


def _bad(under: Tally) -> str:
    bad = under.excluded_total - under.excluded_good
    filled = filled_words(
        f"{digits(under.excluded_total)} − {digits(under.excluded_good)}",
        under.excluded_total,
        under.excluded_good,
    )
    return f"total − good under it {filled} = {digits(bad)} bad"


def _whole_bins(covered: Iterable[Span], view: SloView) -> tuple[Span, ...]:
    """What it covers in whole bins: one that it touches is corrected as a whole."""
    width_s = view.bin_s
    return united(
        Span(one.since - one.since % width_s, -(-one.until // width_s) * width_s).clipped_to(
            view.span
        )
        for one in covered
    )


def _corrected(raw: Tally, treatment: Treatment) -> str:
    """From the counts as they were measured to those that count; a weighted burn is made anew."""
    made = raw.under(treatment)
    if raw.weighed:
        return NOTHING if made.sli is None else sli_text(made)
    if treatment is Treatment.AS_GOOD:
        bad = raw.excluded_total - raw.excluded_good
        filled = filled_words(f"{digits(raw.good)} + {digits(bad)}", raw.good, bad)
        return f"good + bad under corrections {filled} {equals_words(Fraction(made.good))}"
    good = filled_words(
        f"{digits(raw.good)} − {digits(raw.excluded_good)}", raw.good, raw.excluded_good
    )
    total = filled_words(
        f"{digits(raw.total)} − {digits(raw.excluded_total)}", raw.total, raw.excluded_total
    )
    return (
        f"good − good under corrections {good} {equals_words(Fraction(made.good))}; "
        f"total − total under corrections {total} {equals_words(Fraction(made.total))}"
    )
