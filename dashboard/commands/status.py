"""Show a table of all objectives, those that need a person first."""

from __future__ import annotations

import click

from dashboard.invocation import Invocation
from dashboard.judging import asked, reading_options, say, say_json, with_sources
from dashboard.views.status import document, lines

LEAVES_AT_ONCE = True


@click.command(short_help="Show a table of all objectives.")
@click.argument("slos", nargs=-1, metavar="[SLO]...")
@reading_options
@click.pass_obj
def status(
    invocation: Invocation, slos: tuple[str, ...], as_of: int | None, *, as_json: bool
) -> None:
    """Show the SLOs named, or all, in a table: those that need a person first.

    Below stands how each source is: when it was last collected, or up to when its data reach.
    """
    question = asked(slos, as_of)
    views, sources = with_sources(invocation, question, live=as_of is None)
    if as_json:
        say_json(document(views, sources, question.as_of))
    else:
        say(lines(views, sources, question.as_of))


COMMAND = status
