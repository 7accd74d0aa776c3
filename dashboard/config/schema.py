"""The JSON Schema of config.toml, made from the models that check it: what editors read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from collectors import registry
from dashboard.config.tables import RootTable, SourceTable

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
    """The schema of the whole file, every source kind included."""
    schema = _as_written(RootTable.model_json_schema())
    kinds = [source_schema(kind) for kind in registry.kinds()]
    inner = [kind.pop("$defs", {}) for kind in kinds]
    schema["$defs"].pop("SourceTable")
    for definitions in (*inner, {"Secret": _SECRET}):
        schema["$defs"] |= definitions
    schema["properties"]["source"]["items"] = {"oneOf": kinds}
    schema["properties"]["store"]["anyOf"] = [{"type": "string"}, _REFERENCE]
    title = "The config.toml of burnline"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def source_schema(kind: str) -> Schema:
    """The schema of a `[[source]]` of one kind: the keys of every kind, and its own."""
    common = _as_written(SourceTable.model_json_schema())
    own = _as_written(
        registry.load(kind, where="the installed packages").options.model_json_schema()
    )
    return {
        **own,
        "title": kind,
        "properties": common["properties"] | own["properties"] | {"kind": {"const": kind}},
        "required": ["kind", *own.get("required", [])],
        "additionalProperties": False,
    }


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
    """The value of an example that is kept as it is written in TOML."""
    return tomllib.loads(f"x = {example}")["x"] if isinstance(example, str) else example
