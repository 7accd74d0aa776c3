"""What the keys of a table mean: the texts below its fields, read from its source when asked.

Pydantic can read them itself, but does so whenever the class is made: every command would wait
for what the schema and the reference alone show.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler
from pydantic_core import CoreSchema


def described(table: type) -> Mapping[str, str]:
    """The text that stands below each field, by the field's name: its own before those of its bases."""
    found: dict[str, str] = {}
    for one in table.__mro__[: table.__mro__.index(Described)]:
        for name, text in _below(one).items():
            found.setdefault(name, text)
    return found


def _below(table: type) -> Mapping[str, str]:
    """The texts that stand in the class itself."""
    (written,) = ast.parse(textwrap.dedent(inspect.getsource(table))).body
    assert isinstance(written, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(below.value.value)
        for field, below in pairwise(written.body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
        and isinstance(below.value.value, str)
    }


class Described(BaseModel):
    """A table that refuses unknown keys and wrong types, each key's meaning below its field."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema with the meaning of each key, the table's own keys first."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        meanings, keys = described(cls), schema["properties"]
        for name, meaning in meanings.items():
            keys[name]["description"] = meaning
        schema["properties"] = {name: keys[name] for name in (*meanings, *keys)}
        return schema
