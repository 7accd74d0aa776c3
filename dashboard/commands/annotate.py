"""Write a remark beside the figures: what happened, when, to which service."""

from __future__ import annotations

import uuid
from typing import Any

import click

from dashboard import wiring
from dashboard.shell import annotation
from dashboard.shell.invocation import Invocation
from dashboard.shell.telling import harmless

LEAVES_AT_ONCE = True


@click.command()
@click.argument("text")
@click.option("--service", default="", help="The service it is about; all when not given.")
@click.option("--at", metavar="MOMENT", help="When it was, or began; now when not given.")
@click.option("--until", metavar="MOMENT", help="When it ended.")
@click.option("--by", default="", metavar="NAME", help="Who says so.")
@click.option(
    "--breaks",
    metavar="METRIC",
    multiple=True,
    help="A metric of a migration, by id, that was measured otherwise from then on; or all.",
)
@click.pass_obj
def _annotate(invocation: Invocation, /, text: str, service: str, **written: Any) -> None:
    """Write TEXT beside the figures, at once and for everyone; the audit log notes it."""
    breaks = list(written.pop("breaks"))
    written |= {"text": text, "service": service, "breaks": breaks}
    now = wiring.now()
    effect = annotation.effect(
        {key: value for key, value in written.items() if value},
        delivery_id=str(uuid.uuid4()),
        actor=annotation.UNVERIFIED,
        received_at=now,
    )
    config = wiring.configured(invocation.config_path)
    annotation.refuse_unknown(config, service, breaks)
    with wiring.writer(config) as store:
        store.apply(effect, now=now)
    click.echo(harmless(f"noted for {effect.subject}: {text}").encode())


COMMAND = _annotate
