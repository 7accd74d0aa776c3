"""What the configuration may hold."""

from __future__ import annotations

import click
import orjson

from dashboard.config.schema import json_schema


@click.group(help="What the configuration may hold.")
def _config() -> None:
    pass


@_config.command("schema")
def _schema() -> None:
    """Print the JSON Schema of config.toml, for editors."""
    click.echo(orjson.dumps(json_schema(), option=orjson.OPT_INDENT_2))


COMMAND = _config
