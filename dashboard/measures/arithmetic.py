"""How the numbers of a measure stand in its arithmetic: to be redone by hand, not to be admired."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slo.spans import Span, moment

_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60
_DIGITS = 6


def figure(value: float | None) -> str:
    """A number with up to six digits that count, whole ones in full, a true minus; a dash for none.

    >>> figure(4.0), figure(1 / 3), figure(1_234_567), figure(-0.5), figure(None)
    ('4', '0.333333', '1,234,567', '−0.5', '–')
    """
    if value is None:
        return "–"
    if value < 0:
        return f"−{figure(-value)}"
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.{_DIGITS}g}" if abs(value) < 10**_DIGITS else f"{value:,.0f}"


def lasted(seconds: float) -> str:
    """A length of time in the largest unit that fits into it.

    >>> lasted(15_724_800), lasted(5_400), lasted(90), lasted(0.25)
    ('182 d', '1.5 h', '1.5 min', '0.25 s')
    """
    for unit_s, unit in ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min")):
        if seconds >= unit_s:
            return f"{figure(seconds / unit_s)} {unit}"
    return f"{figure(seconds)} s"


def percent(ratio: float | None) -> str:
    """A share as a percentage; a dash for none.

    >>> percent(0.9997), percent(None)
    ('99.97 %', '–')
    """
    return "–" if ratio is None else f"{figure(ratio * 100)} %"


def ranged(span: Span, zone: ZoneInfo) -> str:
    """A half-open span in local time.

    >>> ranged(Span(0, 86_400), ZoneInfo("Europe/Berlin"))
    '1970-01-01T01:00:00+01:00 <= t < 1970-01-02T01:00:00+01:00'
    """
    since, until = (moment(at).astimezone(zone).isoformat() for at in (span.since, span.until))
    return f"{since} <= t < {until}"


def dated(at: int, zone: ZoneInfo) -> str:
    """A moment as a local day and minute.

    >>> dated(0, ZoneInfo("UTC"))
    '1 Jan 1970 00:00'
    """
    local = moment(at).astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M}"


def numbered(count: int, thing: str) -> str:
    """So many of a thing.

    >>> numbered(1, "outage"), numbered(0, "outage"), numbered(1_200, "outage")
    ('1 outage', '0 outages', '1,200 outages')
    """
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
