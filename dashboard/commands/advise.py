"""Show which targets the stored history would have met."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import columns, reading_options, say, say_json
from dashboard.shell.trying import explain_option, slo_of, span_of, span_options
from dashboard.views.backtest import advice
from dashboard.views.backtest.advising import advised
from dashboard.views.explained.advised import advice_steps
from dashboard.views.explained.step import step_lines
from dashboard.views.machines import backtest as machines
from dashboard.views.machines import blocks
from dashboard.views.upkeep.scene import Scene

LEAVES_AT_ONCE = True


@click.command(short_help="Show which targets the history would have met.")
@click.argument("slo", metavar="SLO")
@span_options
@explain_option
@reading_options
@click.pass_obj
def advise(  # noqa: PLR0913 - one for each option
    invocation: Invocation,
    slo: str,
    *,
    last: str | None,
    since: int | None,
    until: int | None,
    as_of: int | None,
    is_explained: bool,
    as_json: bool,
) -> None:
    """Show which targets the history of the SLO would have met, month by month.

    The highest that every month and every window of its length met is one that the history
    supports; a month of which less than half was measured is shown and not counted.
    """
    config = wiring.configured(invocation.config_path)
    moment = wiring.now() if as_of is None else as_of
    span = span_of(last, since, until, moment)
    with wiring.reader(config) as reader:
        meant = slo_of(config, reader, slo)
        scene = Scene(config, reader, moment, is_fixed=as_of is not None)
        made = advised(scene, meant, span)
        steps = advice_steps(scene, meant, made, span) if is_explained else ()
    if as_json:
        say_json(machines.advice_document(meant, made, moment, steps))
    elif is_explained:
        say((advice.headline(meant, made), "", *step_lines(steps)))
    else:
        drawn = blocks.lines([advice.block(meant, made)], columns())
        say((advice.headline(meant, made), "", *drawn))


COMMAND = advise
