"""The query that reproduces an SLO's counts where they came from."""

from __future__ import annotations

import math

from collectors.store.together import Ids, Laid, Together
from collectors.store.widths import LEVELS
from dashboard.views.slos.narrowed import own_indicator
from dashboard.views.slos.slo_view import SloView
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
    base_of,
)
from slo.objective import Slo
from slo.promise import percent_text, slice_words
from slo.selector import Matcher, Selector
from slo.spans import Span
from slo.tally import Treatment

_COLUMNS = {
    None: ("good", "total", "observed_s"),
    Treatment.REMOVED: (
        "good - excluded_good",
        "total - excluded_total",
        "observed_s - excluded_s",
    ),
    Treatment.AS_GOOD: ("good + excluded_total - excluded_good", "total", "observed_s"),
}


def source_query(slo: Slo, kind: str, span: Span) -> str:
    """The SLI of the span in the source's own words: PromQL, or what the files' rows are named.

    Of a member of a group its selectors hold the values of its labels.
    Prometheus extrapolates at the edges of a range, so its answer may differ in the last digits
    from counts that were made of raw samples.
    """
    indicator = own_indicator(slo)
    base = base_of(indicator)
    if base is None:
        return ""
    if kind == "prometheus":
        return f"{_promql(indicator, span.length_s)}  # time={span.until}"
    judged = f", {_judged(indicator)}" if isinstance(indicator, Sliced) else ""
    return f"{_selectors(base)}{judged}  # rows of source {slo.source}"


def edge_queries(indicator: Indicator, span: Span, edges: tuple[float, float] | None) -> str:
    """The SLI at the two edges around a threshold that is none, a line each.

    The lowest and the highest bucket have but one edge that can be asked for. Where the edges
    are not known the query shows all there are.
    """
    assert isinstance(indicator, Latency), "only a threshold lies between edges"
    histogram, reach = indicator.histogram or "", f"[{span.length_s}s]"
    if edges is None:
        every = Selector.parse(histogram)
        return f"sum by (le) (increase({every}{reach}))  # time={span.until}"
    whole = _bucket(histogram, "+Inf")
    return "\n".join(
        f"{_share(_bucket(histogram, _edge(edge)), whole, reach)}  # time={span.until}"
        for edge in edges
        if 0 < edge < math.inf
    )


def store_query(
    together: Together, bin_s: int, span: Span, treatment: Treatment | None = None
) -> str:
    """The same counts out of burnline's own store, in SQL; as measured without a treatment.

    Of series that count together otherwise than by a sum a statement for each part: the bins of
    slices that are laid over each other, the counts of members to weigh.
    """
    match together:
        case tuple():
            return _sum_query(together, bin_s, span, treatment)
        case Laid(parts=laid):
            return " ".join(_bins_query(part, bin_s, span) for part in laid)
        case made:
            return " ".join(store_query(part, bin_s, span, treatment) for part in made.parts)


def _bins_query(series_ids: Ids, bin_s: int, span: Span) -> str:
    """The bins of a member: a second that several of its series saw is one second."""
    return (
        f"SELECT at, sum(good), sum(total), max(observed_s) FROM {LEVELS[bin_s]} "  # noqa: S608
        f"{_where(series_ids, span)} GROUP BY at ORDER BY at;"
    )


def _sum_query(series_ids: Ids, bin_s: int, span: Span, treatment: Treatment | None) -> str:
    good, total, observed = _COLUMNS[treatment]
    return (
        f"SELECT sum({good}), sum({total}), sum({observed}) FROM {LEVELS[bin_s]} "  # noqa: S608
        f"{_where(series_ids, span)};"
    )


def _where(series_ids: Ids, span: Span) -> str:
    ids = ", ".join(map(str, series_ids)) or "NULL"
    return f"WHERE series_id IN ({ids}) AND at >= {span.since} AND at < {span.until}"


def counts_query(view: SloView, span: Span) -> str:
    """The counts of a part of its window as it has them: with corrections, where there are any."""
    treatment = view.slo.treatment if view.has_excluded else None
    return store_query(view.together, view.bin_s, span, treatment)


def _promql(indicator: Indicator, length_s: int) -> str:
    """The SLI of so many seconds; of slices one value each, averaged."""
    match indicator:
        case Sliced(of=of, slice_s=slice_s, target=target):
            each = _ratio(of, f"[{slice_s}s]")
            least = "" if target is None else f" >= bool {float(target)!r}"
            return f"avg_over_time(({each}{least})[{length_s}s:{slice_s}s])"
        case Composite():
            return ""
        case base:
            return _ratio(base, f"[{length_s}s]")


def _judged(sliced: Sliced) -> str:
    if sliced.target is None:
        return f"by {slice_words(sliced.slice_s)}"
    return f"by {slice_words(sliced.slice_s)} of {percent_text(sliced.target)} % or more"


def _ratio(indicator: Base, reach: str) -> str:
    match indicator:
        case Uptime(probe=probe):
            return f"avg_over_time({probe}{reach})"
        case Gauge(gauge=gauge, op=op, value=value):
            return f"avg_over_time(({gauge} {op.value} bool {value!r}){reach[:-1]}:])"
        case RawRatio(ratio=share, is_failure=is_failure):
            return f"{'1 - ' if is_failure else ''}avg_over_time({share}{reach})"
        case _:
            return _counted(indicator, reach)


def _counted(indicator: Ratio | Latency, reach: str) -> str:
    match indicator:
        case Latency(histogram=str(histogram), threshold_s=threshold_s):
            return _share(_bucket(histogram, _edge(threshold_s)), _bucket(histogram, "+Inf"), reach)
        case Latency(samples=str(samples), threshold_s=threshold_s):
            return f"avg_over_time(({samples} <= bool {threshold_s!r}){reach[:-1]}:])"
        case Ratio(total=total, good=str(good)):
            return _share(good, total, reach)
        case Ratio(total=total, bad=str(bad)):
            return f"1 - {_share(bad, total, reach)}"
        case _:
            return _selectors(indicator)


def _share(part: str, total: str, reach: str) -> str:
    return f"sum(increase({part}{reach})) / sum(increase({total}{reach}))"


def _bucket(histogram: str, edge: str) -> str:
    """The selector of one bucket; servers before and after 3.0 write a whole edge differently."""
    parsed = Selector.parse(histogram)
    matchers = [matcher for matcher in parsed.matchers if matcher.label != "le"]
    op = "=~" if "(" in edge else "="
    return str(Selector(parsed.name, tuple(sorted([*matchers, Matcher("le", op, edge)]))))


def _edge(threshold_s: float) -> str:
    whole = int(threshold_s)
    return rf"{whole}(\.0)?" if threshold_s == whole else repr(threshold_s)


def _selectors(indicator: Base) -> str:
    match indicator:
        case Latency():
            return f"{indicator.histogram or indicator.samples} <= {indicator.threshold_s!r}"
        case Uptime():
            return f"{indicator.probe}, {indicator.combine.value}"
        case Ratio(bad=str(bad)):
            return f"all but {bad} of {indicator.total}"
        case Ratio():
            return f"{indicator.good or 'good'} of {indicator.total}"
        case Gauge():
            return f"{indicator.gauge} {indicator.op.value} {indicator.value!r}"
        case RawRatio():
            return f"{'1 - ' if indicator.is_failure else ''}{indicator.ratio}, by its time"
