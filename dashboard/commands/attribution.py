"""Say which deploys and incidents spent the budget of an objective."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import asked, columns, evaluated, reading_options, say, say_json
from dashboard.views.attribution.making import spending
from dashboard.views.attribution.words import block
from dashboard.views.machines.attribution import document
from dashboard.views.machines.blocks import lines

LEAVES_AT_ONCE = True


@click.command(short_help="Say which deploys and incidents spent the budget.")
@click.argument("slo", metavar="SLO")
@reading_options
@click.pass_obj
def attribution(invocation: Invocation, slo: str, as_of: int | None, *, as_json: bool) -> None:
    """Divide what the SLO has spent among deploys and incidents of its service, and nobody.

    A part is what was bad above the usual before each began; the parts sum to all that was spent.
    """
    question = asked([slo], as_of)
    config = wiring.configured(invocation.config_path)
    with wiring.reader(config) as reader:
        (view,) = evaluated(config, reader, question)
        made = spending(reader, config.delivery, view)
    if as_json:
        say_json(document(view, made))
    elif made is None:
        say([f"{view.name}: {view.judgement.state.words}, so there is nothing to divide"])
    else:
        say([f"{view.name}: {view.promise}", "", *lines([block(made)], columns())])


COMMAND = attribution
