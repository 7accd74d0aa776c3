"""A generated history to try things on, where config.toml expects it."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard import example, wiring


@click.command(help="Write the generated history that the shipped config.toml reads.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("generated"),
    show_default=True,
    help="The folder to write into.",
)
@click.option("--days", type=click.IntRange(1, 400), default=example.DAYS, show_default=True)
def _example(out: Path, days: int) -> None:
    """Nothing that is written was ever measured; what was there under the same names is replaced."""
    for path in example.write(out, wiring.now(), days=days):
        click.echo(path)


COMMAND = _example
