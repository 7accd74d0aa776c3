"""Write docs/configuration.md: every key of config.toml, from the models that check it.

python -m tools.reference            writes the file
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from collectors import registry
from dashboard.config import (
    channel_table,
    corrections,
    delivery_table,
    migration_tables,
    policies,
    report_table,
    slo_table,
    tables,
)
from dashboard.config.schema import migration_schema
from dashboard.measures import registry as measures
from dashboard.notify import registry as channels
from slo.spans import RollingWindow

PATH = Path(__file__).resolve().parent.parent / "docs" / "configuration.md"
HEAD = """# Configuration

Written by `make reference` from the models that check the file; a test keeps it true.
Lengths of time carry their unit (`"500ms"`, `"5m"`, `"30d"`), objectives are percentages as
people say them (`99.95`), a secret is `{ env = "NAME" }` or `{ file = "path" }`.
`burnline config schema` prints the same as JSON Schema, for editors.
"""
TABLES: Mapping[str, type[BaseModel]] = {
    "top level": tables.RootTable,
    "[[service]]": tables.ServiceTable,
    "[[source]], every kind": tables.SourceTable,
    "[[slo]]": slo_table.SloTable,
    "[[slo.alert]]": slo_table.AlertTable,
    "[[policy]]": policies.PolicyTable,
    "[[policy.step]]": policies.StepTable,
    "[[report]]": report_table.ReportTable,
    "[delivery]": delivery_table.DeliveryTable,
    "[corrections]": corrections.CorrectionsTable,
    "[alerts]": channel_table.AlertsTable,
    "[[channel]], every kind": channel_table.ChannelTable,
}
WORDS = {
    "string": "text",
    "object": "table",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
}
_TABLES = "tables of their own"

Schema = dict[str, Any]


def text() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, model in TABLES.items():
        parts += _model(title, model)
    for kind in registry.kinds():
        options = registry.load(kind, where="the reference").options
        parts += _model(f'[[source]], kind = "{kind}"', options)
    for kind in channels.kinds():
        options = channels.load(kind, where="the reference").options
        parts += _model(f'[[channel]], kind = "{kind}"', options)
    parts += _migration()
    return "\n".join(parts)


def _migration() -> Iterator[str]:
    """The sections of a migration, of the tables inside it, and of each kind of measure."""
    yield from _section("[[migration]]", migration_schema())
    for key, model in migration_tables.INNER.items():
        kinds = ", every kind" if "kind" in model.model_fields else ""
        yield from _section(f"[[migration.{key}]]{kinds}", model.model_json_schema())
    for kind in measures.names():
        schema = measures.load(kind).options.model_json_schema()
        yield from _section(f'[[migration.metric]], kind = "{kind}"', schema)


def _model(title: str, model: type[BaseModel]) -> Iterator[str]:
    """The section of one table, and of the tables that only stand inside it."""
    schema = model.model_json_schema()
    yield from _section(title, schema)
    if title in TABLES:
        return
    for key, value in schema["properties"].items():
        name = value.get("items", {}).get("$ref", "").rpartition("/")[2]
        if name:
            yield from _section(f"[[source.{key}]]", schema["$defs"][name])


def _section(title: str, schema: Schema) -> Iterator[str]:
    yield f"## `{title}`\n"
    if description := schema.get("description"):
        yield f"{_line(description)}\n"
    yield "| key | value | without it | meaning |\n|---|---|---|---|"
    required = schema.get("required", [])
    for key, value in schema.get("properties", {}).items():
        without = "**required**" if key in required else _default(value)
        yield f"| `{key}` | {_type(value)} | {without} | {_line(value.get('description', ''))} |"
    yield ""


def _type(schema: Schema) -> str:
    """What may be written, in words."""
    if "$ref" in schema:
        return _named(schema["$ref"])
    if options := schema.get("enum"):
        return " ".join(f"`{option}`" for option in options)
    if "anyOf" in schema:
        kinds = [_type(each) for each in schema["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if schema.get("type") == "array":
        return _several(schema)
    return _word(schema)


def _several(schema: Schema) -> str:
    """What stands in a list, in words."""
    items = schema.get("items", {})
    inner = _TABLES if not items or {"oneOf", "properties"} & items.keys() else _type(items)
    if schema.get("minItems") == schema.get("maxItems", 0):
        return f"list of {schema['minItems']} {inner}s"
    return inner if inner == _TABLES else f"list of {inner}"


def _word(schema: Schema) -> str:
    if schema.get("format") == "password":
        return "secret"
    if schema.get("format") == "date":
        return "day"
    if "pattern" in schema:
        return "length of time"
    return WORDS.get(schema.get("type", ""), "text or secret")


def _named(reference: str) -> str:
    name = reference.rpartition("/")[2]
    return _TABLES if name.endswith("Table") else "one of the words"


def _default(schema: Schema) -> str:
    value = schema.get("default")
    if value is None or value in ("", [], {}):
        return "–"
    if "pattern" in schema and isinstance(value, int):
        return f"`{RollingWindow(value).kind}`"
    if schema.get("type") == "number" and isinstance(value, str):
        return f"`{Fraction(value) * 100}`"  # a share, written as a percentage
    if isinstance(value, list | bool):
        return f"`{json.dumps(value, ensure_ascii=False)}`"
    return f"`{value}`"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PATH.write_text(text())
    sys.stdout.write(f"{PATH} written\n")
