"""Source kinds are files of a folder or entry points; all keep one contract."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from collectors import registry, sources
from collectors.contract import SourceKind
from slo.errors import ConfigError

MODULE = """
from pydantic import BaseModel
from collectors.contract import SourceKind

class Options(BaseModel):
    pass

SOURCE = SourceKind("tea_leaves", Options, lambda named, options: None)
NOT_ONE = "a word"
"""


def register(folder: Path, kind: str, target: str) -> None:
    """An installed distribution with one entry point."""
    (folder / "leaves.py").write_text(MODULE)
    described = folder / "leaves-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: leaves\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text(f"[burnline.sources]\n{kind} = {target}\n")


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "leaves", raising=False)
    return tmp_path


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_kind_bears_the_name_of_its_file_and_refuses_unknown_keys(kind: str) -> None:
    found = registry.load(kind, where="here")

    assert isinstance(found, SourceKind)
    assert found.kind == kind
    assert issubclass(found.options, BaseModel)
    assert {key: found.options.model_config.get(key) for key in ("extra", "strict", "frozen")} == {
        "extra": "forbid",
        "strict": True,
        "frozen": True,
    }
    assert found.settle_s >= 0


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_key_of_every_kind_says_what_it_means(kind: str) -> None:
    options = registry.load(kind, where="here").options

    keys = options.model_json_schema()["properties"]
    assert [name for name, key in keys.items() if not key.get("description")] == []


def test_the_files_of_the_folder_are_the_kinds_that_are_built_in() -> None:
    files = {path.stem for path in Path(sources.__path__[0]).glob("[a-z]*.py")}

    assert files <= set(registry.kinds())
    assert {"files", "probe", "prometheus"} <= files


def test_an_unknown_kind_is_told_the_nearest_and_all_others() -> None:
    with pytest.raises(
        ConfigError, match=r'unknown source kind .prometeus. .did you mean "prometheus".'
    ) as caught:
        registry.load("prometeus", where="config.toml:2")

    assert caught.value.where == "config.toml:2"
    assert ", probe, prometheus" in caught.value.mend


def test_a_package_outside_registers_a_kind_by_an_entry_point(outside: Path) -> None:
    register(outside, "tea_leaves", "leaves:SOURCE")

    assert registry.knows("tea_leaves")
    assert "tea_leaves" in registry.kinds()
    assert registry.load("tea_leaves", where="here").kind == "tea_leaves"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("leaves:GONE", "cannot be loaded"),
        ("nowhere:SOURCE", "cannot be loaded"),
        ("leaves:NOT_ONE", "does not hold a SourceKind"),
    ],
)
def test_a_package_that_breaks_the_contract_is_named_with_a_mend(
    outside: Path, target: str, said: str
) -> None:
    register(outside, "tea_leaves", target)

    with pytest.raises(ConfigError, match=said) as caught:
        registry.load("tea_leaves", where="here")

    assert "package" in caught.value.mend


def test_a_kind_registered_under_another_name_than_its_own_is_refused(outside: Path) -> None:
    register(outside, "coffee", "leaves:SOURCE")

    with pytest.raises(ConfigError, match="does not hold a SourceKind of that name"):
        registry.load("coffee", where="here")
