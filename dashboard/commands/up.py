"""Collect once, then show the objectives in a browser."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.commands.serve import begin
from dashboard.shell import collecting
from dashboard.shell.invocation import Invocation
from dashboard.shell.moments import Moment


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="This machine's own only.")
@click.option("--as-of", type=Moment(), help="Show the figures of that moment, for ever.")
@click.pass_obj
def _up(invocation: Invocation, port: int, address: str, as_of: int | None) -> None:
    """Collect once, then show the objectives in a browser until Ctrl-C.

    A source that fails is named and does not keep the page from opening.
    """
    config = wiring.configured(invocation.config_path, with_sources=True)
    lanes = [wiring.lane(source) for source in collecting.chosen(config, ())]
    collecting.tell(collecting.collected(config, lanes, thins=True))
    begin(invocation, port=port, address=address, as_of=as_of)


COMMAND = _up
