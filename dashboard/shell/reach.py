"""How far back a command shall reach: a length of time, or the moment itself."""

from __future__ import annotations

import click

from dashboard import wiring
from dashboard.shell.moments import epoch_of
from slo.durations import seconds


class Reach(click.ParamType[int]):
    """`90d` or `2026-08-24T00:00:00Z` on the command line, as epoch seconds."""

    name = "reach"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The moment's epoch seconds; a text that means none ends the command."""
        if isinstance(value, int):
            return value
        text = str(value)
        try:
            return wiring.now() - seconds(text) if text.endswith(tuple("wdhms")) else epoch_of(text)
        except ValueError:
            self.fail(f'{text!r} is neither a length such as "90d" nor a moment', param, ctx)
