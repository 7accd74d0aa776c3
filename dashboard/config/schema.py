"""The JSON Schema of config.toml, made from the models that check it: what editors read."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel

from collectors import registry
from dashboard.config.channel_table import AlertsTable, ChannelTable
from dashboard.config.measured import ONE_SIDED, reads_series
from dashboard.config.migration_tables import INNER, BesideTable, MetricTable, MigrationTable
from dashboard.config.policies import PolicyTable
from dashboard.config.report_table import ReportTable
from dashboard.config.tables import RootTable, SourceTable
from dashboard.measures import registry as measures
from dashboard.notify import registry as channels

Schema = dict[str, Any]

_PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
_SECRET: Schema = {
    "title": "Secret",
    "description": "The name of an environment variable, or a file that nobody else can read.",
    "type": "object",
    "properties": {"env": {"type": "string"}, "file": {"type": "string"}},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_REFERENCE: Schema = {"$ref": "#/$defs/Secret"}


def json_schema() -> Schema:
    """The schema of the whole file, every kind of source and of measure included."""
    schema = _as_written(RootTable.model_json_schema())
    schema["$defs"].pop("SourceTable")
    schema["properties"]["source"]["items"] = {
        "oneOf": [source_schema(kind) for kind in registry.kinds()]
    }
    schema["properties"]["migration"]["items"] = migration_schema()
    schema["properties"]["report"]["items"] = _as_written(ReportTable.model_json_schema())
    schema["properties"]["policy"]["items"] = _as_written(PolicyTable.model_json_schema())
    schema["properties"]["channel"]["items"] = {
        "oneOf": [channel_schema(kind) for kind in channels.kinds()]
    }
    schema["properties"]["alerts"] |= _as_written(AlertsTable.model_json_schema())
    schema["properties"]["store"]["anyOf"] = [{"type": "string"}, _REFERENCE]
    schema["$defs"] = _lifted(schema) | {"Secret": _SECRET}
    title = "The config.toml of burnline"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def source_schema(kind: str) -> Schema:
    """The schema of a `[[source]]` of one kind: the keys of every kind, and its own."""
    options = registry.load(kind, where="the installed packages").options
    return _of_kind(SourceTable, options, kind)


def channel_schema(kind: str) -> Schema:
    """The schema of a `[[channel]]` of one kind: the keys of every kind, and its own."""
    options = channels.load(kind, where="the installed packages").options
    return _of_kind(ChannelTable, options, kind)


def migration_schema() -> Schema:
    """The schema of a `[[migration]]`: its own keys, and the tables inside it."""
    schema: Schema = _as_written(MigrationTable.model_json_schema())
    kinds = {name: measures.load(name).options for name in measures.names()}
    series = {name: options for name, options in kinds.items() if reads_series(options)}
    inner = {key: _as_written(model.model_json_schema()) for key, model in INNER.items()}
    inner["metric"] = {"oneOf": [_of_kind(MetricTable, each, name) for name, each in kinds.items()]}
    inner["beside"] = {
        "oneOf": [_of_kind(BesideTable, each, name, ONE_SIDED) for name, each in series.items()]
    }
    for key, model in INNER.items():
        meaning = str(model.__doc__).partition("\n")[0]
        schema["properties"][key] = {"type": "array", "items": inner[key], "description": meaning}
    return schema


def _of_kind(
    common: type[BaseModel], options: type[BaseModel], kind: str, but: Collection[str] = ()
) -> Schema:
    """The schema of a table of one kind: the keys of every kind, and its own without some."""
    shared, own = (_as_written(model.model_json_schema()) for model in (common, options))
    keys = {key: value for key, value in own["properties"].items() if key not in but}
    needed = [key for key in own.get("required", []) if key not in but]
    return {
        **own,
        "$defs": shared.get("$defs", {}) | own.get("$defs", {}),
        "title": kind,
        "properties": shared["properties"] | keys | {"kind": {"const": kind}},
        "required": [*shared["required"], *needed],
        "additionalProperties": False,
    }


def _lifted(node: Any) -> Schema:
    """The definitions of all parts, taken out of them: references begin at the whole."""
    found: Schema = {}
    if isinstance(node, dict):
        found |= node.pop("$defs", {})
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found |= _lifted(part)
    return found


def _as_written(node: Any) -> Any:
    """The schema of what stands in the file: secrets are references, and there is no null."""
    match node:
        case {"format": "password", **rest}:
            return _REFERENCE | {key: rest[key] for key in ("title", "description") if key in rest}
        case {"additionalProperties": {"format": "password"}, **rest}:
            either = {"anyOf": [{"type": "string"}, _REFERENCE]}
            return {**_as_written(rest), "additionalProperties": either}
        case {"anyOf": [*choices], **rest} if {"type": "null"} in choices:
            left = [choice for choice in choices if choice != {"type": "null"}]
            return _as_written((left[0] if len(left) == 1 else {"anyOf": left}) | rest)
        case dict():
            return _literal({key: _as_written(value) for key, value in node.items()})
        case list():
            return [_as_written(item) for item in node]
        case _:
            return node


def _literal(node: Schema) -> Schema:
    """Examples as values, and no default that is kept otherwise than it is written."""
    examples, default = node.get("examples"), node.get("default")
    if isinstance(examples, list):
        node["examples"] = [_value(example) for example in examples]
    expected = _PYTHON.get(str(node.get("type")))
    if default is None or (expected and not isinstance(default, expected)):
        node.pop("default", None)
    return node


def _value(example: Any) -> Any:
    """The value of an example that is kept as it is written in TOML; a day is its text."""
    read = tomllib.loads(f"x = {example}")["x"] if isinstance(example, str) else example
    return json.loads(json.dumps(read, default=str))
