"""Copy the store to a file, while it is written, and check that the copy is whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from collectors.store import backup as copies
from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.views.words import size_words


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def _backup(invocation: Invocation, file: Path | None) -> None:
    """Copy the store to FILE, by default one named after this moment in `backups` beside it.

    Collecting and the pages go on meanwhile. Nothing is overwritten.
    """
    config = wiring.configured(invocation.config_path)
    now = wiring.now()
    made = copies.back_up(config.store_url, file or _place(copies.file_of(config.store_url), now))
    detail = {"digest": made.digest, "rows": made.rows, "size_bytes": made.size_bytes}
    with wiring.writer(config) as store:
        store.audit(
            actor="unverified", action="backup", subject=str(made.path), detail=detail, now=now
        )
    click.echo(f"{made.path}: {made.rows:,} facts, {size_words(made.size_bytes)}, checked whole")


def _place(store: Path, now: int) -> Path:
    folder = store.parent / "backups"
    folder.mkdir(exist_ok=True)
    moment = datetime.fromtimestamp(now, UTC)
    return folder / f"{store.stem}-{moment:%Y%m%dT%H%M%SZ}{store.suffix}"


COMMAND = _backup
