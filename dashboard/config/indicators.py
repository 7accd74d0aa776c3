"""What a table `[[slo]]` measures: which keys go together, and the indicator they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dashboard.config.problems import Problem, Written
from dashboard.config.slo_table import SloTable
from slo.indicator import (
    Absent,
    Base,
    Combine,
    Composite,
    Gauge,
    Indicator,
    Latency,
    Op,
    Ratio,
    RawRatio,
    Sliced,
    Uptime,
)
from slo.nearest import did_you_mean

Told = tuple[tuple[str, ...], str]
"""A key, or none, and what is wrong with it."""

_NONE: frozenset[str] = frozenset()
_HELD = frozenset({"valid_for"})
FORMS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "histogram": (frozenset({"latency"}), _NONE),
    "samples": (frozenset({"latency"}), frozenset({"only_if"})),
    "points": (frozenset({"latency"}), _HELD | {"percentile"}),
    "total": (_NONE, frozenset({"good", "bad", "absent"})),
    "uptime": (_NONE, _HELD | {"combine"}),
    "gauge": (frozenset({"op", "value"}), _HELD),
    "success_ratio": (_NONE, _HELD),
    "failure_ratio": (_NONE, _HELD),
    "composite": (frozenset({"members"}), frozenset({"weights"})),
}
"""What measures, the keys it needs, and those it may have."""
_BELONGING = frozenset().union(*(needed | allowed for needed, allowed in FORMS.values()))
_SLICING = frozenset({"method", "slice", "slice_objective"})
_EXAMPLES = {
    "latency": '"500ms"',
    "op": '"<="',
    "value": "0.75",
    "members": '["checkout", "login"]',
    "slice": '"5m"',
    "slice_objective": "95",
}
_EXAMPLE = '''histogram = 'name_bucket{job="checkout"}' with latency = "500ms"'''
_NEEDED: Mapping[object, frozenset[str]] = {
    "timeslices": frozenset({"slice", "slice_objective"}),
    "ratio-timeslices": frozenset({"slice"}),
}


def indicator_of(written: Written, sound: SloTable, problems: list[Problem]) -> Indicator | None:
    """What the table measures; None when one of the keys that say so is wrong."""
    told = [*_form_problems(written.values), *_slice_problems(written.values)]
    wrong = [written.problem(what, *loc) for loc, what in told]
    problems += wrong
    keys = written.values.keys() & (FORMS.keys() | _BELONGING | _SLICING)
    if wrong or not keys or any(getattr(sound, key) is None for key in keys):
        return None
    if sound.composite is not None:
        return Composite(sound.composite, tuple(sound.members), tuple(sound.weights))
    base = _timed(sound) or _counted(sound)
    if base is None or sound.slice is None:
        return base
    return Sliced(base, sound.slice, sound.slice_objective)


def _form_problems(values: Mapping[str, object]) -> Iterator[Told]:
    """Why the keys of a table make no indicator, seen by the keys alone."""
    forms = [form for form in FORMS if form in values]
    if not forms:
        unknown = values.keys() - SloTable.model_fields.keys()
        if not any(did_you_mean(key, FORMS) for key in unknown):
            yield (), f"measures nothing; add {', '.join(FORMS)}, for example {_EXAMPLE}"
        return
    for extra in forms[1:]:
        yield (extra,), f"measures something else than {forms[0]}; one SLO has one indicator"
    needed, allowed = FORMS[forms[0]]
    yield from _missing(needed, values)
    if len(forms) == 1:
        for key in sorted((_BELONGING & values.keys()) - needed - allowed):
            yield (key,), f"does not go with {forms[0]}"
    if {"good", "bad"} <= values.keys():
        yield ("bad",), "write good or bad, not both; the other is what is left of total"
    elif "absent" in values and not values.keys() & {"good", "bad"}:
        yield ("absent",), "says what a missing good or bad means, but neither is written"


def _slice_problems(values: Mapping[str, object]) -> Iterator[Told]:
    """Why the keys make no slices of time."""
    if "composite" in values:
        for key in sorted(_SLICING & values.keys()):
            yield (key,), "does not go with composite; slice its members"
        return
    method = values.get("method", "occurrences")
    if method not in ("occurrences", *_NEEDED):
        return
    needed = _NEEDED.get(method, _NONE)
    yield from _missing(needed, values)
    for key in sorted((_SLICING - {"method"} - needed) & values.keys()):
        which = '"timeslices"' if key == "slice_objective" else '"timeslices" or "ratio-timeslices"'
        yield (key,), f"goes with method = {which}, not with {method}"


def _missing(needed: frozenset[str], values: Mapping[str, object]) -> Iterator[Told]:
    for key in sorted(needed - values.keys()):
        yield (key,), f"missing; add for example {key} = {_EXAMPLES[key]}"


def _timed(table: SloTable) -> Uptime | Gauge | RawRatio | None:
    """What counts time; None where the table counts events."""
    if table.uptime is not None:
        valid_s = Uptime(table.uptime).valid_s if table.valid_for is None else table.valid_for
        return Uptime(table.uptime, valid_s, table.combine or Combine.MAJORITY)
    if table.points is not None and table.latency is not None:
        return Gauge(table.points, Op.LTE, table.latency, table.valid_for, table.percentile)
    if table.gauge is not None and table.op is not None and table.value is not None:
        return Gauge(table.gauge, table.op, float(table.value), table.valid_for)
    ratio = table.success_ratio or table.failure_ratio
    if ratio is not None:
        return RawRatio(ratio, table.failure_ratio is not None, table.valid_for)
    return None


def _counted(table: SloTable) -> Base | None:
    if table.total is not None:
        return Ratio(table.total, table.good, table.bad, table.absent or Absent.NO_DATA)
    if table.latency is None:
        return None
    return Latency(table.latency, table.histogram, table.samples, table.only_if)
