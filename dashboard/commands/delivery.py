"""Show how often, how fast and how safely was delivered."""

from __future__ import annotations

import click

from dashboard.shell.delivering import Wanted, delivery_of, delivery_options
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import say, say_json
from dashboard.views.machines.delivery import document, lines

LEAVES_AT_ONCE = True


@click.command(short_help="Show how often, how fast and how safely was delivered.")
@delivery_options
@click.pass_obj
def delivery(invocation: Invocation, /, *, as_json: bool, **options: str | int | None) -> None:
    """Show deployment frequency, lead time, change fail rate, recovery, rework, pipeline and releases.

    Each figure comes with its 95 % range, what it stands on, the span before and what both say.
    """
    made = delivery_of(invocation, Wanted(**options))  # type: ignore[arg-type]  # click checked them
    if as_json:
        say_json(document(made))
    else:
        say(lines(made.page))


COMMAND = delivery
