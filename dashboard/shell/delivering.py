"""Which span, services and zone the commands about delivery and incidents are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

import click

from dashboard import wiring
from dashboard.config import Config
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import reading_options
from dashboard.shell.moments import epoch_of
from dashboard.views.delivery.days import last_days
from dashboard.views.delivery.making import Whole, whole
from dashboard.views.delivery.model import Choice
from dashboard.views.upkeep.scene import Scene
from slo.days import midnight
from slo.durations import seconds
from slo.errors import ConfigError
from slo.lengths import DAY_S
from slo.nearest import did_you_mean
from slo.spans import Span

_Command = Callable[..., object]
_LONGEST_S = 50 * 366 * DAY_S
_DATE = len("2026-11-22")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options as they were typed; None for what was not."""

    last: str | None
    since: str | None
    until: str | None
    service: str | None
    team: str | None
    zone: str | None
    as_of: int | None


def delivery_options(command: _Command) -> _Command:
    """The options of every command about delivery and incidents, by their order in the help."""
    options = (
        click.option("--last", metavar="28d", help="The last days, today among them; 28d."),
        click.option("--since", metavar="DATE", help="The first day or moment, instead of --last."),
        click.option("--until", metavar="DATE", help="The day or moment that ends it; now."),
        click.option("--service", metavar="NAME", help="Of one service alone."),
        click.option("--team", metavar="NAME", help="Of the services of one team."),
        click.option("--zone", metavar="ZONE", help="Whose days are meant; the configuration's."),
    )
    command = reading_options(command)
    for option in reversed(options):
        command = option(command)
    return command


def delivery_of(invocation: Invocation, wanted: Wanted) -> Whole:
    """What the store knows of what is wanted.

    Raises:
        ConfigError: an option cannot be used, or the configuration cannot.
        StoreError: the store cannot be read.
    """
    config = wiring.configured(invocation.config_path)
    as_of = wiring.now() if wanted.as_of is None else wanted.as_of
    choice = chosen(config, wanted, as_of)
    with wiring.reader(config) as reader:
        made = whole(Scene(config, reader, as_of, is_fixed=wanted.as_of is not None), choice)
    known = {*made.page.services, *(one.name for one in config.services)}
    if choice.service and choice.service not in known:
        raise _unknown("service", choice.service, tuple(sorted(known)), str(config.path))
    return made


def chosen(config: Config, wanted: Wanted, as_of: int) -> Choice:
    """The span and the services that are wanted.

    Raises:
        ConfigError: a time, a zone or a team cannot be used.
    """
    teams = tuple(sorted({one.team for one in config.services if one.team}))
    if wanted.team is not None and wanted.team not in teams:
        raise _unknown("team", wanted.team, teams, str(config.path))
    zone = config.timezone if wanted.zone is None else _zone(wanted.zone)
    return Choice(
        _span(wanted, as_of, zone), wanted.service or "", wanted.team or "", wanted.zone or ""
    )


def _span(wanted: Wanted, as_of: int, zone: ZoneInfo) -> Span:
    if wanted.last is not None and (wanted.since or wanted.until):
        raise _unusable("--last and --since say two things", "--last", "give one of the two")
    if wanted.since is None and wanted.until is not None:
        raise _unusable("--until has no beginning", "--until", "give --since too")
    if wanted.since is None:
        return _last(wanted.last or "28d", as_of, zone)
    since = _moment(wanted.since, "--since", zone)
    until = as_of if wanted.until is None else min(_moment(wanted.until, "--until", zone), as_of)
    if until <= since:
        mend = "give a --since that lies before --until and before the moment of the look"
        raise _unusable("the span holds no time", f"--since {wanted.since}", mend)
    return Span(since, until)


def _last(text: str, as_of: int, zone: ZoneInfo) -> Span:
    """Whole local days where the length is days; else that long until the look."""
    try:
        length_s = seconds(text)
        if not 0 < length_s <= _LONGEST_S:
            raise ValueError("no time at all, or more than 50 years")  # noqa: TRY301 - told alike
        if length_s % DAY_S:
            return Span(as_of - length_s, as_of)
        return last_days(as_of, length_s // DAY_S, zone)
    except (ValueError, OverflowError) as error:
        mend = 'give a length such as "28d" or "12w"'
        raise _unusable(str(error), f"--last {text}", mend) from error


def _moment(text: str, option: str, zone: ZoneInfo) -> int:
    """A date is its first second in the zone, anything else a moment with an offset."""
    try:
        if len(text) == _DATE:
            return midnight(date.fromisoformat(text), zone)
        return epoch_of(text)
    except (ValueError, OverflowError) as error:
        mend = 'give a date such as "2026-11-22", or a moment with its offset'
        raise _unusable(str(error), f"{option} {text}", mend) from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        near = did_you_mean(name, available_timezones())
        mend = "give an IANA name such as Europe/Berlin"
        raise _unusable(f'"{name}" is no time zone{near}', "--zone", mend) from error


def _unknown(what: str, name: str, known: tuple[str, ...], where: str) -> ConfigError:
    mend = f"name one of: {', '.join(known)}" if known else f"nothing names a {what} yet"
    return _unusable(f'no {what} is called "{name}"{did_you_mean(name, known)}', where, mend)


def _unusable(what: str, where: str, mend: str) -> ConfigError:
    return ConfigError(what, where=where, mend=mend)
