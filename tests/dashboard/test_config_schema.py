"""The JSON Schema accepts what the models accept and shows secrets as references."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from collectors import registry
from dashboard.config.schema import json_schema

EIGHT_LINES = """
[[source]]
kind = "prometheus"
url = "http://127.0.0.1:9090"
token = { env = "TOKEN" }
headers = { X-Scope-OrgID = "team-a" }
[[slo]]
name = "checkout-latency"
objective = 95
histogram = 'http_request_duration_seconds_bucket{job="checkout"}'
latency = "500ms"
"""


def complaints(text: str) -> list[str]:
    checker = jsonschema.Draft202012Validator(json_schema())
    return [error.json_path for error in checker.iter_errors(tomllib.loads(text))]


def test_the_schema_is_valid_and_knows_every_kind_of_source() -> None:
    schema = json_schema()

    jsonschema.Draft202012Validator.check_schema(schema)
    kinds = [kind["title"] for kind in schema["properties"]["source"]["items"]["oneOf"]]
    assert kinds == list(registry.kinds())


def test_the_schema_accepts_what_burnline_accepts() -> None:
    shipped = Path(__file__).resolve().parents[2] / "config.toml"

    assert complaints(EIGHT_LINES) == []
    assert complaints(shipped.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("right", "wrong", "path"),
    [
        ("objective", "objectve", "$.slo[0]"),
        ("95", "0.95", "$.slo[0].objective"),
        ('"500ms"', '"500"', "$.slo[0].latency"),
        ('{ env = "TOKEN" }', '"hunter2"', "$.source[0]"),
        ('"prometheus"', '"prometeus"', "$.source[0]"),
    ],
)
def test_the_schema_refuses_what_burnline_refuses(right: str, wrong: str, path: str) -> None:
    assert path in complaints(EIGHT_LINES.replace(right, wrong, 1))


def test_no_key_may_be_null_because_toml_has_none_and_every_key_says_what_it_means() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert node.get("type") != "null"
            assert node.get("default", "") is not None
            for name, value in node.get("properties", {}).items():
                assert value.get("description") or "const" in value or name in {"env", "file"}, name
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(json_schema())


MIGRATION = """
[delivery]
fail_within = "12h"
[[migration]]
name = "cloud"
before = ["2025-01-01", "2025-07-01"]
after = ["2025-10-01", "2026-04-01"]
confidence = 95
[[migration.metric]]
id = "p95"
kind = "latency_quantile"
samples = 'request_seconds{service="api"}'
goal = "< 500ms"
[[migration.service]]
name = "checkout"
cutover = "2025-08-14"
[[migration.beside]]
title = "checkout"
kind = "latency_quantile"
old = 'request_seconds{side="old"}'
new = 'request_seconds{side="new"}'
[[migration.break]]
at = "2025-03-01"
text = "fewer are published"
[[report]]
name = "moved"
about = "migration"
"""


def test_the_schema_knows_a_migration_with_every_table_inside_it() -> None:
    assert complaints(MIGRATION) == []


@pytest.mark.parametrize(
    ("right", "wrong", "path"),
    [
        ("fail_within", "fails_within", "$.delivery"),
        ('"2025-01-01", ', "", "$.migration[0].before"),
        ("confidence = 95", "confidence = 0.95", "$.migration[0].confidence"),
        ('"latency_quantile"', '"latency"', "$.migration[0].metric[0]"),
        ("samples =", "sample =", "$.migration[0].metric[0]"),
        ('"2025-08-14"', '"14 August"', "$.migration[0].service[0].cutover"),
        ('at = "2025-03-01"\n', "", "$.migration[0].break[0]"),
        ('"migration"', '"cloud"', "$.report[0].about"),
    ],
)
def test_the_schema_refuses_a_migration_that_burnline_refuses(
    right: str, wrong: str, path: str
) -> None:
    assert path in complaints(MIGRATION.replace(right, wrong, 1))
