"""Say that you have seen what fires and look after it, so that nobody is told of it again and again."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell import quieting
from dashboard.shell.annotation import UNVERIFIED
from dashboard.shell.invocation import Invocation
from dashboard.shell.telling import harmless

LEAVES_AT_ONCE = True


@click.command()
@click.argument("subject", metavar="SLO")
@click.option("--by", required=True, metavar="NAME", help="Who looks after it.")
@click.pass_obj
def _acknowledge(invocation: Invocation, /, subject: str, by: str) -> None:
    """Note that somebody looks after the alerts of SLO, or of a source that is late.

    It is not told again at the interval `repeat`; that it recovers, fires again or is over is.
    """
    deed = quieting.acknowledged({"subject": subject, "by": by}, actor=UNVERIFIED)
    with wiring.writer(wiring.configured(invocation.config_path)) as store:
        quieting.refuse_calm(subject, store.reader.alerts.live())
        store.apply(deed, now=wiring.now())
    click.echo(harmless(f"{by} looks after {subject}").encode())


COMMAND = _acknowledge
