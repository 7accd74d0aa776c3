"""Asks a Prometheus what the metrics it holds have counted; the server does the sums."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from collectors.fetch.failures import FetchError, TooMuchError
from collectors.prometheus.client import Client
from collectors.prometheus.decode import Raw
from collectors.prometheus.discovery.catalogue import Family, Kind, Recognised, any_name, recognised
from slo.errors import SourceError
from slo.lengths import DAY_S, HOUR_S, WEEK_S
from slo.selector import Matcher, Selector

MOST_METRICS = 40
MOST_SERVICES = 25
PATIENCE_S = 120.0
_REACHES_S = (30 * DAY_S, WEEK_S, DAY_S, HOUR_S)
_STEP_S = 900
_MOST_HANGS = 2
_UP, _ALL = "up", "all"

Labels = tuple[tuple[str, str], ...]
Row = tuple[Mapping[str, str], float]


@dataclass(frozen=True, slots=True)
class Service:
    """One service that a metric counts for, as the server tells it.

    `detail` holds events by the labels that matter (status, `le`), as far as `reach_s` goes back;
    0 there means that it could not be measured. `seen_s` says for how long of it there was
    anything, None where that was not found out. `also` are the reporters of the same requests
    that are not counted. `labels` are all that its series have, asked for only where none of
    them tells a status.
    """

    matchers: tuple[Matcher, ...]
    series: int
    detail: tuple[Row, ...]
    reach_s: int
    seen_s: int | None = None
    also: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def job(self) -> str:
        """Whose metric it is."""
        return next((each.value for each in self.matchers if each.label == "job"), "")


@dataclass(frozen=True, slots=True)
class Metric:
    """A recognised metric with its services; `trouble` says what could not be asked of it.

    `left_out` counts services beyond those that are looked at, `unread` groups of series with a
    label longer than 1 kB.
    """

    name: str
    family: Family
    services: tuple[Service, ...] = ()
    left_out: int = 0
    trouble: str = ""
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that was found on a server, and how many recognised metrics were not looked at."""

    metrics: tuple[Metric, ...]
    left_out: int = 0


@dataclass(slots=True)
class Questioner:
    """Asks one server; a question too heavy for it is asked of a shorter time, and so the next.

    `unread` counts what the last answer held of series with a label longer than 1 kB.
    """

    client: Client
    now: int
    reaches: list[int] = field(default_factory=lambda: list(_REACHES_S))
    ends_at: float = math.inf
    hangs: int = 0
    unread: int = 0

    def far(self, expression: str) -> Sequence[Raw]:
        """The answer to an expression with `{reach}` in it, the first of `reaches` afterwards.

        Raises:
            SourceError: not even the shortest reach is answered, the server hung too often, or
                the time for questions is over.
        """
        if self.hangs >= _MOST_HANGS or time.monotonic() > self.ends_at:
            raise SourceError(
                "the server was too slow before", where=self.client.terms.where, mend="ask it later"
            )
        while True:
            try:
                asked = expression.replace("{reach}", f"{self.reaches[0]}s")
                answer = self.client.query(asked, self.now, self.now, in_part=True)
            except FetchError as error:
                if not (isinstance(error, TooMuchError) or error.transient):
                    raise
                if len(self.reaches) == 1:
                    self.hangs += 1
                    raise
                del self.reaches[0]
            else:
                self.unread = answer.unread
                return answer.series


def discover(client: Client, now: int, patience_s: float = PATIENCE_S) -> Discovery:
    """The recognised metrics of the server, each with its services and their figures.

    Nothing more is asked when `patience_s` are over: a person waits for it.

    Raises:
        SourceError: the server cannot be asked at all.
    """
    names = client.values("__name__", f'{{__name__=~"{any_name()}"}}', now - _REACHES_S[0], now)
    known = list(recognised(names))
    questioner = Questioner(client, now, ends_at=time.monotonic() + patience_s)
    found = tuple(_metric(questioner, each) for each in known[:MOST_METRICS])
    return Discovery(found, max(0, len(known) - MOST_METRICS))


def _metric(questioner: Questioner, found: Recognised) -> Metric:
    family = found.family
    metric = Metric(found.name, family)
    detail, apart = _detail_labels(family), _service_labels(family)
    by = ", ".join((*apart, *detail))
    try:
        rows = questioner.far(f"count by ({by}) (last_over_time({found.name}[{{reach}}]))")
    except SourceError as error:
        return replace(metric, trouble=error.what)
    metric = replace(metric, unread=questioner.unread)
    past, trouble = _Past(), ""
    try:
        past = _measured(questioner, found, by, apart)
    except SourceError as error:
        trouble = error.what
    services = _services(rows, past.counted, apart)
    placed = [
        replace(service, reach_s=past.reach_s, seen_s=past.seen.get(key))
        for key, service in services.items()
    ]
    chosen = sorted(_unrepeated(placed, family), key=_weight)
    left_out = max(0, len(chosen) - MOST_SERVICES)
    kept = tuple(_labelled(questioner, found, each) for each in chosen[:MOST_SERVICES])
    return replace(metric, services=kept, trouble=trouble, left_out=left_out)


@dataclass(frozen=True, slots=True)
class _Past:
    """What was counted as far back as `reach_s`, and for how long each service was seen."""

    counted: tuple[Row, ...] = ()
    seen: Mapping[Labels, int] = field(default_factory=dict)
    reach_s: int = 0


def _measured(questioner: Questioner, found: Recognised, by: str, apart: Sequence[str]) -> _Past:
    """Everything of one and the same reach: what a heavier question shortens is asked anew."""
    while True:
        reach_s = questioner.reaches[0]
        counted = tuple(_counted(questioner, found, by))
        seen = _seen(questioner, found.name, apart)
        if questioner.reaches[0] == reach_s:
            return _Past(counted, seen, reach_s)


def _service_labels(family: Family) -> tuple[str, ...]:
    return ("job", *family.services, *((family.reporters[0],) if family.reporters else ()))


def _detail_labels(family: Family) -> tuple[str, ...]:
    if family.kind is Kind.LATENCY:
        return ("le",)
    return tuple(label for statuses in family.statuses for label in statuses.labels)


def _counted(questioner: Questioner, found: Recognised, by: str) -> Iterator[Row]:
    """The events of each combination of labels; of an uptime its probes, up and all."""
    name = found.name
    if found.family.kind is not Kind.UPTIME:
        series = questioner.far(f"sum by ({by}) (increase({name}[{{reach}}]))")
        yield from (_row(raw) for raw in series)
        return
    for key, function in ((_UP, "sum_over_time"), (_ALL, "count_over_time")):
        series = questioner.far(f"sum by ({by}) ({function}({name}[{{reach}}]))")
        yield from (({**raw.labels, "": key}, _row(raw)[1]) for raw in series)


def _seen(questioner: Questioner, name: str, apart: Sequence[str]) -> dict[Labels, int]:
    """For how long there was anything of each service, by quarter hours."""
    by = ", ".join(apart)
    expression = f"count_over_time((count by ({by}) ({name}))[{{reach}}:{_STEP_S}s])"
    longest_s = questioner.reaches[0]
    return {
        _key(raw.labels, apart): min(int(raw.value[-1]) * _STEP_S, longest_s)
        for raw in questioner.far(expression)
    }


def _row(raw: Raw) -> Row:
    return dict(raw.labels), max(0.0, float(raw.value[-1]))


def _key(labels: Mapping[str, str], apart: Sequence[str]) -> Labels:
    return tuple((label, labels.get(label, "")) for label in apart)


def _services(
    rows: Sequence[Raw], counted: Sequence[Row], apart: Sequence[str]
) -> dict[Labels, Service]:
    """The services by the labels that tell them apart, with what was counted of each."""
    keys = [_key(raw.labels, apart) for raw in rows]
    silent = {label for label in apart if label != "job" and not any(dict(k)[label] for k in keys)}
    detail: dict[Labels, dict[Labels, Row]] = {}
    series: dict[Labels, int] = {}
    for raw, key in zip(rows, keys, strict=True):
        rest = _rest(raw.labels, apart)
        series[key] = series.get(key, 0) + int(raw.value[-1])
        detail.setdefault(key, {})[tuple(rest.items())] = (rest, 0.0)
    for labels, events in counted:
        rest = _rest(labels, apart)
        detail.setdefault(_key(labels, apart), {})[tuple(rest.items())] = (rest, events)
    return {
        key: Service(
            tuple(Matcher(label, "=", value) for label, value in key if label not in silent),
            series.get(key, 0),
            tuple(row for _, row in sorted(detail[key].items())),
            0,
        )
        for key in sorted(detail)
    }


def _rest(labels: Mapping[str, str], apart: Sequence[str]) -> dict[str, str]:
    return {label: value for label, value in sorted(labels.items()) if label not in apart}


def _unrepeated(services: Sequence[Service], family: Family) -> Iterator[Service]:
    """The services without further reports of the same requests; what was left out is noted."""
    if family.reporters is None:
        yield from services
        return
    label, order = family.reporters
    groups: dict[tuple[Matcher, ...], dict[str, Service]] = {}
    for service in services:
        rest = tuple(each for each in service.matchers if each.label != label)
        reporter = next((each.value for each in service.matchers if each.label == label), "")
        groups.setdefault(rest, {})[reporter] = service
    for reports in groups.values():
        best = min(reports, key=lambda each: (order.index(each) if each in order else 99, each))
        others = tuple(sorted(set(reports) - {best}))
        yield replace(reports[best], also=others)


def _weight(service: Service) -> tuple[float, tuple[Matcher, ...]]:
    """The busiest first."""
    return -sum(events for _, events in service.detail), service.matchers


def _labelled(questioner: Questioner, found: Recognised, service: Service) -> Service:
    """The service with the labels of some of its series, where none of them tells a status."""
    known = set(_detail_labels(found.family))
    is_told = any(known & row.keys() for row, _ in service.detail)
    if found.family.kind is not Kind.REQUESTS or is_told:
        return service
    selector = Selector(found.name, service.matchers)
    try:
        series = questioner.far(f"topk(20, last_over_time({selector}[{{reach}}]))")
    except SourceError:
        return service
    labels = {label for raw in series for label in raw.labels} - {"__name__"}
    return replace(service, labels=tuple(sorted(labels)))
