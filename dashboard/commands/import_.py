"""Bring facts in from files, each as often and in any order as you like."""

from __future__ import annotations

from typing import Any

import click

from collectors.described import described
from collectors.files.table import FileTable
from collectors.run import Silent
from dashboard import wiring
from dashboard.shell import collecting, importing
from dashboard.shell.invocation import Invocation
from dashboard.shell.progress import Bar
from dashboard.shell.telling import complain

_HOLDS = ("probes", "requests", "events", "incidents", "gauges")
_MEANINGS = described(FileTable)
_FILES_SHOWN = "FILE..."


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar=_FILES_SHOWN)
@click.option("--as", "holds", type=click.Choice(_HOLDS), help="What the files hold.")
@click.option("--source", metavar="NAME", help="The source that the facts belong to.")
@click.option("--json", "as_json", is_flag=True, help="Print the runs as JSON.")
@click.pass_obj
def _import(
    invocation: Invocation,
    /,
    *,
    files: tuple[str, ...],
    holds: str | None,
    source: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Bring facts in from FILE..., each as often and in any order as you like.

    CSV, JSON, NDJSON and OpenMetrics, plain or gzip. A file that config.toml names is read as it
    says there; the options change that, or say it for other files.
    """
    config = wiring.configured(
        invocation.config_path, with_sources=lambda _name, kind: kind == importing.KIND
    )
    collecting.refuse_unknown(config, (source,) if source else ())
    given = {key: importing.value_of(key, text) for key, text in options.items() if text}
    given |= {"holds": holds} if holds else {}
    with Bar("import") as bar:
        lanes, notes = importing.lanes(config, files, given, source, bar)
        outcome = collecting.collected(config, lanes, progress=Silent())
    for note in notes:
        complain(note)
    return collecting.tell(outcome, as_json=as_json)


def _option(key: str) -> click.Option:
    """The option of one key of `[[source.file]]`, described as it is there."""
    field = importing.KEYS[key]
    words = importing.choices(field)
    return click.Option(
        [f"--{key.replace('_', '-')}", key],
        multiple=importing.is_many(field),
        type=click.Choice(words) if words else str,
        help=" ".join(_MEANINGS[key].split()),
    )


_import.params += [_option(key) for key in importing.KEYS]
COMMAND = _import
