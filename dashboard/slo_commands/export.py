"""Write what is promised as OpenSLO v1, or as Prometheus recording and alerting rules."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard import wiring
from dashboard.shell import exchanging
from dashboard.shell.invocation import Invocation
from slo.errors import InputError
from slo.formats import registry
from slo.formats.contract import Ledger


@click.command(short_help="Write OpenSLO, or Prometheus rules.")
@click.argument("names", metavar="[SLO]…", nargs=-1)
@click.option("--format", "name", required=True, metavar="openslo|prometheus", help="As what.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write a new file instead of printing."
)
@click.pass_obj
def _export(
    invocation: Invocation, /, *, names: tuple[str, ...], name: str, out: Path | None
) -> int:
    """Print the SLOs of the configuration, or those named, in another tool's words.

    The Prometheus rules weigh events: the sum of increases of bad ones over that of all, with
    exact decimals. Whatever a format has no words for is said on stderr.

    Exit code: 0 everything was written, 1 in part, 2 nothing.
    """
    ledger, chosen = Ledger(), registry.load(name)
    if chosen.write is None:
        raise InputError(
            f"{chosen.title} can be read, not written",
            where="the command line",
            mend="--format openslo, or --format prometheus",
        )
    held = exchanging.definitions_of(wiring.configured(invocation.config_path), names)
    text = chosen.write(held, ledger)
    refused = sum(one.weight.value == "refused" for one in ledger.findings)
    is_anything = refused < len(held.slos)
    if is_anything:
        exchanging.put(text, out)
    return exchanging.tell(ledger.findings, is_anything=is_anything)


COMMAND = _export
