"""How a promise changed, in words: one block for each SLO, the newest version first."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.views.blocks import Block, Cell, Heading
from dashboard.views.compliance.versions import Change, History, Version
from dashboard.views.slos.dates import day_words
from dashboard.views.words import NOTHING
from slo.promise import promise
from slo.spans import moment

_HEADINGS = (
    Heading("Version"),
    Heading("Target", is_figure=True),
    Heading("In force from"),
    Heading("Until"),
    Heading("What changed"),
    Heading("Recorded"),
)


def block(history: History) -> Block:
    """A row for each version."""
    return Block(
        title=f"{history.slo.name}: {promise(history.slo)}",
        note=history.zone.key,
        headings=_HEADINGS,
        rows=tuple(_row(one, history) for one in history.versions),
    )


def _row(one: Version, history: History) -> tuple[Cell, ...]:
    zone = history.zone
    return (
        Cell("not recorded yet" if one.number is None else str(one.number)),
        Cell(one.objective),
        Cell(_since(one, zone)),
        Cell(_until(one, history)),
        Cell(_new(one, zone)),
        Cell(_recorded(one, zone)),
    )


def _since(one: Version, zone: ZoneInfo) -> str:
    if one.is_withdrawn:
        return f"never, was to be {_moment(one.since, zone)}"
    return _begin(one.since, zone)


def _until(one: Version, history: History) -> str:
    """Until when it held; nothing of what holds later, or never did."""
    if one.is_withdrawn or (one.since is not None and one.since > history.as_of):
        return NOTHING
    return "now" if one.until is None else _moment(one.until, history.zone)


def _recorded(one: Version, zone: ZoneInfo) -> str:
    if one.recorded_at is None:
        return "with the next collection"
    return f"{_moment(one.recorded_at, zone)} by {one.actor or 'nobody known'}"


def _new(one: Version, zone: ZoneInfo) -> str:
    """What changed: keys, or else from when on the same holds."""
    if one.moved is not None:
        before, after = (_begin(at, zone) for at in (one.moved.before, one.moved.after))
        return f"in force from {before} → {after}"
    return "the first" if one.is_first else "; ".join(map(_change, one.changes))


def _change(change: Change) -> str:
    key, before, after = change
    return f"{key} {before} → {after}"


def _begin(since: int | None, zone: ZoneInfo) -> str:
    return "the beginning" if since is None else _moment(since, zone)


def _moment(at: int | None, zone: ZoneInfo) -> str:
    """The day with its year, and the time of day where it is not midnight."""
    if at is None:
        return NOTHING
    local: datetime = moment(at).astimezone(zone)
    day = f"{day_words(at, zone)} {local.year}"
    return day if (local.hour, local.minute) == (0, 0) else f"{day} {local:%H:%M}"
