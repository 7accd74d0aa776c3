"""Show the case study: a generated history, and this burnline itself measured live.

The history is made once and goes on while the demo runs; a later start goes on with the same one.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from dashboard import wiring
from dashboard.commands import up
from dashboard.demo import beforehand
from dashboard.demo.folder import Folder
from dashboard.demo.present import passing
from dashboard.demo.story import DAYS
from dashboard.server.address import LOOPBACK, check_address
from dashboard.shell.invocation import Invocation
from dashboard.shell.telling import complain

_SEED = 1


@click.command(short_help="Show the case study: a generated history, and this burnline live.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("burnline-demo"),
    show_default=True,
    help="Its configuration, facts and store.",
)
@click.option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=_SEED, show_default=True)
@click.option(
    "--days", type=click.IntRange(1, 400), default=DAYS, show_default=True, help="By the minute."
)
@click.option("--write-only", is_flag=True, help="Write the folder, start nothing.")
@click.pass_obj
def _demo(
    invocation: Invocation, /, *, folder: Path, port: int, seed: int, days: int, write_only: bool
) -> int:
    """Show the case study: a generated history, and this burnline itself measured live.

    Needs no configuration. `--seed` and `--days` matter at the first start in a folder.
    """
    if not write_only:
        check_address(LOOPBACK, port, f"demo --dir {shlex.quote(str(folder))}")
    demo = Folder(folder)
    story = demo.begin(wiring.now(), seed=seed, days=days, port=port)
    invocation.config_path = demo.config_path
    config = wiring.configured(demo.config_path)
    with wiring.writer(config) as store:
        beforehand.say(config, store, story, demo.corrections_path)
    if write_only:
        click.echo(demo.config_path)
        return 0
    complain(
        f"burnline: every figure of this demo but its own uptime is generated, in {folder};"
        " your own: burnline init --from-prometheus URL --write"
    )
    with passing(demo, story, clock=wiring.now, tell=complain):
        # Asked before they answer, the pages would count as down from their first second on.
        return up.begin(
            invocation, port=port, address=LOOPBACK, as_of=None, collects_after_answer=True
        )


COMMAND = _demo
