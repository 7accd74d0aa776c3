"""Commands that are found by their files: the name of a file is that of its command."""

from __future__ import annotations

import ast
import gc
import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

import click

from slo.nearest import did_you_mean


class Folder(click.Group):
    """The commands in a folder; only the one that runs is imported."""

    folder: ModuleType

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name: the names of the files."""
        return sorted(self.files())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        return None if cmd_name not in self.files() else self.imported(cmd_name).COMMAND

    def imported(self, name: str) -> ModuleType:
        """The file of that command, imported now."""
        gc.disable()  # imports make much and free nothing: looking for garbage would take 5 %
        try:
            return import_module(f"{self.folder.__name__}.{self.files()[name].stem}")
        finally:
            gc.freeze()  # what was imported stays: nothing later need look through it again
            gc.enable()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word means; a wrong word is told the nearest right one."""
        word = args[0]
        if word not in self.files():
            guess = did_you_mean(word, self.files())
            raise click.UsageError(f'there is no command "{word}"{guess}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the first lines of their files; nothing is imported."""
        rows = [(name, _first_line(path)) for name, path in sorted(self.files().items())]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def files(self) -> dict[str, Path]:
        """The files of the folder by command: `import_.py` is `import`."""
        return {
            module.name.rstrip("_"): Path(self.folder.__path__[0]) / f"{module.name}.py"
            for module in pkgutil.iter_modules(self.folder.__path__)
        }


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".")
