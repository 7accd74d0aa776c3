"""Take over SLO files of other tools, as tables of config.toml."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.proposals.carried_over import fragment
from dashboard.shell import exchanging
from dashboard.shell.invocation import Invocation
from slo.formats.contract import Ledger


@click.command(short_help="Take over SLO files of other tools.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as", "name", metavar="FORMAT", help="Of which format they are, if they do not say."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write a new file instead of printing."
)
@click.pass_obj
def _import(
    _invocation: Invocation, /, *, files: tuple[Path, ...], name: str | None, out: Path | None
) -> int:
    """Print the [[service]] and [[slo]] tables that FILE… promise; formats are told by themselves.

    OpenSLO v1, Sloth, Pyrra and slo-generator are read; files that refer to each other are named
    together. Whatever cannot be carried over is said on stderr with its line and path.

    Exit code: 0 everything was carried over, 1 in part, 2 nothing.
    """
    ledger = Ledger()
    held = exchanging.held_in(files, ledger, name=name)
    is_anything = exchanging.is_anything(held)
    if is_anything:
        exchanging.put(fragment(held), out)
    return exchanging.tell(ledger.findings, is_anything=is_anything)


COMMAND = _import
