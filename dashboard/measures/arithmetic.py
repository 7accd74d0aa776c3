"""How the numbers of a measure stand in its arithmetic: to be redone by hand, not to be admired."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from slo.evidence.comparison import Comparison
from slo.evidence.resampling import BY_RANK
from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.spans import Span, moment

_LENGTHS = (
    (5 * DAY_S, DAY_S, "d"),
    (2 * HOUR_S, HOUR_S, "h"),
    (2 * MINUTE_S, MINUTE_S, "min"),
    (1, 1, "s"),
)
"""From so many seconds on, of how many, each unit: 72 h and 90 min rather than 3 d and 1.5 h."""
_LEAST_P = 0.0001
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
    """A length of time in the unit in which people tell one of its size.

    >>> lasted(15_724_800), lasted(259_200), lasted(5_400), lasted(90), lasted(0.25)
    ('182 d', '72 h', '90 min', '90 s', '250 ms')
    """
    for least_s, unit_s, unit in _LENGTHS:
        if seconds >= least_s:
            return f"{figure(seconds / unit_s)} {unit}"
    return f"{figure(round(seconds * 1_000, _DIGITS))} ms" if seconds else "0 s"


def p_words(p_value: float) -> str:
    """A p-value with three digits that count; no test is good for one below a ten-thousandth.

    >>> p_words(0.00754321), p_words(0.0123), p_words(1.0), p_words(0.0), p_words(3.97e-5)
    ('0.00754', '0.0123', '1', 'under 0.0001', 'under 0.0001')
    """
    return f"{p_value:.3g}" if p_value >= _LEAST_P else f"under {_LEAST_P}"


def weeks_alike(found: Comparison) -> tuple[str, ...]:
    """That a period has no range because all its weeks gave the same value, where that is so."""
    if found.method != BY_RANK:
        return ()
    sides = (("before", found.before), ("after", found.after))
    alike = " and ".join(name for name, side in sides if side.interval is None)
    return (f"all weeks {alike} gave the same value, so its range is not known",)


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
