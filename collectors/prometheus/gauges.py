"""Raw observations of gauges: statuses of probes, and measured values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from collectors.contract import Batch
from collectors.prometheus.batching import batches
from collectors.prometheus.decode import Raw
from collectors.prometheus.pages import Ask, Inquiry, Page, before, pages, samples
from slo.facts import Integers, SampleRows, SeriesKey, SeriesKind, Status, StatusRows
from slo.indicator import Uptime
from slo.lengths import HOUR_S
from slo.rules import canonical
from slo.selector import Selector
from slo.spans import Span

_FIRST_S = 24 * HOUR_S
_COARSE_FROM_S = 900
_MS = 1_000
_STATES = {1.0: Status.UP, 0.0: Status.DOWN}


def statuses(inquiry: Inquiry, uptime: Uptime, span: Span) -> Iterator[Batch]:
    """The observations of each series of the probe: 1 is up, 0 is down, anything else unknown.

    A series of which most values are neither is no probe, and gives nothing.
    """
    name = canonical(uptime.probe)
    for page in pages(_asking(inquiry, (name,)), span, _FIRST_S):
        series = page.answers[0].series
        odd = [int((~np.isin(raw.value, (0.0, 1.0))).sum()) for raw in series]
        facts = [
            _status_rows(inquiry, uptime, raw, page)
            for raw, count in zip(series, odd, strict=True)
            if 2 * count <= len(raw.value)
        ]
        told = _oddities(name, sum(odd), page.counts.read, len(series) - len(facts))
        yield from batches(facts, page.span, 1, page.counts, (*page.warnings, *told))


def _oddities(name: str, odd: int, read: int, refused: int) -> Sequence[str]:
    """What to tell of values that are no state of a probe."""
    if not odd:
        return ()
    said = f"{odd:,} of {read:,} values of {name} are neither 0 nor 1"
    if not refused:
        return (f"{said}: unknown",)
    return (f"not a probe: {said}, {refused} series refused",)


def values(
    inquiry: Inquiry, selector: str, span: Span, *, only_if: str | None = None
) -> Iterator[Batch]:
    """The measured values, those taken while `only_if` was 1 where it is given."""
    name = canonical(selector)
    names = (name,) if only_if is None else (name, canonical(only_if))
    for page in pages(_asking(inquiry, names), span, _FIRST_S):
        series = list(page.answers[0].series)
        if only_if is not None:
            series = _taken_while_one(series, page.answers[1].series)
        facts = [_sample_rows(inquiry, raw, page) for raw in series]
        yield from batches(facts, page.span, 1, page.counts, page.warnings)


def ratios(inquiry: Inquiry, selector: str, span: Span) -> Iterator[Batch]:
    """The values of a gauge that is to lie between 0 and 1; what does not is told."""
    name = canonical(selector)
    for page in pages(_asking(inquiry, (name,)), span, _FIRST_S):
        series = page.answers[0].series
        odd = sum(int(((raw.value < 0) | (raw.value > 1)).sum()) for raw in series)
        said = f"{odd:,} of {page.counts.read:,} values of {name} are no ratio from 0 to 1: unknown"
        facts = [_sample_rows(inquiry, raw, page) for raw in series]
        told = (*page.warnings, said) if odd else page.warnings
        yield from batches(facts, page.span, 1, page.counts, told)


def _asking(inquiry: Inquiry, names: Sequence[str]) -> Ask:
    return lambda span: [samples(inquiry, name, span) for name in names]


def _taken_while_one(series: Sequence[Raw], conditions: Sequence[Raw]) -> list[Raw]:
    """The samples at whose very moment the series of the same labels was 1."""
    settled = [raw.least() for raw in conditions]
    met = {_labels(raw): raw.at_ms[raw.value == 1] for raw in settled}
    kept = []
    for raw in series:
        chosen = np.isin(raw.at_ms, met.get(_labels(raw), ()))
        kept.append(Raw(raw.labels, raw.at_ms[chosen], raw.value[chosen]))
    return kept


def _labels(raw: Raw) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(pair for pair in raw.labels.items() if pair[0] != "__name__"))


def _status_rows(inquiry: Inquiry, uptime: Uptime, raw: Raw, page: Page) -> StatusRows:
    at, chosen = _seconds(before(raw, page.span))
    states = [_STATES.get(value, Status.UNKNOWN) for value in chosen.value.tolist()]
    key = _key(inquiry, SeriesKind.STATUS, uptime.probe, raw, uptime.valid_s)
    valid_s = np.full(len(at), uptime.valid_s)
    seen = np.full(len(at), inquiry.now)
    return StatusRows(key, at, states, valid_s, seen, partial=bool(page.warnings))


def _sample_rows(inquiry: Inquiry, raw: Raw, page: Page) -> SampleRows:
    at, chosen = _seconds(before(raw, page.span))
    name = raw.labels.get("__name__", "")
    key = _key(inquiry, SeriesKind.SAMPLE, name, raw, inquiry.lookback_s)
    valid_s = np.full(len(at), inquiry.lookback_s)
    seen = np.full(len(at), inquiry.now)
    return SampleRows(key, at, chosen.value, valid_s, seen, partial=bool(page.warnings))


def _key(inquiry: Inquiry, kind: SeriesKind, selector: str, raw: Raw, valid_s: int) -> SeriesKey:
    name = raw.labels.get("__name__") or Selector.parse(selector).name
    bin_s = _COARSE_FROM_S if valid_s > _COARSE_FROM_S else 60
    return SeriesKey(inquiry.source, name, kind, _labels(raw), bin_s=bin_s)


def _seconds(raw: Raw) -> tuple[Integers, Raw]:
    """The samples at whole seconds; of several within one second the last, and what denies it."""
    at = raw.at_ms // _MS
    if not len(at):
        return at, raw
    last = raw.at_ms == raw.at_ms[at.searchsorted(at, side="right") - 1]
    return at[last], Raw(raw.labels, raw.at_ms[last], raw.value[last])
