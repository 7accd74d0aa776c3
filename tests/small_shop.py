"""The small shop of which many tests promise something: one file of requests, and SLOs on them."""

from __future__ import annotations

import json


def a_source(name: str = "shop", **keys: str) -> str:
    """The table of a source that reads the requests of each minute from a file; more keys as TOML."""
    return (
        f'[[source]]\nkind = "files"\nname = "{name}"\n{_lines(keys)}'
        '[[source.file]]\npath = "requests.csv"\nholds = "requests"\n'
    )


def a_promise(
    name: str = "checkout", objective: str = "99.9", total: str = "requests", **keys: str
) -> str:
    """The table of an SLO on them; more keys as TOML."""
    return f"[[slo]]\nname = \"{name}\"\nobjective = {objective}\ntotal = '{total}'\n{_lines(keys)}"


def a_composite(name: str, objective: str, *members: str, **keys: str) -> str:
    """The table of an SLO that is as well as the worst of its members; more keys as TOML."""
    return (
        f'[[slo]]\nname = "{name}"\nobjective = {objective}\ncomposite = "worst-member"\n'
        f"members = {json.dumps(members)}\n{_lines(keys)}"
    )


def _lines(keys: dict[str, str]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in keys.items())


SOURCE = a_source()
SHOP = SOURCE + a_promise()
"""A configuration with one objective, whose facts need not be there."""
