"""Say that a stretch of time does not count as it was measured, or take that back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dashboard import wiring
from dashboard.shell.correcting import command
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import say, say_json

LEAVES_AT_ONCE = True


@click.command(short_help="Say that a stretch of time does not count as measured.")
@click.argument("slo", nargs=-1)
@click.option("--service", metavar="NAME", multiple=True, help="All SLOs of this service.")
@click.option("--all", "everything", is_flag=True, help="Every SLO.")
@click.option(
    "--kind",
    metavar="KIND",
    help="maintenance, false-positive or data-error.",
)
@click.option("--since", metavar="MOMENT", help="When it begins.")
@click.option("--until", metavar="MOMENT", help="When it ends.")
@click.option("--for", "length", metavar="LENGTH", help='How long it lasts: "2h".')
@click.option("--rrule", metavar="RULE", help='How it comes round: "FREQ=WEEKLY;BYDAY=SU".')
@click.option("--start", metavar="WALLTIME", help='The first time of a rule: "2026-03-01T02:00".')
@click.option("--zone", metavar="ZONE", help='The zone of a rule: "Europe/Berlin".')
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--by", metavar="NAME", help="Who says so.")
@click.option("--key", metavar="KEY", help="Its name, made of what it covers when not given.")
@click.option("--file", type=click.Path(path_type=Path), help="Take all [[correction]] of a file.")
@click.option("--planned", is_flag=True, help="Take all incidents that are marked as planned.")
@click.option("--list", "is_list", is_flag=True, help="Show all corrections.")
@click.option("--revoke", metavar="KEY", help="Take back the correction of this key.")
@click.option("--json", "as_json", is_flag=True, help="With --list: print JSON for machines.")
@click.pass_obj
def _correct(invocation: Invocation, /, *, is_list: bool, as_json: bool, **written: Any) -> None:
    """Say that a stretch of time does not count for SLO, a service, or all, and why.

    Nothing is deleted: every figure is shown as it was measured, too. Time comes out of the
    counts of events and seconds, and is called good where slices of time are judged. The same
    said twice is one correction; said otherwise under its key it is changed. --revoke makes
    figures as if it had never been said.
    """
    if as_json and not is_list:
        raise click.UsageError("--json goes with --list")
    if is_list and any(written.values()):
        raise click.UsageError("--list shows every correction: name nothing beside it")
    config = wiring.configured(invocation.config_path)
    if is_list:
        with wiring.reader(config) as reader:
            stored = reader.corrections()
        if as_json:
            say_json(command.listed(stored))
        else:
            say(command.list_lines(stored))
        return
    with wiring.writer(config) as store:
        say(command.run(config, store, written, now=wiring.now()))


COMMAND = _correct
