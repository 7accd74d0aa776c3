"""Put a backup in the store's place, or only try whether one could be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from collectors.store import backup as copies
from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.views.words import size_words


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Try it in a folder of its own; change nothing.")
@click.pass_obj
def _restore(invocation: Invocation, file: Path, *, verify: bool) -> None:
    """Put the backup FILE in the store's place; the store that was there is kept beside it.

    What the backup lacks is collected again, as far back as the sources still have it.
    """
    config = wiring.configured(invocation.config_path)
    now = wiring.now()
    made = copies.rehearse(file, now=now)
    held = f"{made.rows:,} facts, {size_words(made.size_bytes)}, schema {made.schema_version}"
    if verify:
        click.echo(f"{file}: {held}, whole; a store was made of it and opened")
        return
    aside = copies.restore(
        config.store_url, file, stamp=f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}"
    )
    detail = {"digest": made.digest, "rows": made.rows}
    with wiring.writer(config) as store:
        store.audit(actor="unverified", action="restore", subject=str(file), detail=detail, now=now)
    kept = f"; the store that was there is {aside}" if aside else ""
    click.echo(f"{copies.file_of(config.store_url)}: {held}, from {file}{kept}")


COMMAND = _restore
