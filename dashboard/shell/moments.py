"""Which moment a text such as `2026-11-22T15:40:00Z` means; a time without a zone means none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import click

from slo.spans import known_s, moment

_EXAMPLES = '"2026-11-22T15:40:00Z", "2026-11-22T16:40+01:00" or "2026-11-22"'


def epoch_of(text: str) -> int:
    """The epoch seconds of an RFC 3339 moment; a date alone is its first moment, UTC.

    >>> epoch_of("2026-11-22T16:40:00+01:00") == epoch_of("2026-11-22T15:40:00Z") == 1_795_362_000
    True

    Raises:
        ValueError: it is no moment, carries no zone, or lies before 2000 or beyond 2100.
    """
    try:
        at = _parsed(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a moment such as {_EXAMPLES}") from error
    if at.tzinfo is None:
        raise ValueError(
            f'{text!r} has no time zone; write for example "{at.isoformat()}Z" for UTC'
        )
    return _known(text, at)


def epoch_as_shown(text: str, *, near: int) -> int:
    """The epoch seconds of a moment as pages write it, in UTC where it names no zone.

    A time alone is of the day of `near`.

    >>> near = epoch_of("2026-11-22T09:00Z")
    >>> {epoch_as_shown(one, near=near) for one in ("15:40 UTC", "22 Nov 2026 15:40 UTC",
    ...     "2026-11-22 15:40", "2026-11-22 15:40 UTC", "2026-11-22T16:40+01:00")}
    {1795362000}

    Raises:
        ValueError: it is no moment, or lies before 2000 or beyond 2100.
    """
    written = text.strip().removesuffix("UTC").rstrip()
    if written[2:3] == ":":
        written = f"{moment(near):%Y-%m-%d} {written}"
    try:
        at = _shown(written)
    except ValueError as error:
        raise ValueError(f'{text!r} is no moment; write for example "2026-11-22 18:00"') from error
    return _known(text, at)


class Moment(click.ParamType[int]):
    """A moment given on the command line, as epoch seconds."""

    name = "moment"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The moment's epoch seconds; a text that means none ends the command."""
        if isinstance(value, int):
            return value
        try:
            return epoch_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _known(text: str, at: datetime) -> int:
    try:
        return known_s(at)
    except ValueError as error:
        raise ValueError(f"{text!r} {error}") from error


def _parsed(text: str) -> datetime:
    if len(text) == len("2026-11-22"):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    return datetime.fromisoformat(text)


def _shown(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=UTC)
    except ValueError:
        at = _parsed(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
