"""An SLO as a configuration that promises exactly the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dashboard.toml import literal
from slo.indicator import (
    Base,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.objective import Slo, duration_text
from slo.policy import BurnRow
from slo.promise import number_text, percent_text
from slo.spans import CalendarWindow, length_label, moment


def config_lines(slo: Slo) -> tuple[str, ...]:
    """The table `[[slo]]` that promises exactly the same, what is left to its default left out."""
    return (
        "[[slo]]",
        f"name = {literal(slo.name)}",
        *([f"service = {literal(slo.service)}"] if slo.service else []),
        f"objective = {slo.objective.percent:f}",
        f"window = {_windows(slo)}",
        *_zone(slo),
        *([f"source = {literal(slo.source)}"] if slo.source else []),
        *_indicator(slo.indicator),
        *_further(slo),
        *(line for row in slo.policy or () for line in alert_lines(row, slo.min_bad_events)),
    )


def _windows(slo: Slo) -> str:
    kinds = [window.kind for window in (slo.window, *slo.further)]
    return _list(kinds) if slo.further else literal(slo.window.kind)


def _zone(slo: Slo) -> Iterator[str]:
    """The zone of the calendar windows, which all of them share."""
    calendars = [one for one in (slo.window, *slo.further) if isinstance(one, CalendarWindow)]
    for window in calendars[:1]:
        yield f"timezone = {literal(window.zone.key)}"


def _indicator(indicator: Indicator) -> Iterator[str]:
    match indicator:
        case Sliced(of=of, slice_s=slice_s, target=target):
            yield from _base(of)
            yield f"method = {literal('ratio-timeslices' if target is None else 'timeslices')}"
            yield f"slice = {literal(length_label(slice_s))}"
            if target is not None:
                yield f"slice_objective = {percent_text(target)}"
        case Composite(method=method, members=members, weights=weights):
            yield f"composite = {literal(method.value)}"
            yield f"members = {_list(members)}"
            if weights:
                yield f"weights = [{', '.join(number_text(float(one)) for one in weights)}]"
        case _:
            yield from _base(indicator)


def _base(indicator: Base) -> Iterator[str]:
    match indicator:
        case Uptime():
            yield f"uptime = {literal(indicator.probe)}"
            yield f"valid_for = {literal(length_label(indicator.valid_s))}"
            yield f"combine = {literal(indicator.combine.value)}"
        case Latency():
            key = "histogram" if indicator.histogram else "samples"
            yield f"{key} = {literal(indicator.histogram or indicator.samples or '')}"
            yield _latency(indicator.threshold_s)
            if indicator.only_if is not None:
                yield f"only_if = {literal(indicator.only_if)}"
        case Ratio():
            yield f"total = {literal(indicator.total)}"
            for key, part in (("good", indicator.good), ("bad", indicator.bad)):
                if part is not None:
                    yield f"{key} = {literal(part)}"
                    yield f"absent = {literal(indicator.absent.value)}"
        case Gauge():
            yield from _gauge(indicator)
        case RawRatio():
            key = "failure_ratio" if indicator.is_failure else "success_ratio"
            yield f"{key} = {literal(indicator.ratio)}"
            yield from _valid(indicator.valid_s)


def _gauge(gauge: Gauge) -> Iterator[str]:
    if gauge.percentile:
        yield f"points = {literal(gauge.gauge)}"
        yield _latency(gauge.value)
        yield f"percentile = {literal(gauge.percentile)}"
    else:
        yield f"gauge = {literal(gauge.gauge)}"
        yield f"op = {literal(gauge.op.value)}"
        yield f"value = {number_text(gauge.value)}"
    yield from _valid(gauge.valid_s)


def _latency(threshold_s: float) -> str:
    return f"latency = {literal(duration_text(threshold_s).replace(' ', ''))}"


def _valid(valid_s: int | None) -> Iterator[str]:
    if valid_s is not None:
        yield f"valid_for = {literal(length_label(valid_s))}"


def _further(slo: Slo) -> Iterator[str]:
    """What is written only where it differs from what holds without it."""
    lists = {"group_by": slo.group_by, "breakdown": slo.breakdown, "notify": slo.notify}
    for key, values in lists.items():
        if values:
            yield f"{key} = {_list(values)}"
    if slo.corrections is not None:
        yield f"corrections = {literal(slo.corrections.value)}"
    if slo.min_bad_events:
        yield f"min_bad_events = {slo.min_bad_events}"
    if slo.budget_policy:
        yield f"policy = {literal(slo.budget_policy)}"
    if slo.effective is not None:
        yield f"effective = {literal(moment(slo.effective).isoformat())}"


def alert_lines(row: BurnRow, min_bad_events: int = 0) -> Iterator[str]:
    """The table `[[slo.alert]]` of a row, below an SLO that asks for so many bad events."""
    yield "[[slo.alert]]"
    yield f"severity = {literal(row.severity.value)}"
    yield f"budget = {percent_text(row.share)}"
    yield f"long = {literal(length_label(row.long_s))}"
    yield f"short = {literal(length_label(row.short_s))}"
    if row.min_bad_events != min_bad_events:
        yield f"min_bad_events = {row.min_bad_events}"


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(literal(one) for one in values)}]"
