"""Bring every source up to now, and its history in, newest first."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell import collecting
from dashboard.shell.invocation import Invocation
from dashboard.shell.reach import Reach


@click.command()
@click.option("--once", is_flag=True, help="Ask every source once, then end.")
@click.option("--source", "names", multiple=True, metavar="NAME", help="Only this source.")
@click.option("--since", type=Reach(), help='How far back: "90d", or a moment.')
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
@click.pass_obj
def _collect(
    invocation: Invocation,
    /,
    *,
    once: bool,
    names: tuple[str, ...],
    since: int | None,
    as_json: bool,
) -> int:
    """Bring every source up to now, and its history in, newest first.

    What fails is named on stderr and recorded; the other sources go on.
    """
    if not once:
        raise click.UsageError(
            "this version collects only when it is asked to; write `burnline collect --once`,"
            " from cron or a systemd timer for a schedule"
        )
    config = wiring.configured(
        invocation.config_path, with_sources=lambda name, _kind: not names or name in names
    )
    lanes = [wiring.lane(source) for source in collecting.chosen(config, names)]
    outcome = collecting.collected(config, lanes, since=since, thins=True)
    return collecting.tell(outcome, as_json=as_json)


COMMAND = _collect
