"""From what was invoked to the views of the SLOs it means: shared by the commands that read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click
import orjson

from collectors.store.reader import Reader
from dashboard import wiring
from dashboard.config import Config
from dashboard.shell.moments import Moment
from dashboard.shell.telling import harmless
from dashboard.views.counted.figures import evaluate
from dashboard.views.machines.aligned import WIDTH
from dashboard.views.slos.slo_view import SloView
from slo.errors import ConfigError
from slo.nearest import did_you_mean
from slo.objective import Slo
from slo.splits import is_of

_TAKE_MEMBERS = "status, check, explain, attribution, backtest, advise and silence"
_LISTED = 20
_Command = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Question:
    """Which SLOs are meant, none named being all, and as of when."""

    names: tuple[str, ...]
    as_of: int


def asked(names: Sequence[str], as_of: int | None) -> Question:
    """The question about those SLOs at that moment, or at this one where none is given."""
    return Question(tuple(names), wiring.now() if as_of is None else as_of)


def evaluated(
    config: Config, reader: Reader, question: Question, *, edges: bool = False
) -> tuple[SloView, ...]:
    """The views of the SLOs and members of groups in question, out of an open store.

    `edges` adds the bucket edges around a threshold that is none.

    Raises:
        ConfigError: no SLO, or no member that was found, has such a name.
    """
    slos = chosen(config, [whole_name(config, name) for name in question.names])
    sources = {source.name: source for source in config.sources}
    views = evaluate(slos, reader, as_of=question.as_of, sources=sources, edges=edges)
    return _meant(views, question.names, str(config.path)) if question.names else views


def reading_options(command: _Command) -> _Command:
    """The options of every command that reads: `--as-of` and `--json`."""
    as_of = click.option("--as-of", type=Moment(), help="The moment to judge at, instead of now.")
    as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
    return as_of(as_json(command))


def say(lines: Sequence[str]) -> None:
    """Print the lines as UTF-8 whatever the locale says; none of them can move a cursor."""
    click.echo(harmless("\n".join(lines)).encode())


def columns() -> int:
    """How wide the terminal is, or COLUMNS says; what is written to a file has a width of its own."""
    return shutil.get_terminal_size((WIDTH, 0)).columns


def say_json(document: dict[str, object]) -> None:
    """Print the document as JSON."""
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))


def chosen(config: Config, names: Sequence[str]) -> tuple[Slo, ...]:
    """The SLOs of those names, none being all, in the order of the configuration.

    Raises:
        ConfigError: it holds no SLO of such a name.
    """
    by_name = {slo.name: slo for slo in config.slos}
    for name in names:
        if name not in by_name and (group := whole_name(config, name)) in by_name:
            raise ConfigError(
                f'"{name}" would be a member of the group "{group}", and this takes whole SLOs alone',
                where=str(config.path),
                mend=f"name {group}; {_TAKE_MEMBERS} take members",
            )
        if name not in by_name:
            raise _no_such(name, tuple(by_name), str(config.path))
    return tuple(slo for slo in config.slos if not names or slo.name in names)


def whole_name(config: Config, name: str) -> str:
    """The SLO of that name, or the one of whose group it may be a member; else the name."""
    if any(slo.name == name for slo in config.slos):
        return name
    groups = (slo.name for slo in config.slos if slo.group_by and is_of(name, slo.name))
    return max(groups, key=len, default=name)


def _meant(views: Sequence[SloView], names: Sequence[str], where: str) -> tuple[SloView, ...]:
    """The views of those names, each SLO before its members."""
    groups = [view for view in views if view.slo.group_by]
    known = [one for view in views for one in (view, *(view.parts if view in groups else ()))]
    for name in names:
        group = next((view for view in groups if is_of(name, view.name)), None)
        if group is not None and all(one.name != name for one in known):
            raise no_member(group.name, name, [part.name for part in group.parts], where)
    return tuple(one for one in known if one.name in names)


def no_member(group: str, name: str, members: Sequence[str], where: str) -> ConfigError:
    """That a group has no member of such a name, with those that were found."""
    return ConfigError(
        f'"{group}" has no member "{name}"{did_you_mean(name, members)}',
        where=where,
        mend=f"name one of: {', '.join(members[:_LISTED])}" if members else "none is found yet",
    )


def _no_such(name: str, known: Sequence[str], where: str) -> ConfigError:
    return ConfigError(
        f'no [[slo]] is called "{name}"{did_you_mean(name, known)}',
        where=where,
        mend=f"name one of: {', '.join(known)}" if known else "add a [[slo]]",
    )
