"""Show the uptime of each uptime SLO, and by incidents."""

from __future__ import annotations

import click

from dashboard.shell.delivering import Wanted, delivery_of, delivery_options
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import say, say_json
from dashboard.views.machines.uptime import document, lines

LEAVES_AT_ONCE = True


@click.command(short_help="Show the uptime of each uptime SLO, and by incidents.")
@delivery_options
@click.pass_obj
def uptime(invocation: Invocation, /, *, as_json: bool, **options: str | int | None) -> None:
    """Show how much of the time it was up: by the probes of each uptime SLO, and by incidents.

    Planned work is left out, and beside that counted like any other outage.
    """
    made = delivery_of(invocation, Wanted(**options))  # type: ignore[arg-type]  # click checked them
    if as_json:
        say_json(document(made))
    else:
        say(lines(made))


COMMAND = uptime
