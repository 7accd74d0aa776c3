"""What the tables `[[slo]]` promise: objective, window, indicator and policy as values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from zoneinfo import ZoneInfo

from dashboard.config.problems import Problem, Written, checked, did_you_mean
from dashboard.config.tables import LONGEST_S, SloTable
from slo.durations import seconds
from slo.indicator import Absent, Combine, Indicator, Latency, Ratio, Uptime
from slo.objective import Slo
from slo.policy import BurnRow, Policy, Severity
from slo.spans import CalendarWindow, Period, RollingWindow, Window

_FORMS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "histogram": (frozenset({"latency"}), frozenset()),
    "samples": (frozenset({"latency"}), frozenset({"only_if"})),
    "total": (frozenset(), frozenset({"good", "bad", "absent"})),
    "uptime": (frozenset(), frozenset({"valid_for", "combine"})),
}
_BELONGING = frozenset().union(*(needed | allowed for needed, allowed in _FORMS.values()))
_EXAMPLE = '''histogram = 'name_bucket{job="checkout"}' with latency = "500ms"'''
_SHORTEST_WINDOW_S = 3_600

Promise = tuple[Slo, Written]
"""An SLO, and the table in which it stands."""


def slo_of(
    written: Written, sources: Collection[str], zone: ZoneInfo, problems: list[Problem]
) -> Slo | None:
    """The SLO that a table promises, or None with its problems noted."""
    before = len(problems)
    table = checked(SloTable, written, written.values, problems)
    problems += [written.problem(what, *loc) for loc, what in _form_problems(written.values)]
    source = _source(written, sources, problems)
    window = _window(written, table.timezone if table and table.timezone else zone, problems)
    if table is None or window is None or source is None:
        return None
    policy = _policy(table, written, problems)
    if len(problems) > before:
        return None
    return Slo(
        name=table.name,
        service=table.service,
        objective=table.objective,
        window=window,
        source=source,
        indicator=_indicator(table),
        policy=policy,
    )


def _source(written: Written, sources: Collection[str], problems: list[Problem]) -> str | None:
    named = written.values.get("source")
    if isinstance(named, str) and named not in sources:
        there = f"; there are: {', '.join(sources)}" if sources else "; there is no [[source]]"
        said = f'no source is called "{named}"{did_you_mean(named, sources)}{there}'
        problems.append(written.problem(said, "source"))
    elif named is None and len(sources) == 1:
        return next(iter(sources))
    elif named is None and sources:
        said = f"missing; there are several: {', '.join(sources)}"
        problems.append(written.problem(said, "source"))
    elif named is None:
        problems.append(written.problem("nothing to measure it with; add a [[source]]"))
    return named if isinstance(named, str) else None


def _window(written: Written, zone: ZoneInfo, problems: list[Problem]) -> Window | None:
    text = written.values.get("window", "30d")
    if isinstance(text, str) and text in set(Period):
        return CalendarWindow(Period(text), zone)
    try:
        length_s = seconds(text) if isinstance(text, str) else 0
    except ValueError as error:
        said = f'{error}; or "week", "month", "quarter", "year"'
        problems.append(written.problem(said, "window"))
        return None
    if not _SHORTEST_WINDOW_S <= length_s <= LONGEST_S:
        said = 'must be text such as "30d", of 1h or more and 20 years or less'
        problems.append(written.problem(said, "window"))
        return None
    return RollingWindow(length_s)


def _form_problems(values: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Why the keys of a table make no indicator, seen by the keys alone."""
    forms = [form for form in _FORMS if form in values]
    if not forms:
        if not any(did_you_mean(key, _FORMS) for key in values):
            yield (), f"measures nothing; add {', '.join(_FORMS)}, for example {_EXAMPLE}"
        return
    for extra in forms[1:]:
        yield (extra,), f"measures something else than {forms[0]}; one SLO has one indicator"
    needed, allowed = _FORMS[forms[0]]
    for key in sorted(needed - values.keys()):
        yield (key,), f'missing; add for example {key} = "500ms"'
    if len(forms) == 1:
        for key in sorted((_BELONGING & values.keys()) - needed - allowed):
            yield (key,), f"does not go with {forms[0]}"
    if {"good", "bad"} <= values.keys():
        yield ("bad",), "write good or bad, not both; the other is what is left of total"
    elif "absent" in values and not values.keys() & {"good", "bad"}:
        yield ("absent",), "says what a missing good or bad means, but neither is written"


def _indicator(table: SloTable) -> Indicator:
    if table.uptime is not None:
        valid_s = Uptime(table.uptime).valid_s if table.valid_for is None else table.valid_for
        return Uptime(table.uptime, valid_s, table.combine or Combine.MAJORITY)
    if table.total is not None:
        return Ratio(table.total, table.good, table.bad, table.absent or Absent.NO_DATA)
    assert table.latency is not None, "a latency indicator without threshold was refused before"
    return Latency(table.latency, table.histogram, table.samples, table.only_if)


def _policy(table: SloTable, written: Written, problems: list[Problem]) -> Policy | None:
    for index, row in enumerate(table.alert):
        if row.short >= row.long:
            said = "must be shorter than long"
            problems.append(written.problem(said, "alert", index, "short"))
            return None
    rows = tuple(
        BurnRow(Severity(row.severity), row.budget, row.long, row.short) for row in table.alert
    )
    return rows or None
