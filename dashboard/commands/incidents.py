"""Show incidents and outages, and how long they took."""

from __future__ import annotations

import click

from dashboard.shell.delivering import Wanted, delivery_of, delivery_options
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import say, say_json
from dashboard.views.machines.delivery import incident_document, incident_lines

LEAVES_AT_ONCE = True


@click.command(short_help="Show incidents and outages, and how long they took.")
@delivery_options
@click.pass_obj
def incidents(invocation: Invocation, /, *, as_json: bool, **options: str | int | None) -> None:
    """Show how many incidents there were, how long until restored, detected and acknowledged.

    Below stand the latest of them, with the outages that probes saw.
    """
    made = delivery_of(invocation, Wanted(**options))  # type: ignore[arg-type]  # click checked them
    if as_json:
        say_json(incident_document(made))
    else:
        say(incident_lines(made.page))


COMMAND = incidents
