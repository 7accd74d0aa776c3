"""Try a channel: show what an alert would be told as, and send it where that is asked."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.rehearsal import rehearsed, shown
from dashboard.shell.telling import harmless


@click.command()
@click.option("--test", "name", required=True, metavar="CHANNEL", help="The channel to try.")
@click.option("--send", is_flag=True, help="Send it too, then its end; else it is only shown.")
@click.pass_obj
def _notify(invocation: Invocation, /, name: str, *, send: bool) -> int:
    """Show the notice that a channel would be told in a test; with --send, tell it.

    The test is a page about a made-up objective, and says that it is none; its end follows at
    once.
    """
    config = wiring.configured(invocation.config_path, with_channels=send)
    for notice in rehearsed(config, name, wiring.now(), is_sent=send):
        click.echo(harmless(shown(notice)).encode())
    said = f"{name} took both" if send else "nothing was sent; --send sends it"
    click.echo(harmless(said).encode())
    return 0


COMMAND = _notify
