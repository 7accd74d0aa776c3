"""Why an SLO never had any data: what the last run of its source says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from dashboard.views.slos.slo_view import SloView
from slo.indicator import Indicator, Sliced, base_of
from slo.rules import stream_name, tally_pick
from slo.spans import length_label

if TYPE_CHECKING:
    from collectors.store.runs import RunRecord, SourceHealth

_WIDEST_BIN_S = 900


class Runs(Protocol):
    """The part of the store's reader that knows how its sources fared."""

    def last_runs(self) -> tuple[SourceHealth, ...]:
        """The health of every source that ever ran."""


def silences(reader: Runs, views: Sequence[SloView]) -> Mapping[str, str]:
    """By SLO what is known of why nothing was ever measured; nothing of one that was."""
    silent = [view for view in views if view.data_until is None]
    if not silent:
        return {}
    runs = {health.last.source: health.last for health in reader.last_runs()}
    found = {
        view.name: _silence(view, runs[view.slo.source])
        for view in silent
        if view.slo.source in runs and runs[view.slo.source].ended_at <= view.as_of
    }
    return {name: said for name, said in found.items() if said}


def _silence(view: SloView, run: RunRecord) -> str:
    """The stream's own words first, then the source's; a selector that matches nothing last."""
    base = base_of(view.slo.indicator)
    if base is None:
        return ""
    stream, pick = stream_name(base), tally_pick(base)
    if stream in run.silences:
        return run.silences[stream]
    if stream in run.failures:
        return f"cannot be collected: {_first(run.failures[stream])}"
    if run.error is not None:
        return f"source failing: {_first(run.error)}"
    if view.series_ids:
        return ""
    said = f"nothing found: no series of {view.slo.source} matches {pick.selector or pick.name}"
    return f"{said}{_too_wide(view.slo.indicator)}"


def _too_wide(indicator: Indicator) -> str:
    """What else may keep slices from being judged: counts in wider bins than they are long."""
    if not isinstance(indicator, Sliced) or indicator.slice_s >= _WIDEST_BIN_S:
        return ""
    long = length_label(indicator.slice_s)
    return f' in bins of {long} or less; counts by the quarter of an hour need slice = "15m"'


def _first(error: str) -> str:
    return error.partition("\n")[0]
