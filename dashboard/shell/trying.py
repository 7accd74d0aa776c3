"""Which SLO, span and policies the commands that look back over a history are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from collectors.store.stored import HasSeries
from dashboard.config import Config
from dashboard.shell.judging import chosen, no_member, whole_name
from dashboard.shell.moments import Moment
from dashboard.views.backtest.incidents import service_slo
from dashboard.views.backtest.making import MOST_SIDES, OWN, own_policy
from dashboard.views.counted.families import family
from dashboard.views.counted.series_index import Index
from slo.durations import seconds
from slo.errors import ConfigError
from slo.known_policies import Candidate, candidate
from slo.lengths import DAY_S
from slo.objective import Objective, RefusedObjective, Slo
from slo.spans import Span

_Command = Callable[..., object]
_LONGEST_S = 50 * 366 * DAY_S


def span_options(command: _Command) -> _Command:
    """The options that say which part of the history is meant."""
    last = click.option("--last", metavar="90d", help="The last so long; all that is stored.")
    since = click.option("--since", type=Moment(), help="The beginning, instead of --last.")
    until = click.option("--until", type=Moment(), help="The end; the moment of the look.")
    return last(since(until(command)))


def explain_option(command: _Command) -> _Command:
    """The option for the arithmetic instead of the tables."""
    said = "Print every formula with its numbers filled in instead, or beside the JSON."
    return click.option("--explain", "is_explained", is_flag=True, help=said)(command)


def span_of(last: str | None, since: int | None, until: int | None, as_of: int) -> Span | None:
    """The part of the history that is meant; None for all of it.

    Raises:
        ConfigError: the options contradict each other, or hold no time.
    """
    if last is not None and since is not None:
        raise _unusable("--last and --since say two things", "--last", "give one of the two")
    end = as_of if until is None else min(until, as_of)
    begin = since
    if last is not None:
        begin = end - _length_s(last)
    if begin is None:
        return None if until is None else Span(min(0, end), end)
    if begin >= end:
        mend = "give a --since that lies before --until and before the moment of the look"
        raise _unusable("the span holds no time", "--since", mend)
    return Span(begin, end)


def slo_of(config: Config, reader: HasSeries, name: str) -> Slo:
    """The SLO of that name, or the member of a group.

    Raises:
        ConfigError: there is none.
    """
    (whole,) = chosen(config, [whole_name(config, name)])
    if whole.name == name:
        return whole
    members = [one.slo for one in family(whole, Index.of_tallies(reader)).parts]
    for member in members:
        if member.name == name:
            return member
    raise no_member(whole.name, name, [one.name for one in members], str(config.path))


def meant_slo(
    config: Config, reader: HasSeries, name: str | None, service: str | None, percent: str | None
) -> Slo:
    """The SLO or member of that name, or one for the incidents of a service.

    Raises:
        ConfigError: both or neither are named, or the objective cannot be.
    """
    if (name is None) == (service is None):
        names = ", ".join(one.name for one in config.slos) or "none is configured yet"
        raise _unusable(
            "one thing must be tried", "SLO", f"name an SLO ({names}) or --incidents-of"
        )
    if name is not None and percent is not None:
        mend = "change objective in the configuration, or ask `burnline advise`"
        raise _unusable("an SLO has a target of its own", "--objective", mend)
    if name is not None:
        return slo_of(config, reader, name)
    try:
        return service_slo(service or "", Objective.from_percent(percent or "99.9"))
    except RefusedObjective as error:
        raise _unusable(error.what, "--objective", "give a percentage such as 99.9") from error


def candidates_of(slo: Slo, policies: Sequence[str]) -> tuple[Candidate, ...]:
    """The policies that are named, two at most; its own where none is.

    Raises:
        ConfigError: one is none, or there are too many.
    """
    if len(policies) > MOST_SIDES:
        raise _unusable("only two policies stand side by side", "--policy", "give two of them")
    try:
        return tuple(
            own_policy(slo) if text == OWN else candidate(text) for text in policies or (OWN,)
        )
    except ValueError as error:
        mend = f'name one of them, or write rows; "{OWN}" is the policy of the SLO itself'
        raise _unusable(str(error), "--policy", mend) from error


def _length_s(text: str) -> int:
    try:
        length_s = seconds(text)
    except ValueError as error:
        raise _unusable(str(error), f"--last {text}", 'give a length such as "90d"') from error
    if not 0 < length_s <= _LONGEST_S:
        said = "no time at all, or more than 50 years"
        raise _unusable(said, f"--last {text}", 'give a length such as "90d"')
    return length_s


def _unusable(what: str, where: str, mend: str) -> ConfigError:
    return ConfigError(what, where=where, mend=mend)
