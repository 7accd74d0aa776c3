"""What a sample of an OpenMetrics file says: a gauge's value, or whether a probe was up."""

from __future__ import annotations

from collections.abc import Callable

from collectors.files.cells import UnusableRowError, number_of, text_of
from collectors.files.identity import MAX_SERIES, SeriesBook
from collectors.files.measures import StatusColumn
from collectors.files.openmetrics import MetricSample
from collectors.files.plan import Holds, Plan
from collectors.files.rows import Part, StateAt, ValueAt
from collectors.files.times import Clock
from collectors.files.when import second_of, unbelievable
from slo.errors import InputError
from slo.facts import SeriesKey, SeriesKind
from slo.spans import Span

STATUS_METRIC = "probe_success"


class MetricReader:
    """Turns samples into parts under their own names and labels; remembers what it left out."""

    def __init__(self, plan: Plan, known: Span, where: str) -> None:
        """Read gauges, or the one gauge that is a probe's status.

        Raises:
            InputError: the file is said to hold what OpenMetrics cannot hold.
        """
        if plan.holds not in {Holds.GAUGES, Holds.PROBES}:
            raise InputError(
                f"OpenMetrics files of {plan.holds.value} are not read",
                where=where,
                mend='holds = "gauges" or "probes"; counters belong into a Prometheus',
            )
        self.left_out: set[str] = set()
        self._plan, self._known, self._status = plan, known, StatusColumn.of(plan)
        self._book = SeriesBook(
            where, "write fewer series into it, or name one metric: columns.value"
        )
        wanted = plan.columns.get("status", STATUS_METRIC)
        self._wanted = wanted if plan.holds is Holds.PROBES else plan.columns.get("value")

    @property
    def parts(self) -> Callable[[MetricSample], tuple[Part, ...]]:
        """The function that reads one sample."""
        return self._state if self._plan.holds is Holds.PROBES else self._value

    def _state(self, sample: MetricSample) -> tuple[Part, ...]:
        if self._skipped(sample):
            return ()
        at, valid_s = self._at(sample), self._plan.valid_s
        state = self._status.meant(number_of(sample.value, sample.name))
        return (StateAt(self._series_of(sample, SeriesKind.STATUS), at, at, state, valid_s),)

    def _value(self, sample: MetricSample) -> tuple[Part, ...]:
        if self._skipped(sample):
            return ()
        at, value = self._at(sample), number_of(sample.value, sample.name)
        series = self._series_of(sample, SeriesKind.SAMPLE)
        return (ValueAt(series, at, at, value, self._plan.valid_s, ""),)

    def _skipped(self, sample: MetricSample) -> bool:
        wanted = sample.gauge if self._wanted is None else sample.name == self._wanted
        if not wanted and len(self.left_out) < MAX_SERIES:
            self.left_out.add(sample.name)
        return not wanted

    def _at(self, sample: MetricSample) -> int:
        if sample.at is None:
            raise UnusableRowError("the sample has no time")
        at = second_of(sample.at, Clock())
        if self._known.since <= at < self._known.until:
            return at
        is_ahead = at >= self._known.until
        raise unbelievable(at, self._known, " (in milliseconds?)" if is_ahead else "")

    def _series_of(self, sample: MetricSample, kind: SeriesKind) -> SeriesKey:
        labels = tuple(sorted(sample.labels.items()))
        identity = (sample.name, labels)
        return self._book.known.get(identity) or self._book.add(
            identity, self._made(sample, kind, labels)
        )

    def _made(
        self, sample: MetricSample, kind: SeriesKind, labels: tuple[tuple[str, str], ...]
    ) -> SeriesKey:
        plan = self._plan
        kept = tuple((name, text_of(value, name)) for name, value in labels if value)
        service = sample.labels.get(plan.column("service"), plan.service)
        return SeriesKey(plan.source, sample.name, kind, kept, "", service, plan.status_bin_s)
