"""What the tables `[[slo]]` promise: objective, window, indicator and policy as values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from zoneinfo import ZoneInfo

from collectors.contract import SourceKind
from collectors.keys import LONGEST_S
from dashboard.config.problems import Problem, Written, checked, sound_part
from dashboard.config.rows import row_problems
from dashboard.config.tables import SloTable
from slo.durations import seconds
from slo.indicator import Absent, Combine, Indicator, Latency, Ratio, Uptime
from slo.nearest import did_you_mean
from slo.objective import Slo
from slo.policy import BurnRow, Severity
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
_STANDING_IN = {"name": "-", "objective": 50}

Promise = tuple[Slo, Written]
"""An SLO, and the table in which it stands."""


def slo_of(
    written: Written,
    sources: Mapping[str, SourceKind | None],
    zone: ZoneInfo,
    problems: list[Problem],
) -> Slo | None:
    """The SLO that a table promises, or None with its problems noted.

    `sources` holds what kind each source is, None where that is not known.
    """
    before = len(problems)
    table = checked(SloTable, written, written.values, problems)
    sound, wrong = (table, ()) if table else sound_part(SloTable, written.values, _STANDING_IN)
    indicator = _indicator(written, sound, problems)
    source = named_source(written, sources, problems)
    kind = None if source is None else sources.get(source)
    reason = None if kind is None or indicator is None else kind.refuses(indicator)
    if reason is not None:
        problems.append(
            written.problem(reason, next(key for key in _FORMS if key in written.values))
        )
    window = _window(written, sound.timezone or zone, problems)
    objective = None if "objective" in wrong else sound.objective
    problems += row_problems(written, objective, window)
    if table is None or window is None or len(problems) > before:
        return None
    assert source is not None, "a table without source was refused before"
    assert indicator is not None, "a table without indicator was refused before"
    rows = [BurnRow(Severity(row.severity), row.budget, row.long, row.short) for row in table.alert]
    return Slo(
        name=table.name,
        service=table.service,
        objective=table.objective,
        window=window,
        source=source,
        indicator=indicator,
        policy=tuple(rows) or None,
    )


def named_source(
    written: Written, sources: Collection[str], problems: list[Problem], *, is_needed: bool = True
) -> str | None:
    """The source that a table names, or the only one there is; None where none is needed."""
    named = written.values.get("source")
    if isinstance(named, str) and named not in sources:
        there = f"; there are: {', '.join(sources)}" if sources else "; there is no [[source]]"
        said = f'no source is called "{named}"{did_you_mean(named, sources)}{there}'
        problems.append(written.problem(said, "source"))
    elif named is None and not is_needed:
        return None
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


def _indicator(written: Written, sound: SloTable, problems: list[Problem]) -> Indicator | None:
    """What the table measures; None when one of the keys that say so is wrong."""
    wrong = [written.problem(what, *loc) for loc, what in _form_problems(written.values)]
    problems += wrong
    keys = written.values.keys() & (_FORMS.keys() | _BELONGING)
    if wrong or not keys or any(getattr(sound, key) is None for key in keys):
        return None
    if sound.uptime is not None:
        valid_s = Uptime(sound.uptime).valid_s if sound.valid_for is None else sound.valid_for
        return Uptime(sound.uptime, valid_s, sound.combine or Combine.MAJORITY)
    if sound.total is not None:
        return Ratio(sound.total, sound.good, sound.bad, sound.absent or Absent.NO_DATA)
    if sound.latency is None:
        return None
    return Latency(sound.latency, sound.histogram, sound.samples, sound.only_if)
