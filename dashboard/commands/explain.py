"""Print the arithmetic of one objective, to be redone by hand."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import asked, evaluated, reading_options, say, say_json
from dashboard.views.explained.stored import stored_steps
from dashboard.views.machines.explain import document, lines
from dashboard.views.upkeep.scene import Scene

LEAVES_AT_ONCE = True


@click.command(short_help="Print the arithmetic of one objective.")
@click.argument("slo", metavar="SLO")
@reading_options
@click.pass_obj
def explain(invocation: Invocation, slo: str, as_of: int | None, *, as_json: bool) -> None:
    """Print how the figures of the SLO came about: every formula with its numbers filled in.

    The last lines are the queries that give the same counts: of the source, and of the store.
    """
    question = asked([slo], as_of)
    config = wiring.configured(invocation.config_path)
    with wiring.reader(config) as reader:
        (view,) = evaluated(config, reader, question, edges=True)
        stored = stored_steps(Scene(config, reader, question.as_of, as_of is not None), view)
    if as_json:
        say_json(document(view, stored))
    else:
        say(lines(view, stored))


COMMAND = explain
