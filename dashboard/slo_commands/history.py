"""Show how promises changed: what was promised when, and who changed it."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import asked, chosen, columns, reading_options, say, say_json
from dashboard.views.compliance.versions import histories
from dashboard.views.machines.history import document, lines

LEAVES_AT_ONCE = True


@click.command(short_help="Show how promises changed.")
@click.argument("slos", nargs=-1, metavar="[SLO]...")
@reading_options
@click.pass_obj
def history(
    invocation: Invocation, slos: tuple[str, ...], as_of: int | None, *, as_json: bool
) -> None:
    """Show every version of the SLOs named, or of all: from when to when it held, what was new.

    A figure of the past is judged by the version that held then. The first version holds from the
    beginning, a later one from its `effective`, else from when it was first collected with.
    """
    question = asked(slos, as_of)
    config = wiring.configured(invocation.config_path)
    with wiring.reader(config) as reader:
        wanted = chosen(config, question.names)
        found = histories(reader, wanted, config.timezone, question.as_of)
    if as_json:
        say_json(document(found, question.as_of))
    else:
        say(lines(found, columns()))


COMMAND = history
