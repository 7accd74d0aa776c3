"""What the tables `[[slo]]` promise: objective, window, indicator and policy as values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from collectors.contract import SourceKind
from collectors.keys import LONGEST_S
from dashboard.config.indicators import FORMS, indicator_of
from dashboard.config.members import label_problems, method_problems
from dashboard.config.problems import Problem, Written, checked, sound_part
from dashboard.config.rows import row_problems, sound_rows
from dashboard.config.slo_table import AlertTable, SloTable
from slo.durations import seconds
from slo.indicator import base_of
from slo.lengths import HOUR_S
from slo.nearest import did_you_mean
from slo.objective import Slo
from slo.policy import BurnRow, Severity
from slo.spans import LATEST_S, CalendarWindow, Period, RollingWindow, Window, epoch_s

_SHORTEST_WINDOW_S = HOUR_S
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
    indicator = indicator_of(written, sound, problems)
    problems += [*label_problems(written, indicator), *method_problems(written)]
    source = _source(written, sources, problems)
    kind = None if source is None else sources.get(source)
    base = None if indicator is None else base_of(indicator)
    reason = None if kind is None or base is None else kind.refuses(base)
    if reason is not None:
        problems.append(
            written.problem(reason, next(key for key in FORMS if key in written.values))
        )
    windows = _windows(written, sound.timezone or zone, problems)
    window = windows[0] if windows else None
    effective = _effective(written, sound.timezone or zone, problems)
    objective = None if "objective" in wrong else sound.objective
    rows = enumerate(table.alert) if table else sound_rows(written.values)
    problems += row_problems(written, [*rows], objective, window, indicator)
    if table is None or window is None or len(problems) > before:
        return None
    assert indicator is not None, "a table without indicator was refused before"
    return Slo(
        name=table.name,
        service=table.service,
        objective=table.objective,
        window=window,
        source=source or "",
        indicator=indicator,
        policy=tuple(_row(row, table.min_bad_events) for row in table.alert) or None,
        further=windows[1:],
        group_by=tuple(table.group_by),
        breakdown=tuple(table.breakdown),
        corrections=table.corrections,
        min_bad_events=table.min_bad_events,
        notify=tuple(table.notify),
        budget_policy=table.policy,
        effective=effective,
    )


def _source(written: Written, sources: Collection[str], problems: list[Problem]) -> str | None:
    """The source it is read from; a composite has none but those of its members."""
    if "composite" not in written.values:
        return named_source(written, sources, problems)
    if "source" in written.values:
        problems.append(
            written.problem("does not go with composite; its members have one", "source")
        )
    return None


def _row(row: AlertTable, min_bad_events: int) -> BurnRow:
    least = min_bad_events if row.min_bad_events is None else row.min_bad_events
    return BurnRow(Severity(row.severity), row.budget, row.long, row.short, least)


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


def _windows(written: Written, zone: ZoneInfo, problems: list[Problem]) -> tuple[Window, ...]:
    """The windows in the order they are written; of wrong ones none."""
    said = written.values.get("window", "30d")
    if not isinstance(said, list):
        found = _window(written, said, zone, problems, "window")
        return (found,) if found else ()
    each = [_window(written, text, zone, problems, "window", n) for n, text in enumerate(said)]
    windows = tuple(window for window in each if window is not None)
    if not said or len(set(windows)) < len(windows):
        problems.append(written.problem('must name each window once, such as "30d"', "window"))
        return ()
    return windows


def _window(
    written: Written, text: object, zone: ZoneInfo, problems: list[Problem], *loc: str | int
) -> Window | None:
    if isinstance(text, str) and text in set(Period):
        return CalendarWindow(Period(text), zone)
    try:
        length_s = seconds(text) if isinstance(text, str) else 0
    except ValueError as error:
        said = f'{error}; or "week", "month", "quarter", "year"'
        problems.append(written.problem(said, *loc))
        return None
    if not _SHORTEST_WINDOW_S <= length_s <= LONGEST_S:
        said = 'must be text such as "30d", of 1h or more and 20 years or less'
        problems.append(written.problem(said, *loc))
        return None
    return RollingWindow(length_s)


def _effective(written: Written, zone: ZoneInfo, problems: list[Problem]) -> int | None:
    """The moment from which on the version holds; a day begins at its midnight in the zone."""
    text = written.values.get("effective", "")
    if not isinstance(text, str) or not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        said = 'must be a day or a moment such as "2026-12-01" or "2026-12-01T09:00:00+01:00"'
        problems.append(written.problem(said, "effective"))
        return None
    at = epoch_s(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    if not 0 <= at < LATEST_S:
        problems.append(written.problem("must be a day of the years 1970 to 2100", "effective"))
        return None
    return at
