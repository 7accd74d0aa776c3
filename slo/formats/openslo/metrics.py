"""What an indicator of ours measures, in OpenSLO's words for metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from slo.formats.openslo.words import COLUMN, OPS, ROWS, SAMPLES, Own
from slo.indicator import Absent, Base, Gauge, Latency, Op, Ratio, RawRatio, Uptime
from slo.selector import Matcher, Selector
from slo.spans import length_label

_BUCKET = "_bucket"
_DEFAULT_VALID_S = 300
_ROWS = (
    "each row holds good and total, so that no query counts either: written as rows and column,"
    " which burnline alone reads"
)


@dataclass(frozen=True, slots=True)
class Told:
    """The spec of an SLI, the bound that stands with the objective, and what annotations say.

    `only_here` is what no other reader of OpenSLO can make of it; empty where they read the same.
    """

    spec: dict[str, object]
    bound: dict[str, object] = field(default_factory=dict)
    said: Mapping[Own, str] = field(default_factory=dict)
    only_here: str = ""


def told(base: Base, source: str, kind: str) -> Told:
    """The indicator in OpenSLO's words.

    Raises:
        ValueError: OpenSLO has none for it.
    """
    metric = _Metric(source, "Prometheus" if kind == "prometheus" else kind)
    match base:
        case Ratio():
            return _ratio(base, metric)
        case Latency(histogram=str()):
            return _latency(base, metric)
        case Latency(samples=str(samples)):
            bound = {"op": "lte", "value": Decimal(repr(base.threshold_s))}
            said = {Own.COUNTS: SAMPLES, Own.ONLY_IF: base.only_if or ""}
            return Told({"thresholdMetric": metric.of(samples)}, bound, said)
        case Gauge():
            bound = {"op": _op(base.op), "value": Decimal(repr(base.value))}
            said = {Own.PERCENTILE: base.percentile, **_valid(base.valid_s, None)}
            return Told({"thresholdMetric": metric.of(base.gauge)}, bound, said)
        case RawRatio():
            raw = _raw(base.ratio, metric, is_failure=base.is_failure)
            return Told(raw, said=_valid(base.valid_s, None))
        case Uptime():
            said = {Own.COMBINE: base.combine.value, **_valid(base.valid_s, _DEFAULT_VALID_S)}
            return Told(_raw(base.probe, metric, is_failure=False), said=said)
        case Latency():
            raise ValueError("a latency names neither a histogram nor samples")


@dataclass(frozen=True, slots=True)
class _Metric:
    """Writes queries as metrics of one source."""

    source: str
    kind: str

    def of(self, query: str) -> dict[str, object]:
        return self._of({"query": query})

    def column(self, rows: str, column: str) -> dict[str, object]:
        """A column of rows that hold several; no query, lest one be taken for the other."""
        return self._of({ROWS: rows, COLUMN: column})

    def _of(self, spec: dict[str, object]) -> dict[str, object]:
        found: dict[str, object] = {"metricSourceRef": self.source} if self.source else {}
        return {"metricSource": {**found, "type": self.kind, "spec": spec}}


def _ratio(base: Ratio, metric: _Metric) -> Told:
    if base.good is None and base.bad is None:
        rows = {key: metric.column(base.total, key) for key in ("good", "total")}
        return Told({"ratioMetric": {"counter": True, **rows}}, only_here=_ROWS)
    part, counted = ("bad", base.bad) if base.good is None else ("good", base.good)
    zero = " or vector(0)" if base.absent is Absent.ZERO else ""
    return _events(metric, part, f"sum({counted}){zero}", f"sum({base.total})")


def _latency(base: Latency, metric: _Metric) -> Told:
    """The bucket at the threshold among all events; read back it is the same histogram."""
    buckets = Selector.parse(base.histogram or "")
    if not buckets.name.endswith(_BUCKET) or any(one.label == "le" for one in buckets.matchers):
        raise ValueError(f"{buckets} are no buckets of a whole histogram")
    edge = Matcher("le", "=", _edge(base.threshold_s))
    good = replace(buckets, matchers=tuple(sorted((*buckets.matchers, edge))))
    total = replace(buckets, name=f"{buckets.name.removesuffix(_BUCKET)}_count")
    return _events(metric, "good", f"sum({good})", f"sum({total})")


def _edge(threshold_s: float) -> str:
    """The threshold as the label of a bucket has it."""
    return f"{Decimal(repr(threshold_s)).normalize():f}"


def _events(metric: _Metric, part: str, counted: str, total: str) -> Told:
    spec = {"counter": True, part: metric.of(counted), "total": metric.of(total)}
    return Told({"ratioMetric": spec})


def _raw(ratio: str, metric: _Metric, *, is_failure: bool) -> dict[str, object]:
    kind = "failure" if is_failure else "success"
    return {"ratioMetric": {"rawType": kind, "raw": metric.of(ratio)}}


def _op(op: Op) -> str:
    return next(word for word, one in OPS.items() if one is op)


def _valid(valid_s: int | None, default: int | None) -> dict[Own, str]:
    return {} if valid_s == default or valid_s is None else {Own.VALID_FOR: length_label(valid_s)}
