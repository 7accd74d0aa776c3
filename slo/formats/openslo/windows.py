"""OpenSLO's time windows as ours, and back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slo.durations import seconds
from slo.formats.contract import Ledger
from slo.formats.documents import Piece
from slo.formats.openslo.words import PERIODS
from slo.formats.reading import Fields
from slo.lengths import DAY_S, HOUR_S
from slo.spans import CalendarWindow, Period, RollingWindow, Window, epoch_s, length_label

DEFAULT = RollingWindow(30 * DAY_S)
_SHORTEST_S, _LONGEST_S = HOUR_S, 20 * 366 * DAY_S
_STARTS = "2024-01-01 00:00:00"
"""A Monday, and the first day of a month, a quarter and a year."""


def window_of(spec: Fields, ledger: Ledger) -> Window | None:
    """The one window that an SLO is judged over; None where it is refused."""
    each = spec.each("timeWindow")
    if not each:
        ledger.note(spec.piece, "no timeWindow is written; the window is 30d")
        return DEFAULT
    if len(each) > 1:
        ledger.refuse(each[1], "only one time window can be written")
        return None
    fields = Fields(each[0], ledger)
    is_rolling = fields.flag("isRolling", default="calendar" not in fields)
    text = fields.text("duration")
    found = None
    if text is not None:
        found = _rolling(fields, ledger) if is_rolling else _calendar(fields, text, ledger)
    fields.rest()
    return found


def window_document(window: Window) -> dict[str, object]:
    """The window in OpenSLO's words.

    Raises:
        ValueError: it has none for it.
    """
    if isinstance(window, RollingWindow):
        if window.length_s % 60:
            raise ValueError(f"OpenSLO has no word for a window of {window.kind}")
        return {"duration": length_label(window.length_s), "isRolling": True}
    assert isinstance(window, CalendarWindow)
    word = next(word for word, period in PERIODS.items() if period is window.period)
    calendar = {"startTime": _STARTS, "timeZone": window.zone.key}
    return {"duration": word, "isRolling": False, "calendar": calendar}


def window_text(window: Window) -> str:
    """The window as one text: `30d`, or `month Europe/Berlin`."""
    return f"{window.kind} {window.zone.key}" if isinstance(window, CalendarWindow) else window.kind


def window_said(text: str) -> Window:
    """The window of such a text.

    Raises:
        ValueError: it is none.
    """
    kind, _, zone = text.partition(" ")
    return CalendarWindow(Period(kind), ZoneInfo(zone)) if zone else RollingWindow(seconds(kind))


def _rolling(fields: Fields, ledger: Ledger) -> Window | None:
    fields.skip("calendar")
    length_s = fields.length_s("duration")
    if length_s is not None and not _SHORTEST_S <= length_s <= _LONGEST_S:
        ledger.refuse(fields.piece_of("duration"), "must be 1h or more and 20 years or less")
        return None
    return None if length_s is None else RollingWindow(length_s)


def _calendar(fields: Fields, text: str, ledger: Ledger) -> Window | None:
    calendar = fields.below("calendar")
    start, name = calendar.text("startTime"), calendar.text("timeZone")
    calendar.rest()
    if text not in PERIODS:
        said = f'calendar periods are 1w, 1M, 1Q and 1Y, not "{text}"'
        meant = "; m is a minute in OpenSLO, M a month" if text.endswith("m") else ""
        ledger.refuse(fields.piece_of("duration"), said + meant)
        return None
    zone = _zone(calendar.piece_of("timeZone"), name, ledger)
    if zone is None or start is None:
        return None
    window = CalendarWindow(PERIODS[text], zone)
    _begins(calendar.piece_of("startTime"), start, window, ledger)
    return window


def _zone(piece: Piece, name: str | None, ledger: Ledger) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        ledger.refuse(
            piece, f"there is no time zone {piece.shown}; use a name such as Europe/Berlin"
        )
        return None


def _begins(piece: Piece, start: str, window: CalendarWindow, ledger: Ledger) -> None:
    """Say where periods begin otherwise than the file has them begin."""
    try:
        at = datetime.fromisoformat(start).replace(tzinfo=window.zone)
    except ValueError:
        ledger.refuse(piece, f'must be a time such as "{_STARTS}", but is {piece.shown}')
        return
    if window.whole(epoch_s(at)).since != epoch_s(at):
        first = "on Mondays" if window.period is Period.WEEK else "on their first day"
        said = f"periods begin {first} at midnight, not counted from {start}"
        ledger.leave(piece, said)
