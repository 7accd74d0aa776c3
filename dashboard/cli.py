"""The shell: finds commands by their files, and ends every error in a sentence and a code.

Exit codes: 0 done, 1 done in part, 2 not done; `check` has those of monitoring plugins.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from collectors.defects import RAISE_LIMIT, TOO_MANY_FILES, has_too_many_files, unexpected
from dashboard import commands
from dashboard.shell.groups import Folder
from dashboard.shell.invocation import Invocation
from dashboard.shell.outlets import refuse_loss, standard_outlets
from dashboard.shell.telling import complain
from slo.errors import BurnlineError

_NOT_DONE = 2
_INTERRUPTED = 130


class Commands(Folder):
    """The commands in the folder `commands`."""

    folder = commands
    cannot_run = _NOT_DONE
    leaves_at_once = False

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; options of all commands work behind it too."""
        if cmd_name not in self.files():
            return None
        module = self.imported(cmd_name)
        self.cannot_run = getattr(module, "CANNOT_RUN", _NOT_DONE)
        self.leaves_at_once = getattr(module, "LEAVES_AT_ONCE", False)
        command: click.Command = module.COMMAND
        own = {parameter.name for parameter in command.params}
        command.params += [option for option in _shared() if option.name not in own]
        return command


def main() -> NoReturn:
    """Run the command line; every way to fail ends in a sentence on stderr and a code."""
    # No command does linear algebra, and starting its threads takes a tenth of `check`.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Plugins would see whatever the configuration holds, and the search for them asks every
    # installed package: nobody gets either who does not ask for it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    invocation = Invocation()
    shell = _shell()
    out = standard_outlets()
    try:
        done = shell.main(prog_name="burnline", obj=invocation, standalone_mode=False)
        refuse_loss(out)
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(shell.cannot_run)
    except BurnlineError as error:
        _tell(str(error), debug=invocation.debug)
        sys.exit(shell.cannot_run)
    except Exception as error:  # noqa: BLE001 - a defect must not look like a verdict of `check`
        _tell(_unforeseen(error), debug=invocation.debug)
        sys.exit(shell.cannot_run)
    code = done if isinstance(done, int) else 0
    if shell.leaves_at_once:
        _leave(code)
    sys.exit(code)


def _unforeseen(error: Exception) -> str:
    if has_too_many_files(error):
        return f"{TOO_MANY_FILES}\n  fix: {RAISE_LIMIT}"
    return f"a defect: {unexpected(error)}\n  fix: report it with what --debug shows"


def _leave(code: int) -> NoReturn:
    """End the process as it stands: to take it apart would cost a fifth of a short command."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _shell() -> Commands:
    return Commands(
        name="burnline",
        help="Error budgets and burn rates from your own metrics and files.",
        params=[*_shared(), _version()],
        epilog="Exit codes: 0 done, 1 done in part, 2 not done. `check`: 0 OK, 1 WARNING,"
        " 2 CRITICAL, 3 UNKNOWN; with --gate 0 open, 2 blocked, 3 unknown.",
    )


def _shared() -> list[click.Parameter]:
    return [
        click.Option(
            ["--config"],
            type=click.Path(path_type=Path),
            expose_value=False,
            callback=_set_config,
            help="The configuration; ./config.toml when not given.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_set_debug,
            help="Show where an error came from.",
        ),
    ]


def _version() -> click.Parameter:
    return click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_version,
        help="Show the version.",
    )


def _show_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        from importlib import metadata  # noqa: PLC0415 - no other option pays for it

        click.echo(f"burnline {metadata.version('burnline')}")
        ctx.exit()


def _set_config(ctx: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        _invocation(ctx).config_path = value


def _set_debug(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        _invocation(ctx).debug = True


def _invocation(ctx: click.Context) -> Invocation:
    found = ctx.find_object(Invocation)
    assert found is not None, "main hands the invocation to click"
    return found


def _tell(said: str, *, debug: bool) -> None:
    """The sentence on stderr, with the way the error came only for who asks."""
    if debug:
        complain(traceback.format_exc())
    complain(f"burnline: {said}")
