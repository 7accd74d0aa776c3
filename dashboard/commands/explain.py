"""Print the arithmetic of one objective, to be redone by hand."""

from __future__ import annotations

import click

from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import answered, asked, reading_options, say, say_json
from dashboard.views.machines.explain import document, lines

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
    (view,) = answered(invocation, question, edges=True)
    if as_json:
        say_json(document(view))
    else:
        say(lines(view))


COMMAND = explain
