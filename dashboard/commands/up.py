"""Collect as scheduled and show the objectives in a browser, until Ctrl-C."""

from __future__ import annotations

import http.client
import sys

import click

from dashboard import wiring
from dashboard.server.address import LOOPBACK, check_address
from dashboard.shell.invocation import Invocation
from dashboard.shell.moments import Moment
from dashboard.shell.supervisor import Child, Supervisor
from dashboard.shell.telling import complain
from slo.spans import moment

_ANSWER_S = 1.0


@click.command()
@click.option("--port", type=click.IntRange(1, 65_535), default=8501, show_default=True)
@click.option("--address", default=LOOPBACK, show_default=True, help="This machine's own only.")
@click.option("--as-of", type=Moment(), help="Show the figures of that moment, for ever.")
@click.pass_obj
def _up(invocation: Invocation, port: int, address: str, as_of: int | None) -> int:
    """Collect as scheduled and show the objectives in a browser, until Ctrl-C.

    Runs `collect` and `serve`, and starts again which of them dies. SIGHUP has both read the
    configuration anew.
    """
    return begin(invocation, port=port, address=address, as_of=as_of)


def begin(
    invocation: Invocation,
    *,
    port: int,
    address: str,
    as_of: int | None,
    collects_after_answer: bool = False,
) -> int:
    """Run the collector and the web process until a signal; the exit code.

    Who collects from the pages themselves begins when they answer.

    Raises:
        ConfigError: the configuration cannot be used, the address is not this machine's own,
            or the port is taken.
    """
    wiring.configured(invocation.config_path, with_sources=True, with_channels=True)
    check_address(address, port, "up")
    shown = [] if as_of is None else ["--as-of", moment(as_of).isoformat()]
    web = ["serve", "--quiet", "--port", str(port), *shown]
    supervisor = Supervisor(
        [
            Child("collector", _command(invocation, "collect"), awaits=collects_after_answer),
            Child("web process", _command(invocation, *web)),
        ],
        answers=lambda: _answers(port),
        greet=lambda: click.echo(f"http://{LOOPBACK}:{port}"),
        tell=lambda what: complain(f"burnline: {what}"),
    )
    return supervisor.run()


def _command(invocation: Invocation, *words: str) -> list[str]:
    debug = ["--debug"] if invocation.debug else []
    config = ["--config", str(invocation.config_path)]
    return [sys.executable, "-P", "-m", "dashboard.child", *config, *debug, *words]


def _answers(port: int) -> bool:
    """Whether the web process answers already."""
    asking = http.client.HTTPConnection(LOOPBACK, port, timeout=_ANSWER_S)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


COMMAND = _up
