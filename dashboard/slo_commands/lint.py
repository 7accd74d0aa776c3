"""Say which alert rows can never fire, and which fire on next to nothing."""

from __future__ import annotations

from collections.abc import Sequence

import click

from dashboard import wiring
from dashboard.config import Config
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import asked, chosen, columns, reading_options, say, say_json
from dashboard.shell.telling import complain
from dashboard.views.linting.making import Linted, linted
from dashboard.views.linting.words import document, lines
from slo.errors import StoreError
from slo.objective import Slo

LEAVES_AT_ONCE = True
_BROKEN = 1


@click.command(short_help="Say which alert rows can never fire.")
@click.argument("slos", nargs=-1, metavar="[SLO]...")
@reading_options
@click.pass_obj
def lint(invocation: Invocation, slos: tuple[str, ...], as_of: int | None, *, as_json: bool) -> int:
    """Say what each alert row of the SLOs named, or all, needs before it fires.

    That is the share of bad events, and how many they are at the traffic measured; which rows can
    never fire, and which do on a single event. Ends with 1 where a row can never fire. Without a
    store the definitions alone are looked at.
    """
    question = asked(slos, as_of)
    config = wiring.configured(invocation.config_path)
    found = _linted(config, chosen(config, question.names), question.as_of)
    if as_json:
        say_json(document(found, question.as_of))
    else:
        say(lines(found, columns()))
    return _BROKEN if any(one.is_broken for one in found) else 0


def _linted(config: Config, slos: Sequence[Slo], as_of: int) -> tuple[Linted, ...]:
    sources = {source.name: source for source in config.sources}
    try:
        with wiring.reader(config) as reader:
            return linted(slos, reader, as_of, sources)
    except StoreError as error:
        complain(f"traffic is not known: {error.what}")
        return linted(slos, None, as_of, sources)


COMMAND = lint
