"""Begin a config.toml, from what a Prometheus holds or from SLO files of other tools."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.shell import beginning
from dashboard.shell.invocation import Invocation


@click.command(short_help="Begin a config.toml, from a Prometheus or from other tools' files.")
@click.option("--from-prometheus", "url", metavar="URL", help="Propose SLOs from what it holds.")
@click.option(
    "--from",
    "files",
    nargs=2,
    type=(str, click.Path(path_type=Path)),
    multiple=True,
    metavar="FORMAT FILE",
    help="Take over SLOs of sloth, pyrra, openslo or slo-generator; as often as there are files.",
)
@click.option(
    "--token",
    type=beginning.Secret(),
    metavar="env:NAME|file:PATH",
    help="Where its bearer token stands.",
)
@click.option(
    "--ca-file", type=click.Path(dir_okay=False), help="The authority that signed its certificate."
)
@click.option("--write", is_flag=True, help="Write the file; one that exists is never replaced.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file; config.toml when not given."
)
@click.pass_obj
def _init(  # noqa: PLR0913 - click hands over each option
    invocation: Invocation,
    /,
    *,
    url: str | None,
    files: tuple[tuple[str, Path], ...],
    token: dict[str, str] | None,
    ca_file: str | None,
    write: bool,
    out: Path | None,
) -> int:
    """Print a commented config.toml, or write it; with a Prometheus it proposes SLOs.

    Each proposal says how many series it reads, how the last 30 days went, which objective they
    would have met, and what counts as bad. What cannot be known is asked in a comment. From files
    it takes over what they promise, and says what of it cannot be carried over.
    """
    path = invocation.config_path if out is None else out
    source = beginning.source(url, token, ca_file, path.parent)
    if files:
        begun = beginning.taken_over(files, is_asked=source is not None)
    else:
        begun = beginning.begin(source, path.parent)
    if write:
        beginning.write(begun, path)
    else:
        click.echo(begun.text.encode(), nl=False)
    return beginning.tell(begun)


COMMAND = _init
