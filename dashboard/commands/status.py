"""Show a table of all objectives, those that need a person first."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import Question, asked, evaluated, reading_options, say, say_json
from dashboard.views.machines.status import document, lines
from dashboard.views.slos.slo_view import SloView
from dashboard.views.upkeep.board import SourceLine
from dashboard.views.upkeep.scene import Scene
from dashboard.views.upkeep.source_lines import source_lines

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
    views, sources = _with_sources(invocation, question, live=as_of is None)
    if as_json:
        say_json(document(views, sources, question.as_of))
    else:
        say(lines(views, sources, question.as_of))


def _with_sources(
    invocation: Invocation, question: Question, *, live: bool
) -> tuple[tuple[SloView, ...], tuple[SourceLine, ...]]:
    """The views, and how each source stands: by its last run where `live`, else by its data.

    Raises:
        ConfigError: the configuration cannot be used, or holds no SLO of such a name.
        StoreError: the store cannot be read.
    """
    config = wiring.configured(invocation.config_path)
    with wiring.reader(config) as reader:
        views = evaluated(config, reader, question)
        scene = Scene(config, reader, question.as_of, is_fixed=not live)
        return views, source_lines(scene)


COMMAND = status
