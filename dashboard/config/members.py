"""What is told apart and put together: labels of a group or breakdown, members of a composite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dashboard.config.problems import Problem, Written
from slo.indicator import Combined, Composite, Indicator, Latency
from slo.nearest import did_you_mean
from slo.objective import Slo

Promise = tuple[Slo, Written]

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_MOST_LABELS = 5
_OFFERED = (Combined.WORST_MEMBER, Combined.SUM_OF_EVENTS)
_WHY_NOT = {
    Combined.WEIGHTED_BURN: "a weighted burn is of no events that could be counted or drawn",
    Combined.UNION_OF_BAD_SLICES: "slices of several SLOs are not laid over each other",
}


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


def method_problems(written: Written) -> Iterator[Problem]:
    """That a composite is made in a way that is not offered."""
    method = written.values.get("composite")
    if isinstance(method, str) and method in set(Combined) and Combined(method) not in _OFFERED:
        offered = " or ".join(f'"{one}"' for one in _OFFERED)
        said = f'"{method}" is not offered: {_WHY_NOT[Combined(method)]}; write {offered}'
        yield written.problem(said, "composite")
    elif "composite" in written.values and "weights" in written.values:
        yield written.problem("belongs to a weighted burn, which is not offered", "weights")


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
    known = {slo.name: slo for slo, _ in promised}
    return tuple((_composed(slo, table, known, problems), table) for slo, table in promised)


def _composed(slo: Slo, table: Written, known: Mapping[str, Slo], problems: list[Problem]) -> Slo:
    if not isinstance(slo.indicator, Composite):
        return slo
    members = tuple(known[name] for name in slo.indicator.members if name in known)
    problems += _mixture(slo.indicator.method, members, table)
    return replace(slo, composed=members)


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
        elif "composite" in written[name].values:
            said = f'"{name}" is a composite, too; name the members of it instead'
            yield table.problem(said, "members", place)


def _mixture(method: Combined, members: Sequence[Slo], table: Written) -> Iterator[Problem]:
    """Why a sum of these members would be a sum of nothing."""
    if method is not Combined.SUM_OF_EVENTS:
        return
    seconds = [one.name for one in members if one.is_time_like]
    events = [one.name for one in members if not one.is_time_like]
    if seconds and events:
        said = f'"{seconds[0]}" counts seconds and "{events[0]}" events, which have no sum'
        yield table.problem(f'{said}; write composite = "worst-member"', "members")
    read: dict[tuple[str, Indicator], str] = {}
    for one in members:
        first = read.setdefault((one.source, one.indicator), one.name)
        if first != one.name:
            said = f'"{first}" and "{one.name}" count the same; leave one of them out'
            yield table.problem(said, "members")
