"""Collects the facts of each indicator from one Prometheus, in the mode that fits its width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from collectors.contract import Batch, Stream
from collectors.fetch.failures import FetchError
from collectors.prometheus import extrapolated, gauges, latency, ratio, splits
from collectors.prometheus.client import Client
from collectors.prometheus.pages import Inquiry
from collectors.prometheus.tracks import is_within
from slo.indicator import Base, Gauge, Latency, Ratio, RawRatio, Split, Uptime
from slo.lengths import HOUR_S, MINUTE_S
from slo.selector import Selector
from slo.spans import Span

_COUNTED_MOMENTS = 100
_SHORT_S = HOUR_S
_RECENT_S = HOUR_S
_MOST_SERIES = 1_000_000_000

_Counted = Ratio | Latency | Split


@dataclass(frozen=True, slots=True)
class PrometheusCollector:
    """One stream for each indicator, and for each that is told apart by labels.

    Counters of up to `max_raw_series` series are fetched raw and counted exactly; wider ones
    are summed by the server. Gauges are always fetched raw.
    """

    client: Client
    source: str
    indicators: Mapping[str, Base | Split]
    lookback_s: int
    backfill_s: int
    max_raw_series: int
    every_s: int
    widths: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False)
    """The run in which a selector's series were last counted, and how many there were."""

    @property
    def streams(self) -> Sequence[Stream]:
        """One for each indicator, by the name of what it reads."""
        return [Stream(name, self.backfill_s) for name in self.indicators]

    def collect(self, stream: Stream, span: Span, now: int) -> Iterator[Batch]:
        """Yield the facts of the whole minutes of the span, ascending.

        Raises:
            SourceError: Prometheus cannot be asked, or its answer cannot be used.
        """
        since = -(-span.since // MINUTE_S) * MINUTE_S
        whole = Span(since, max(since, span.until // MINUTE_S * MINUTE_S))
        if not whole.length_s:
            return
        inquiry = Inquiry(self.client, self.source, now, self.lookback_s)
        told, found, asked = self._insecure(), False, False
        for batch in self._facts(inquiry, self.indicators[stream.name], whole):
            yield replace(batch, warnings=(*told, *batch.warnings)) if told else batch
            told, found, asked = (), found or bool(batch.facts or batch.warnings), True
        if asked and not found and now - span.until < _RECENT_S:  # of old times, that is no news
            yield Batch((), silence=f"nothing found: no series matches {stream.name}")

    def _insecure(self) -> tuple[str, ...]:
        if self.client.terms.verify:
            return ()
        return ("verify = false: whoever sits in between can read the secrets and change the data",)

    def _facts(self, inquiry: Inquiry, indicator: Base | Split, span: Span) -> Iterator[Batch]:
        match indicator:
            case Uptime():
                return gauges.statuses(inquiry, indicator, span)
            case Latency(samples=str(samples)):
                return gauges.values(inquiry, samples, span, only_if=indicator.only_if)
            case Gauge():
                return gauges.values(inquiry, indicator.gauge, span)
            case RawRatio():
                return gauges.ratios(inquiry, indicator.ratio, span)
            case Latency() | Ratio() | Split():
                return self._counted(inquiry, indicator, span)

    def _counted(self, inquiry: Inquiry, indicator: _Counted, span: Span) -> Iterator[Batch]:
        """The facts of counters, raw or extrapolated; the choice is told with the first batch."""
        names = splits.selectors(indicator.of if isinstance(indicator, Split) else indicator)
        series = max(self._width(inquiry, name, span) for name in _apart(names))
        if series <= self.max_raw_series:
            yield from _raw(inquiry, indicator, span, series)
            return
        told = tuple(_choice(name, series, self.max_raw_series) for name in names[:1])
        for batch in _increased(inquiry, indicator, span):
            yield replace(batch, warnings=(*told, *batch.warnings))
            told = ()

    def _width(self, inquiry: Inquiry, name: str, span: Span) -> int:
        """How many series there are: all of a short span, of a long one the most at once.

        They are counted once a run, where there are any: the mode is one for its whole history.
        """
        run, series = self.widths.get(name, (0, 0))
        if run == inquiry.now and series:
            return series
        length_s = span.length_s + self.lookback_s  # a series may have no sample in a short span
        step_s = max(self.lookback_s, length_s // _COUNTED_MOMENTS)
        expression = f"count(count_over_time({name}[{length_s}s]))"
        if length_s > _SHORT_S:
            expression = f"max_over_time(count({name})[{length_s}s:{step_s}s])"
        answer = inquiry.client.query(expression, span.until, inquiry.now)
        counted = _series(inquiry, max((raw.value.max() for raw in answer.series), default=0))
        self.widths[name] = inquiry.now, counted
        return counted


def _raw(inquiry: Inquiry, indicator: _Counted, span: Span, series: int) -> Iterator[Batch]:
    match indicator:
        case Ratio():
            return ratio.collect(inquiry, indicator, span, series)
        case Latency():
            return latency.collect(inquiry, indicator, span, series)
        case Split():
            return splits.collect(inquiry, indicator, span, series)


def _increased(inquiry: Inquiry, indicator: _Counted, span: Span) -> Iterator[Batch]:
    match indicator:
        case Ratio():
            return extrapolated.ratios(inquiry, indicator, span)
        case Latency():
            return extrapolated.latencies(inquiry, indicator, span)
        case Split():
            return splits.increased(inquiry, indicator, span)


def _apart(names: Sequence[str]) -> Sequence[str]:
    """The selectors without those that are a part of the first."""
    whole = Selector.parse(names[0])
    return [names[0], *(name for name in names[1:] if not is_within(Selector.parse(name), whole))]


def _choice(name: str, series: int, limit: int) -> str:
    """Which mode was chosen and why, and the rule that would make it exact."""
    metric = Selector.parse(name).name
    edge = ", le" if metric.endswith("_bucket") else ""
    return (
        f"extrapolated: {name} has {series} series, more than max_raw_series = {limit}, so the "
        f"server sums increase() over 5 minutes. To be exact, record it by target and name that "
        f"instead: - record: burnline:{metric}:by_target\n"
        f"  expr: sum by (job, instance{edge}) ({name})"
    )


def _series(inquiry: Inquiry, said: float) -> int:
    """The number of series that a count() says.

    Raises:
        SourceError: it is none.
    """
    if said != int(said) or not 0 <= said <= _MOST_SERIES:
        raise FetchError(
            f"malformed answer: count() of series is {said:g}",
            where=inquiry.client.terms.where,
            mend="check that `url` is a Prometheus",
        )
    return int(said)
