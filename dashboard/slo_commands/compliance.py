"""Show which months or quarters kept their promise, by the target then in force."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import asked, chosen, columns, reading_options, say, say_json
from dashboard.views.compliance.making import records
from dashboard.views.machines.compliance import document, lines
from slo.periods import ReportPeriod

LEAVES_AT_ONCE = True


@click.command(short_help="Show which months or quarters kept their promise.")
@click.argument("slos", nargs=-1, metavar="[SLO]...")
@click.option(
    "--by",
    type=click.Choice([ReportPeriod.MONTH.value, ReportPeriod.QUARTER.value]),
    default=ReportPeriod.MONTH.value,
    show_default=True,
    help="How long a period is.",
)
@reading_options
@click.pass_obj
def compliance(
    invocation: Invocation, slos: tuple[str, ...], by: str, as_of: int | None, *, as_json: bool
) -> None:
    """Show for the SLOs named, or all, which calendar months or quarters kept their promise.

    Each is judged by the target that was in force then; one in which the target changed may have
    as many bad events as each of its parts allows, added up. Days are those of the SLO's own
    calendar window, else of the configuration's time zone.
    """
    question = asked(slos, as_of)
    config = wiring.configured(invocation.config_path)
    wanted, period = chosen(config, question.names), ReportPeriod(by)
    with wiring.reader(config) as reader:
        found = records(reader, wanted, period, config.timezone, question.as_of)
    if as_json:
        say_json(document(found, period, question.as_of))
    else:
        say(lines(found, period, columns()))


COMMAND = compliance
