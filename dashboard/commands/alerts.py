"""Show which alerts are live, who was told of them, and what silences them."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import columns, say, say_json
from dashboard.shell.quieting import refuse_unknown_subjects
from dashboard.shell.reach import Reach
from dashboard.views.alerts.blocks import ledger, whole
from dashboard.views.machines.alerts import document
from dashboard.views.machines.blocks import lines
from slo.lengths import DAY_S

LEAVES_AT_ONCE = True
_SINCE_S = DAY_S


@click.command()
@click.argument("subjects", nargs=-1, metavar="[SLO]...")
@click.option(
    "--since", type=Reach(), help='How far back: "7d", or a moment; a day when not given.'
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.pass_obj
def _alerts(
    invocation: Invocation, /, subjects: tuple[str, ...], since: int | None, *, as_json: bool
) -> None:
    """Show the alerts of the SLOs or sources named, or all: how each stands, and what was told."""
    now = wiring.now()
    config = wiring.configured(invocation.config_path)
    refuse_unknown_subjects(config, subjects)
    with wiring.reader(config) as reader:
        reach = now - _SINCE_S if since is None else since
        made = ledger(reader.alerts, now, since=reach, slos=config.slos, subjects=subjects)
    if as_json:
        say_json(document(made))
    else:
        say(lines(whole(made), columns()))


COMMAND = _alerts
