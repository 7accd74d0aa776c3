"""Show which pages an alert policy would have sent over the stored history."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import columns, reading_options, say, say_json
from dashboard.shell.trying import (
    candidates_of,
    explain_option,
    meant_slo,
    span_of,
    span_options,
)
from dashboard.views.backtest import incidents, making, told
from dashboard.views.explained.backtested import backtest_steps
from dashboard.views.explained.step import step_lines
from dashboard.views.machines import backtest as machines
from dashboard.views.machines import blocks
from dashboard.views.upkeep.scene import Scene

LEAVES_AT_ONCE = True


@click.command(short_help="Show which pages a policy would have sent.")
@click.argument("slo", metavar="[SLO]", required=False)
@click.option(
    "--incidents-of",
    "service",
    metavar="SERVICE",
    help="Instead of an SLO: a service that is taken as down while its incidents lasted.",
)
@click.option("--objective", metavar="PERCENT", help="Its target, with --incidents-of; 99.9.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    metavar="NAME|ROWS",
    help="own (when none is given), default, workbook, pyrra, slo-generator, or rows such as"
    ' "page 2% 1h/5m, ticket 10% 3d/6h". Twice: side by side.',
)
@span_options
@explain_option
@reading_options
@click.pass_obj
def backtest(  # noqa: PLR0913 - one for each option
    invocation: Invocation,
    slo: str | None,
    policies: tuple[str, ...],
    *,
    service: str | None,
    objective: str | None,
    last: str | None,
    since: int | None,
    until: int | None,
    as_of: int | None,
    is_explained: bool,
    as_json: bool,
) -> None:
    """Replay alert policies over the stored history of the SLO, minute by minute.

    Every page is held against the incidents of the service: which it found, how long after they
    began, and which it missed. Of a group the members are replayed beside their sum, and SLO/MEMBER
    replays one by itself; a composite is replayed as its alerts are judged. For a service that
    nothing measures, --incidents-of stands in.
    """
    config = wiring.configured(invocation.config_path)
    moment = wiring.now() if as_of is None else as_of
    span = span_of(last, since, until, moment)
    with wiring.reader(config) as reader:
        meant = meant_slo(config, reader, slo, service, objective)
        candidates = candidates_of(meant, policies)
        scene = Scene(config, reader, moment, is_fixed=as_of is not None)
        make = making.tried if service is None else incidents.tried_on_incidents
        made = make(scene, meant, candidates, span)
        steps = backtest_steps(scene, made) if is_explained else ()
    if as_json:
        say_json(machines.document(made, steps))
    elif is_explained:
        say((told.headline(made), told.scope(made), "", *step_lines(steps)))
    else:
        drawn = blocks.lines(told.blocks(made), columns())
        say((told.headline(made), told.scope(made), "", *drawn))


COMMAND = backtest
