"""Show the objectives in a browser, on this machine.

The pages read the store and never write it. They follow the clock unless a moment is given.
"""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.configured import Configured
from dashboard.server.address import LOOPBACK, check_address
from dashboard.shell.invocation import Invocation
from dashboard.shell.moments import Moment
from dashboard.shell.reloading import reload_when_told

_PORT = 8501


@click.command(short_help="Show the objectives in a browser.")
@click.option("--port", type=click.IntRange(1, 65_535), default=_PORT, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True, help="This machine's own only.")
@click.option("--as-of", type=Moment(), help="Show the figures of that moment, for ever.")
@click.option("--quiet", is_flag=True, help="Do not say where.")
@click.pass_obj
def _serve(
    invocation: Invocation, port: int, address: str, as_of: int | None, *, quiet: bool
) -> None:
    """Show the objectives in a browser, on this machine, until Ctrl-C.

    SIGHUP has the configuration read anew.
    """
    from dashboard.server import serve as web  # noqa: PLC0415 - only who serves pays for Streamlit
    from dashboard.serving import Serving  # noqa: PLC0415

    check_address(address, port, "serve")
    path = invocation.config_path.resolve()
    configured = Configured(lambda: wiring.configured(path))
    reload_when_told(configured)
    if not quiet:
        click.echo(f"burnline serves http://{LOOPBACK}:{port} until Ctrl-C", err=True)
    subject = Serving(
        load=configured.latest,
        trouble=lambda: configured.problem,
        clock=wiring.now,
        as_of=as_of,
        collect_command=_collecting(invocation),
    )
    web.run(subject, port=port, hosts=configured.current.hosts)


def _collecting(invocation: Invocation) -> str:
    named = str(invocation.config_path)
    option = "" if named == "config.toml" else f" --config {named}"
    return f"burnline{option} collect --once"


COMMAND = _serve
