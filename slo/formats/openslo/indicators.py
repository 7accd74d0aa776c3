"""What an OpenSLO indicator measures, as ours; its queries are read as those of a Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from slo.durations import seconds
from slo.formats.contract import Ledger
from slo.formats.documents import Piece
from slo.formats.openslo.words import COLUMN, OPS, ROWS, SAMPLES, Own
from slo.formats.ranges import unlike
from slo.formats.reading import Fields
from slo.indicator import Base, Combine, Gauge, Indicator, Latency, Ratio, RawRatio, Sliced, Uptime
from slo.promql.meaning import Meaning, gauge_of, meant_by, meant_by_ratio, recording
from slo.selector import Selector

_SLICES_S = frozenset({60, 180, 300, 900})
_METHODS = ("Occurrences", "Timeslices", "RatioTimeslices")


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured before it is sliced, its groups, and the name of the source that does."""

    base: Base
    group_by: tuple[str, ...]
    source: str


class Reader:
    """Reads the indicators of one SLO, for one objective after the other."""

    def __init__(self, ledger: Ledger, kinds: Mapping[str, str], said: Mapping[Own, str]) -> None:
        """Keep the kinds of the data sources by name, and what our own annotations say."""
        self._ledger, self._kinds, self._said = ledger, kinds, said
        self._source = ""

    def measured(self, spec: Fields, objective: Fields) -> Measured | None:
        """What an indicator's spec measures under one objective; None where that is refused."""
        ratio, threshold = "ratioMetric" in spec, "thresholdMetric" in spec
        spec.note("description", f"it says {spec.words('description')!r}")
        if ratio == threshold:
            self._ledger.refuse(spec.piece, "write ratioMetric or thresholdMetric, one of them")
            return None
        try:
            if ratio:
                meaning = self._ratio(spec.below("ratioMetric"))
                objective.skip("op", "value")
            else:
                meaning = self._threshold(spec.below("thresholdMetric"), objective)
        except ValueError as error:
            self._ledger.refuse(spec.piece, str(error))
            return None
        return None if meaning is None else Measured(*meaning, self._source)

    def judge(self, spec: Fields) -> None:
        """Note what is wrong with an indicator's spec as long as no objective goes with it."""
        try:
            if "ratioMetric" in spec:
                self._ratio(spec.below("ratioMetric"))
            elif (query := self._metric(spec.below("thresholdMetric"))) is not None:
                gauge_of(query)
        except ValueError as error:
            self._ledger.refuse(spec.piece, str(error))

    def _ratio(self, fields: Fields) -> tuple[Base, tuple[str, ...]] | None:
        counter = fields.flag("counter", default=True)
        if "raw" in fields:
            found = self._raw(fields)
            fields.rest()
            return None if found is None else (found, ())
        fields.skip("rawType", "raw")
        parts = [key for key in ("good", "bad") if key in fields]
        if len(parts) != 1:
            self._ledger.refuse(fields.piece, "write good or bad beside total, one of them")
            return None
        columns = {key: _column(fields, key) for key in (*parts, "total")}
        counted, total = self._query(fields, parts[0]), self._query(fields, "total")
        fields.rest()
        if counted is None or total is None:
            return None
        if any(columns.values()):
            return self._rows(fields, counted, total, columns)
        if not counter:
            said = "counter is false: burnline sums the increases of counters; see recording rules"
            self._ledger.refuse(fields.piece, said)
            return None
        meaning = _meant(counted, total, parts[0])
        if said := unlike(counted, total):
            self._ledger.note(fields.piece, said)
        return meaning.indicator, meaning.group_by

    def _rows(
        self, fields: Fields, counted: str, total: str, columns: Mapping[str, str]
    ) -> tuple[Base, tuple[str, ...]] | None:
        """Rows of a file that hold how many were good beside how many there were."""
        if counted == total and columns == {"good": "good", "total": "total"}:
            return Ratio(str(Selector.parse(total))), ()
        said = "of rows, good is the column good and total the column total of the same rows"
        self._ledger.refuse(fields.piece, said)
        return None

    def _raw(self, fields: Fields) -> Base | None:
        kind, query = fields.text("rawType"), self._query(fields, "raw")
        if kind is None or query is None:
            return None
        if kind not in {"success", "failure"}:
            self._ledger.refuse(fields.piece_of("rawType"), "must be success or failure")
            return None
        if Own.COMBINE in self._said:
            valid_s = self._valid_s(300)
            return Uptime(
                str(Selector.parse(query)), valid_s or 300, Combine(self._said[Own.COMBINE])
            )
        found = _raw_ratio(query, is_failure=kind == "failure")
        return RawRatio(found.ratio, found.is_failure, self._valid_s(None))

    def _threshold(self, fields: Fields, objective: Fields) -> tuple[Base, tuple[str, ...]] | None:
        query = self._metric(fields)
        op, value = objective.text("op"), objective.number("value")
        fields.rest()
        if op is not None and op not in OPS:
            self._ledger.refuse(objective.piece_of("op"), f"must be one of {', '.join(OPS)}")
        if query is None or op is None or op not in OPS or value is None:
            return None
        gauge = str(gauge_of(query))
        if self._said.get(Own.COUNTS) == SAMPLES:
            return Latency(float(value), samples=gauge, only_if=self._said.get(Own.ONLY_IF)), ()
        said = self._said.get(Own.PERCENTILE, "")
        return Gauge(gauge, OPS[op], float(value), self._valid_s(None), said), ()

    def _query(self, fields: Fields, key: str) -> str | None:
        if key not in fields:
            self._ledger.refuse(fields.piece, f"{key} is missing")
            return None
        below = fields.below(key)
        found = self._metric(below)
        below.rest()
        return found

    def _metric(self, fields: Fields) -> str | None:
        """The query of a metric source that is a Prometheus."""
        source = fields.below("metricSource")
        ref, kind = source.words("metricSourceRef"), source.words("type")
        spec = source.below("spec")
        source.rest()
        self._source = ref or self._source
        kind = kind or self._kinds.get(ref, "")
        if kind and not is_read(kind):
            spec.skip(*spec.keys)
            self._ledger.refuse(source.piece, _other_kind(kind))
            return None
        query = spec.text(ROWS if ROWS in spec else "query")
        spec.skip(COLUMN)
        spec.rest()
        return query

    def _valid_s(self, default: int | None) -> int | None:
        text = self._said.get(Own.VALID_FOR)
        return default if text is None else seconds(text)


def _column(fields: Fields, key: str) -> str:
    """Which column of rows a metric counts; empty where it is no rows."""
    spec = fields.below(key).below("metricSource").below("spec")
    return spec.words(COLUMN) if ROWS in spec else ""


def sliced(base: Base, method: Piece, objective: Fields, ledger: Ledger) -> Indicator | None:
    """The base as the budgeting method counts it; None where that is refused."""
    name = method.content
    if name not in _METHODS:
        near = f"must be one of {', '.join(_METHODS)}, but is {method.shown}"
        ledger.refuse(method, near)
        return None
    if name == "Occurrences":
        objective.note("timeSliceTarget", "means nothing with Occurrences")
        objective.note("timeSliceWindow", "means nothing with Occurrences")
        return base
    slice_s = _slice_s(objective, ledger)
    if name == "RatioTimeslices":
        objective.note("timeSliceTarget", "means nothing with RatioTimeslices")
        return None if slice_s is None else Sliced(base, slice_s)
    target = objective.share("timeSliceTarget")
    if target is not None and not 0 < target <= 1:
        ledger.refuse(objective.piece_of("timeSliceTarget"), "must be above 0 and up to 1")
    if target is None or slice_s is None or not 0 < target <= 1:
        return None
    return Sliced(base, slice_s, Fraction(target))


def _slice_s(objective: Fields, ledger: Ledger) -> int | None:
    """The length of a slice; a number without unit is minutes."""
    text = objective.text("timeSliceWindow")
    if text is None:
        return None
    try:
        length_s = seconds(f"{text}m" if text.isdigit() else text)
    except ValueError as error:
        ledger.refuse(objective.piece_of("timeSliceWindow"), str(error))
        return None
    if length_s not in _SLICES_S:
        said = f"slices are 1, 3, 5 or 15 minutes long, not {text}"
        ledger.refuse(objective.piece_of("timeSliceWindow"), said)
        return None
    return length_s


def _meant(counted: str, total: str, part: str) -> Meaning:
    try:
        return meant_by(counted, total, is_bad=part == "bad")
    except ValueError as error:
        rule = recording(counted, total, f"{part}_ratio", is_bad=part == "bad")
        raise ValueError(f"{error}; {rule}") from None


def _raw_ratio(query: str, *, is_failure: bool) -> RawRatio:
    found = meant_by_ratio(query, is_failure=is_failure).indicator
    if not isinstance(found, RawRatio):
        raise ValueError("a quotient of two sums is a ratio of events: write good and total")  # noqa: TRY004 - of a query
    return found


def is_read(kind: str) -> bool:
    """Whether sources of that kind are read here, whatever its capitals."""
    return kind.lower() in {"prometheus", "files", "probe"}


def _other_kind(kind: str) -> str:
    if kind == "Any":
        return 'type "Any" stands for any service that holds the data; name a Prometheus'
    return f'type "{kind}" is not a kind of source that is read here; Prometheus is'
