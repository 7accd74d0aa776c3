"""Write a report of the last day, week, month or quarter, or list what is due when."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard import wiring
from dashboard.shell.invocation import Invocation
from dashboard.shell.judging import reading_options, say, say_json
from dashboard.shell.reporting import (
    Wish,
    by_hand,
    chosen,
    delivered,
    document,
    formats_of,
    listed,
)


@click.command(short_help="Write a report, or list what is due when.")
@click.argument("name", required=False)
@click.option("--format", "formats", help="Some of the formats, such as html,csv.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Another folder.")
@click.option("--deliver", is_flag=True, help="Hand it over as the schedule does: once a period.")
@reading_options
@click.pass_obj
def report(
    invocation: Invocation, /, name: str | None, as_of: int | None, **wanted: object
) -> None:
    """Write the report NAME about the last complete period, and print the paths of its files.

    The same store, configuration and period give the same bytes. What was issued on schedule is
    compared, and never written over. Without NAME: each report, and when it is due next.
    """
    config = wiring.configured(invocation.config_path)
    now = wiring.now() if as_of is None else as_of
    if name is None:
        with wiring.reader(config) as reader:
            deliveries = reader.deliveries()
        if wanted["as_json"]:
            say_json(document(config.reports, deliveries, now))
        else:
            say(listed(config.reports, deliveries, now) or ["no [[report]] is configured"])
        return
    _refuse_both(wanted)
    one = chosen(config, name)
    wish = Wish(one, formats_of(one, _text(wanted["formats"])), now, _path(wanted["out"]))
    paths = delivered(config, wish) if wanted["deliver"] else by_hand(config, wish)
    say([str(path) for path in paths])


def _refuse_both(wanted: dict[str, object]) -> None:
    if wanted["deliver"] and (wanted["out"] or wanted["formats"]):
        raise click.UsageError("--deliver writes all formats where the configuration says")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _path(value: object) -> Path | None:
    return value if isinstance(value, Path) else None


COMMAND = report
