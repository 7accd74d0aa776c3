"""What a probe's observations are called, whichever source brings them: states and latencies."""

from __future__ import annotations

from dataclasses import dataclass

from collectors.files.rows import StateAt, ValueAt
from slo.facts import SeriesKey, SeriesKind, Status
from slo.indicator import Base, Gauge, Latency, Ratio, RawRatio, Uptime
from slo.lengths import QUARTER_S
from slo.selector import Selector

STATES = "probe"
LATENCIES = "probe_latency_seconds"
_ANSWERED = frozenset({Status.UP, Status.DEGRADED})


@dataclass(frozen=True, slots=True)
class Watched:
    """One watched thing; what is seen of it holds for `valid_s` when nothing follows."""

    source: str
    service: str
    valid_s: int
    labels: tuple[tuple[str, str], ...] = ()

    def seen(
        self, at: int, state: Status, latency_s: float | None = None, *, observed_at: int
    ) -> tuple[StateAt | ValueAt, ...]:
        """The state, and the latency of what answered as it should: a failure has none."""
        states = self.series(STATES, SeriesKind.STATUS)
        seen = StateAt(states, at, observed_at, state, self.valid_s)
        if latency_s is None or state not in _ANSWERED:
            return (seen,)
        return seen, self.value(LATENCIES, at, latency_s, observed_at=observed_at)

    def value(self, name: str, at: int, value: float, *, observed_at: int) -> ValueAt:
        """One measured value of it."""
        series = self.series(name, SeriesKind.SAMPLE)
        return ValueAt(series, at, observed_at, value, self.valid_s, "")

    def series(self, name: str, kind: SeriesKind) -> SeriesKey:
        """The series of that name; what is seen seldom has no minutes."""
        bin_s = QUARTER_S if self.valid_s > QUARTER_S else 60
        labels = tuple(sorted((("service", self.service), *self.labels)))
        return SeriesKey(self.source, name, kind, labels, "", self.service, bin_s)


def refuses(indicator: Base) -> str | None:
    """Why no probe answers it, so that it would stay unmeasured for ever; None when one may."""
    match indicator:
        case Uptime(probe=text):
            return _misnamed(text, STATES, "uptime")
        case Latency(samples=str(text)):
            if indicator.only_if is None:
                return _misnamed(text, LATENCIES, "samples")
            return "only_if has no meaning for probes; take it out, what failed has no latency"
        case Latency():
            return f"probes hold no histograms; write samples = '{_example(LATENCIES)}'"
        case Gauge(gauge=text):
            return _misnamed(text, LATENCIES, "gauge")
        case Ratio() | RawRatio():
            said = "count no requests" if isinstance(indicator, Ratio) else "hold no ratios"
            return f"probes {said}; write uptime = '{_example(STATES)}'"


def _misnamed(text: str, name: str, key: str) -> str | None:
    try:
        named = Selector.parse(text).name
    except ValueError as error:
        return f"{error}; write {key} = '{_example(name)}'"
    if named == name:
        return None
    return f"no probe has {named}; write {key} = '{_example(name)}'"


def _example(name: str) -> str:
    return f'{name}{{service="shop"}}'
