"""An indicator as PromQL: how many bad events there were in a window, and how many in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from slo.indicator import Absent, Combine, Gauge, Latency, Op, Ratio, RawRatio, Uptime
from slo.objective import Slo
from slo.promql.meaning import any_spelling
from slo.selector import Matcher, Selector
from slo.spans import length_label

Over = Callable[[int], str]
"""From the length of a window in seconds to the expression of a count over it."""
_OPPOSITE = {Op.LT: Op.GTE, Op.LTE: Op.GT, Op.GT: Op.LTE, Op.GTE: Op.LT}
_BUCKET = "_bucket"


@dataclass(frozen=True, slots=True)
class Counted:
    """Bad and all events over a window, and the series without which neither can be told."""

    bad: Over
    total: Over
    needed: tuple[str, ...]


def counted_by(slo: Slo) -> Counted:
    """What the SLO counts, as expressions that a Prometheus evaluates.

    Counters are summed by their increases; time is counted in steps of a minute.

    Raises:
        ValueError: rules cannot count it.
    """
    by = f" by ({', '.join(slo.group_by)}) " if slo.group_by else ""
    match slo.indicator:
        case Ratio(good=None, bad=None):
            raise ValueError("its counts are rows of a file, which no Prometheus holds")
        case Ratio() as ratio:
            return _ratio(ratio, by)
        case Latency(histogram=str(buckets), threshold_s=threshold_s):
            return _latency(Selector.parse(buckets), threshold_s, by)
        case Uptime() as uptime:
            return _uptime(uptime, by)
        case Gauge(gauge, op, value):
            return _gauge(gauge, f"({gauge} {_OPPOSITE[op]} {value!r})", by)
        case RawRatio(ratio=ratio, is_failure=is_failure):
            return _raw(ratio, by, is_failure=is_failure)
        case Latency():
            raise ValueError("it counts single values, and a Prometheus keeps the last of a scrape")
        case _:
            raise ValueError("it is made of slices or of other SLOs, which rules cannot weigh")


def _ratio(ratio: Ratio, by: str) -> Counted:
    def total(length_s: int) -> str:
        return _increase(ratio.total, length_s, by)

    counted = ratio.good if ratio.bad is None else ratio.bad
    assert counted is not None, "a ratio without both was refused before"

    def part(length_s: int) -> str:
        plain = _increase(counted, length_s, by)
        return f"({plain} or 0 * {total(length_s)})" if ratio.absent is Absent.ZERO else plain

    needed = (ratio.total,) if ratio.absent is Absent.ZERO else (ratio.total, counted)
    if ratio.bad is not None:
        return Counted(part, total, needed)
    return Counted(lambda length_s: f"({total(length_s)} - {part(length_s)})", total, needed)


def _latency(buckets: Selector, threshold_s: float, by: str) -> Counted:
    good = str(any_spelling(_edge(buckets, f"{threshold_s!r}")))
    total = str(_edge(buckets, "+Inf"))
    if not buckets.name.endswith(_BUCKET):
        raise ValueError(f"{buckets} are no buckets of a histogram")
    return _ratio(Ratio(total, good=good), by)


def _edge(buckets: Selector, edge: str) -> Selector:
    return replace(buckets, matchers=tuple(sorted((*buckets.matchers, Matcher("le", "=", edge)))))


def _uptime(uptime: Uptime, by: str) -> Counted:
    """Minutes in which any, most or all of the probes saw it down."""
    seen = {
        Combine.ANY: f"max{by}({uptime.probe})",
        Combine.ALL: f"min{by}({uptime.probe})",
        Combine.MAJORITY: f"(avg{by}({uptime.probe}) > bool 0.5)",
    }[uptime.combine]

    def total(length_s: int) -> str:
        return f"count_over_time({seen}[{_minutes(length_s)}])"

    def bad(length_s: int) -> str:
        return f"({total(length_s)} - sum_over_time({seen}[{_minutes(length_s)}]))"

    return Counted(bad, total, (uptime.probe,))


def _gauge(gauge: str, broken: str, by: str) -> Counted:
    def total(length_s: int) -> str:
        return f"sum{by}(count_over_time({gauge}[{_minutes(length_s)}]))"

    def bad(length_s: int) -> str:
        seen = f"sum{by}(count_over_time({broken}[{_minutes(length_s)}]))"
        return f"({seen} or 0 * {total(length_s)})"

    return Counted(bad, total, (gauge,))


def _raw(ratio: str, by: str, *, is_failure: bool) -> Counted:
    def total(length_s: int) -> str:
        return f"sum{by}(count_over_time({ratio}[{_minutes(length_s)}]))"

    def summed(length_s: int) -> str:
        return f"sum{by}(sum_over_time({ratio}[{_minutes(length_s)}]))"

    def left(length_s: int) -> str:
        return f"({total(length_s)} - {summed(length_s)})"

    return Counted(summed if is_failure else left, total, (ratio,))


def _increase(selector: str, length_s: int, by: str) -> str:
    return f"sum{by}(increase({selector}[{length_label(length_s)}]))"


def _minutes(length_s: int) -> str:
    """The minutes of a window as the steps of a subquery.

    Half a minute less than the window holds just its minutes, whether or not a server counts the
    end at which a range begins (Prometheus 2 does, 3 does not).
    """
    return f"{length_s - 30}s:1m"
