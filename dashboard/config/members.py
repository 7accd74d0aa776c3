"""What is told apart and put together: labels of a group or breakdown, members of a composite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dashboard.config.problems import Problem, Written
from slo.indicator import Combined, Composite, Indicator, Latency, Ratio, RawRatio, Sliced
from slo.nearest import did_you_mean
from slo.objective import Slo

Promise = tuple[Slo, Written]

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MOST_LABELS = 5


def label_problems(written: Written, indicator: Indicator | None) -> Iterator[Problem]:
    """What is wrong with the labels that an SLO is told apart by."""
    for key in ("group_by", "breakdown"):
        labels = written.values.get(key)
        if not isinstance(labels, list) or not labels:
            continue
        if isinstance(indicator, Composite):
            yield written.problem("does not go with composite; write it at the members", key)
        if len(labels) > _MOST_LABELS or len(set(map(str, labels))) < len(labels):
            yield written.problem(f"must name each label once, and at most {_MOST_LABELS}", key)
        for place, label in enumerate(labels):
            if isinstance(label, str) and not _LABEL.fullmatch(label):
                said = f'"{label}" is no label; write a name such as "route"'
                yield written.problem(said, key, place)
            elif label == "le" and isinstance(indicator, Latency) and indicator.histogram:
                said = 'le tells the buckets of a histogram apart; name another such as "route"'
                yield written.problem(said, key, place)


def name_problems(tables: Sequence[Written]) -> Iterator[Problem]:
    """Names as members of another SLO have them: what is said of that one would hold for both."""
    named = [(name, table) for table in tables if isinstance(name := table.values.get("name"), str)]
    places = {name: table.where for name, table in named}
    for name, table in named:
        parts = name.split("/")
        wholes = ("/".join(parts[:count]) for count in range(1, len(parts)))
        other = next((whole for whole in wholes if whole and whole in places), None)
        if other is not None:
            said = f'members of "{other}" ({places[other]}) are called so, and silenced with it'
            mend = f'write another such as "{name.replace("/", "-")}"'
            yield table.problem(f"{said}; {mend}", "name")


def method_problems(written: Written) -> Iterator[Problem]:
    """Why a composite cannot be weighed as it is written."""
    if "composite" not in written.values:
        return
    weights, members = written.values.get("weights"), written.values.get("members")
    if written.values["composite"] != Combined.WEIGHTED_BURN:
        if weights is not None:
            said = f'belongs to composite = "{Combined.WEIGHTED_BURN}"; take it out'
            yield written.problem(said, "weights")
        return
    if weights is None:
        said = "missing; add one for each member, for example weights = [3, 1]"
        yield written.problem(said, "weights")
    elif isinstance(weights, list) and isinstance(members, list) and len(weights) != len(members):
        said = f"must be as many as there are members: {len(weights)} for {len(members)}"
        yield written.problem(said, "weights")


def with_members(
    promised: Sequence[Promise], tables: Sequence[Written], problems: list[Problem]
) -> tuple[Promise, ...]:
    """The promises, each composite with its members as they are defined.

    `tables` are those of all SLOs, also of such as have a problem of their own.
    """
    named = ((table.values.get("name"), table) for table in tables)
    written = {name: table for name, table in named if isinstance(name, str)}
    for table in tables:
        if "composite" in table.values:
            problems += _member_problems(table, written)
    made = _Made({slo.name: (slo, table) for slo, table in promised}, problems)
    return tuple((made.slo(slo.name), table) for slo, table in promised)


class _Made:
    """Composites with their members, those of a composite among them made first."""

    def __init__(self, promised: Mapping[str, Promise], problems: list[Problem]) -> None:
        """Nothing is made yet; what cannot be put together is told to `problems`."""
        self._promised, self._problems = promised, problems
        self._made: dict[str, Slo] = {}

    def slo(self, name: str, within: tuple[str, ...] = ()) -> Slo:
        """The SLO with its members; `within` are the composites on the way to it.

        A member that leads back to one of them is left out, and refused once.
        """
        if name in self._made:
            return self._made[name]
        slo, table = self._promised[name]
        way = (*within, name)
        if isinstance(slo.indicator, Composite):
            members = [one for one in slo.indicator.members if one in self._promised]
            circle = [one for one in members if one in way and one != name]
            self._problems += (_circle(table, one, way) for one in circle)
            slo = replace(slo, composed=tuple(self.slo(o, way) for o in members if o not in way))
            self._problems += _mixture(slo, table)
        self._made[name] = slo
        return slo


def _circle(table: Written, back: str, way: Sequence[str]) -> Problem:
    round_ = " of ".join(f'"{one}"' for one in (*way[way.index(back) :], back))
    return table.problem(f"made of itself: {round_}; take one of them out", "members")


def _member_problems(table: Written, written: Mapping[str, Written]) -> Iterator[Problem]:
    names = table.values.get("members")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return
    if len(set(names)) < max(2, len(names)):
        yield table.problem("must name two SLOs or more, each once", "members")
    for place, name in enumerate(names):
        if name == table.values.get("name"):
            yield table.problem("is this SLO itself; take it out", "members", place)
        elif name not in written:
            others = sorted(one for one in written if one not in names)
            said = f'no [[slo]] is called "{name}"{did_you_mean(name, others)}'
            yield table.problem(said, "members", place)


def _mixture(slo: Slo, table: Written) -> Iterator[Problem]:
    """Why these members make nothing in this way."""
    assert isinstance(slo.indicator, Composite), "asked of composites alone"
    method, members = slo.indicator.method, slo.composed
    told = [(one.name, why) for one in members if (why := _why_not(method, one))]
    for name, why in told:
        yield table.problem(f'"{name}" {why}', "members")
    if method is Combined.SUM_OF_EVENTS and not told:
        yield from _no_sum(members, table)
    if weighed := _weighed(slo):
        which = "a weighted burn" if weighed == slo.name else f'"{weighed}"'
        said = f"does not go with {which}, which is weighed and counts no events; take it out"
        yield from (table.problem(said, *key) for key in _guards(table))


def _weighed(slo: Slo) -> str | None:
    """The SLO whose burn is weighed where this one stands for it: itself, or one of the worst."""
    match slo.indicator:
        case Composite(method=Combined.WEIGHTED_BURN):
            return slo.name
        case Composite(method=Combined.WORST_MEMBER):
            return next((found for one in slo.composed if (found := _weighed(one))), None)
        case _:
            return None


def _guards(table: Written) -> Iterator[tuple[str | int, ...]]:
    """Where a number of bad events is written below which no row fires."""
    guard = "min_bad_events"
    if table.values.get(guard):
        yield (guard,)
    for place, row in enumerate(table.values.get("alert", ())):
        if row.get(guard):
            yield "alert", place, guard


def _why_not(method: Combined, member: Slo) -> str:
    """Why a member has nothing that the method puts together; empty where it has."""
    made = member.indicator
    within = made.method if isinstance(made, Composite) else None
    if method is Combined.WORST_MEMBER:
        return ""
    if within is Combined.WORST_MEMBER:
        return (
            "stands as another member whenever another is the worst, so it has no counts of its"
            ' own; name its members, or write composite = "worst-member"'
        )
    if method is Combined.SUM_OF_EVENTS and within is Combined.WEIGHTED_BURN:
        return (
            "is weighed and counts no events that could be summed; name its members, or write"
            ' composite = "weighted-burn"'
        )
    return _no_slices(member) if method is Combined.UNION_OF_BAD_SLICES else ""


def _no_slices(member: Slo) -> str:
    """Why an SLO has no slices that are bad or not."""
    match member.indicator:
        case Composite(method=Combined.WEIGHTED_BURN):
            return "is weighed, so that no slice of it is bad; name its members instead"
        case Composite():
            return next(
                (f"is made of such as {why}" for why in map(_no_slices, member.composed) if why), ""
            )
        case Sliced(target=None) | RawRatio():
            return (
                "is as good as its ratio in every slice, so that none is bad; write"
                ' method = "timeslices" there, with slice_objective'
            )
        case Ratio() | Latency():
            return (
                "counts events, and an event has no time to lie over another; write"
                ' method = "timeslices" there, with slice and slice_objective'
            )
        case _:
            return ""


def _no_sum(members: Sequence[Slo], table: Written) -> Iterator[Problem]:
    """Why a sum of these members would be a sum of nothing."""
    leaves = [leaf for one in members for leaf in one.leaves]
    seconds = [one.name for one in leaves if one.is_time_like]
    events = [one.name for one in leaves if not one.is_time_like]
    if seconds and events:
        said = f'"{seconds[0]}" counts seconds and "{events[0]}" events, which have no sum'
        yield table.problem(f'{said}; write composite = "worst-member"', "members")
    read: dict[tuple[str, Indicator], str] = {}
    for one in leaves:
        first = read.get((one.source, one.indicator))
        if first == one.name:
            yield table.problem(f'"{first}" is part of it twice; name it once', "members")
        elif first is not None:
            said = f'"{first}" and "{one.name}" count the same; leave one of them out'
            yield table.problem(said, "members")
        read.setdefault((one.source, one.indicator), one.name)
