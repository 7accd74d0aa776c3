"""How people read a number: rounded last, never to look better than it is."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from slo.lengths import DAY_S, HOUR_S, MINUTE_S
from slo.spans import Span, length_label, moment

NOTHING = "–"
_MINUS = "−"
_MOST_DECIMALS = 9
_EXACT_ENOUGH = Context(prec=60)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "m"), (1, "s"))


def decimals_of(objective_percent: Decimal) -> int:
    """How many decimals an SLI is shown with: one more than its objective has.

    >>> decimals_of(Decimal("99.95")), decimals_of(Decimal("95"))
    (3, 1)
    """
    exponent = objective_percent.normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # an objective is a finite number
    return 1 + max(0, -exponent)


def decimal_words(value: Fraction, decimals: int, rounding: str = ROUND_FLOOR) -> str:
    """The number with so many decimals, thousands parted by commas and a true minus.

    Rounded down unless told otherwise; the caller rounds whichever way looks worse.

    >>> decimal_words(Fraction(-12345, 10), 0)
    '−1,235'
    """
    shown = _decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding, _EXACT_ENOUGH)
    text = f"{abs(shown):,f}"
    return f"{_MINUS}{text}" if shown < 0 else text


def percent_words(ratio: Fraction | None, decimals: int) -> str:
    """A ratio as a percentage, rounded down: 100 % is shown only where nothing failed.

    >>> percent_words(Fraction(99_969, 100_000), 3), percent_words(Fraction(9_999_999, 10_000_000), 3)
    ('99.969 %', '99.999 %')
    """
    return NOTHING if ratio is None else f"{decimal_words(ratio * 100, decimals)} %"


def budget_words(left: Fraction | None) -> str:
    """Budget left in whole percent, rounded down; more decimals where a whole one would be zero.

    >>> budget_words(Fraction(-22, 100)), budget_words(Fraction(249, 1000)), budget_words(None)
    ('−22 %', '24 %', '–')
    >>> budget_words(Fraction(3, 1000)), budget_words(Fraction(0))
    ('0.3 %', '0 %')
    """
    if left is None:
        return NOTHING
    if left == 0 or abs(left) >= Fraction(1, 100):
        return percent_words(left, 0)
    if abs(left) < Fraction(1, 10_000):
        return "under 0.01 %" if left > 0 else f"above {_MINUS}0.01 %"
    return percent_words(left, 1 if abs(left) >= Fraction(1, 1_000) else 2)


def share_words(share: Fraction | None) -> str:
    """How much of something was measured, in whole percent, rounded down but never to nothing.

    >>> share_words(Fraction(23, 10_000)), share_words(Fraction(999, 1_000)), share_words(Fraction(0))
    ('<1 %', '99 %', '0 %')
    """
    if share is not None and 0 < share < Fraction(1, 100):
        return "<1 %"
    return percent_words(share, 0)


def between_words(low: Fraction, high: Fraction) -> str:
    """Between which shares of the budget what is left lies, in whole percent, rounded outwards.

    >>> between_words(Fraction(-3_447, 1_000), Fraction(447, 1_000))
    '−345 % to 45 %'
    """
    return f"{percent_words(low, 0)} to {decimal_words(high * 100, 0, ROUND_CEILING)} %"


def burn_words(rate: Fraction | None, threshold: Fraction | None = None) -> str:
    """A burn rate as a factor, rounded up: what fires above 14.4 never reads 14.4.

    What stays below a threshold never reads as it: as many decimals as that takes.

    >>> burn_words(Fraction(297, 100), Fraction(3)), burn_words(Fraction(301, 100), Fraction(3))
    ('2.97×', '3.1×')
    >>> burn_words(Fraction(14_449, 1_000)), burn_words(Fraction(0)), burn_words(Fraction(1, 99))
    ('14.5×', '0.0×', '<0.1×')
    """
    if rate is None:
        return NOTHING
    if 0 < rate < Fraction(1, 10):
        return "<0.1×"
    decimals = 0 if rate >= 100 else 1  # noqa: PLR2004
    if threshold is not None and rate < threshold:
        while (
            decimals < _MOST_DECIMALS and -(-rate * 10**decimals // 1) >= threshold * 10**decimals
        ):
            decimals += 1
    return f"{decimal_words(rate, decimals, ROUND_CEILING)}×"


def count_words(count: float) -> str:
    """A count of events; decimals only where a server extrapolated them.

    >>> count_words(12_345.0), count_words(0.25)
    ('12,345', '0.25')
    """
    exact = Fraction(count)
    text = decimal_words(exact, 0 if exact.denominator == 1 else 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


def duration_words(seconds: int) -> str:
    """A length in its two largest units, rounded down.

    >>> duration_words(8_460), duration_words(90_061), duration_words(59), duration_words(3_600)
    ('2 h 21 m', '1 d 1 h', '59 s', '1 h')
    """
    left = abs(seconds)
    for place, (unit_s, unit) in enumerate(_UNITS):
        if left >= unit_s:
            text = f"{left // unit_s} {unit}"
            rest = _rest(left % unit_s, place + 1)
            return f"{_MINUS if seconds < 0 else ''}{text}{rest}"
    return "0 s"


def length_words(length_s: int) -> str:
    """A length as it is written in a config, its unit apart.

    >>> length_words(300), length_words(3_600), length_words(259_200)
    ('5 min', '1 h', '3 d')
    """
    label = length_label(length_s)
    return f"{label[:-1]} {'min' if label[-1] == 'm' else label[-1]}"


def _rest(left: int, place: int) -> str:
    if place >= len(_UNITS) or left < _UNITS[place][0]:
        return ""
    return f" {left // _UNITS[place][0]} {_UNITS[place][1]}"


def date_words(at: int) -> str:
    """The UTC date as people write it.

    >>> date_words(1_795_305_600)
    '22 Nov 2026'
    """
    day = moment(at)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def clock_words(at: int) -> str:
    """The UTC time of day with its zone.

    >>> clock_words(1_795_362_000)
    '15:40 UTC'
    """
    return f"{moment(at):%H:%M} UTC"


def moment_words(at: int) -> str:
    """Date and time of day, UTC.

    >>> moment_words(1_795_362_000)
    '22 Nov 2026 15:40 UTC'
    """
    return f"{date_words(at)} {clock_words(at)}"


def near_words(at: int, as_of: int) -> str:
    """The time of day, with the date where it is not the day of `as_of`.

    >>> near_words(1_795_362_000, 1_795_363_000), near_words(1_795_362_000, 1_795_463_000)
    ('15:40 UTC', '22 Nov 2026 15:40 UTC')
    """
    return clock_words(at) if moment(at).date() == moment(as_of).date() else moment_words(at)


def freshness_words(data_until: int | None, as_of: int) -> str:
    """Up to when there is data, and how long ago that is.

    >>> freshness_words(1_795_362_000, 1_795_362_130), freshness_words(None, 0)
    ('data to 15:40 UTC, 2 min ago', 'no data yet')
    """
    if data_until is None:
        return "no data yet"
    return f"data to {near_words(data_until, as_of)}, {ago_words(as_of - data_until)}"


def ago_words(age_s: int) -> str:
    """How long ago, in its largest unit.

    >>> ago_words(130), ago_words(20), ago_words(200_000)
    ('2 min ago', 'just now', '2 d ago')
    """
    for unit_s, unit in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min")):
        if age_s >= unit_s:
            return f"{age_s // unit_s} {unit} ago"
    return "just now"


def span_words(span: Span) -> str:
    """Both ends of a span, dates once where one day holds both.

    >>> span_words(Span(1_795_362_000, 1_795_362_300))
    '22 Nov 2026 15:40 UTC to 15:45 UTC'
    """
    return f"{moment_words(span.since)} to {near_words(span.until, span.since)}"


def window_words(kind: str) -> str:
    """The window as a phrase.

    >>> window_words("30d"), window_words("month")
    ('rolling 30 d', 'this month')
    """
    return f"rolling {kind[:-1]} {kind[-1]}" if kind[:-1].isdigit() else f"this {kind}"


def cut_words(said: str, longest: int) -> str:
    """The words, no longer than that; an ellipsis says that there was more.

    >>> cut_words("checkout", 8), cut_words("checkout", 7)
    ('checkout', 'checko…')
    """
    return said if len(said) <= longest else f"{said[: longest - 1]}…"


def _decimal(value: Fraction) -> Decimal:
    return _EXACT_ENOUGH.divide(Decimal(value.numerator), Decimal(value.denominator))


def size_words(size_bytes: int) -> str:
    """A number of bytes with two digits or more, in decimal units.

    >>> size_words(999), size_words(41_200_000), size_words(1_900_000_000)
    ('999 B', '41 MB', '1.9 GB')
    """
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= factor:
            whole = size_bytes / factor
            return f"{whole:.1f} {unit}" if whole < 10 else f"{whole:.0f} {unit}"  # noqa: PLR2004
    return f"{size_bytes} B"
