"""Check what a document claims: its arithmetic, its contradictions, its support in the data."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.shell.claiming import checked_document, written
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import reading_options, say, say_json

LEAVES_AT_ONCE = True
_NOT_FINE = 1


@click.command(short_help="Check what a document claims.")
@click.argument("document", metavar="FILE.md", type=click.Path(path_type=Path))
@click.option("--migration", metavar="NAME", help="The migration whose report it is held against.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the marked-up table there as Markdown, or JSON with --json.",
)
@reading_options
@click.pass_obj
def claims(
    invocation: Invocation,
    document: Path,
    migration: str | None,
    out: Path | None,
    as_of: int | None,
    *,
    as_json: bool,
) -> int:
    """Hold the tables and the prose of FILE.md against themselves and against a migration report.

    Each row of a table with a before and an after: does the claimed change follow from its two
    values, do both lie in our ranges, was the change judged to be one, how is it better told.
    Then the figures of the document that contradict each other. Without a configuration, a store
    or a migration the arithmetic is checked alone, and that is said.

    Exit code: 0 every claim is right, or nothing here speaks against it; 1 one is wrong,
    ambiguous, contradicted or not borne out by the data; 2 it could not run.
    """
    from dashboard.views.claims import marked  # noqa: PLC0415 - --help need not wait for it
    from dashboard.views.machines import claims as machines  # noqa: PLC0415

    check = checked_document(invocation, document, migration=migration, as_of=as_of)
    if out is not None:
        written(out, machines.document(check) if as_json else marked.lines(check))
        say([f"{check.name}: {marked.summary(check)}; written to {out}"])
    elif as_json:
        say_json(machines.document(check))
    else:
        say(machines.lines(check))
    return 0 if check.is_fine else _NOT_FINE


COMMAND = claims
