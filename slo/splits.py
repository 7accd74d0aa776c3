"""Counts told apart by labels: which are asked for, and under which names they are kept.

Series that a source gives one by one (rows, samples, gauges) keep their labels, so their counts
are apart already. Counters and buckets are summed into one tally without labels, and probes are
combined into one: what these are by the values of a label has to be asked for, as a `Split`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slo.indicator import Indicator, Latency, Ratio, Sliced, Split, Uptime, base_of
from slo.objective import Slo
from slo.rules import stream_name, tally_pick

Labels = tuple[tuple[str, str], ...]
_TOP = "|top"


def values_of(labels: Mapping[str, str], by: Sequence[str]) -> Labels:
    """The values of some labels, in canonical order; an absent one is empty, as in PromQL.

    >>> values_of({"route": "/pay", "code": "200"}, ("route", "instance"))
    (('instance', ''), ('route', '/pay'))
    """
    return tuple(sorted((label, labels.get(label, "")) for label in by))


def value_words(values: Labels) -> str:
    """The values as people call them.

    >>> value_words((("region", "eu"), ("route", ""))), value_words((("code", ""),))
    ('eu, no route', 'no code')
    """
    return ", ".join(value or f"no {label}" for label, value in values)


def group_name(slo: Slo) -> str:
    """The SLO as it is defined: of a member of a group, its group."""
    return slo.name.removesuffix(f"/{value_words(slo.member)}") if slo.member else slo.name


def is_of(name: str, whole: str) -> bool:
    """Whether a name is that of an SLO, or of a member of its group.

    >>> is_of("checkout/eu", "checkout"), is_of("checkout-slices", "checkout")
    (True, False)
    """
    return name == whole or name.startswith(f"{whole}/")


def is_counted_apart(indicator: Indicator) -> bool:
    """Whether its source sums counters or buckets, and must be asked for them by label.

    >>> is_counted_apart(Ratio("requests", bad="errors")), is_counted_apart(Ratio("requests"))
    (True, False)
    """
    match indicator:
        case Ratio():
            return indicator.good is not None or indicator.bad is not None
        case Latency():
            return indicator.histogram is not None
        case _:
            return False


def is_derived_apart(indicator: Indicator) -> bool:
    """Whether the store combines its series into one, and must be asked for them by label."""
    return isinstance(indicator, Uptime)


def splits_of(slo: Slo) -> tuple[Split, ...]:
    """What has to be asked for beside the SLO's own counts, for its members and its breakdown.

    Slices are those of each member, whatever they are made of; what is told apart by a breakdown
    are the events in them.
    """
    of = base_of(slo.indicator)
    if of is None:
        return ()
    is_apart = is_counted_apart(of) or is_derived_apart(of)
    found: list[Split] = []
    if slo.group_by and isinstance(slo.indicator, Sliced):
        found.append(Split(slo.indicator, slo.group_by))
    if slo.group_by and is_apart:
        found.append(Split(of, slo.group_by))
    if slo.breakdown and is_apart:
        found.append(Split(of, slo.breakdown, is_breakdown=True))
    return tuple(found)


def split_stream(split: Split) -> str:
    """What a source calls the stream of a split.

    >>> split_stream(Split(Ratio("requests", bad="errors"), ("route", "code"), is_breakdown=True))
    'split ratio not errors / requests by route, code, the most'
    """
    most = ", the most" if split.is_breakdown else ""
    base = base_of(split.of)
    assert base is not None, "a composite counts nothing of its own to tell apart"
    return f"split {stream_name(base)} by {', '.join(split.by)}{most}"


def split_rule(split: Split) -> str:
    """The rule of its tallies: of a breakdown of counters only the greatest values are kept.

    >>> split_rule(Split(Ratio("requests", bad="errors"), ("route",), is_breakdown=True))
    '|top'
    """
    rule = tally_pick(split.of).rule
    return f"{rule}{_TOP}" if split.is_breakdown and is_counted_apart(split.of) else rule
